@echo off
rem Makes later starts faster: runs a short demo and keeps the classes that it loaded in lib\afina.jsa (application class-data
rem sharing). Run it once where Afina is installed, and again after another Java or another Afina was.
setlocal
set "ARCHIVE=%~dp0..\lib\afina.jsa"
set "AFINA_ARCHIVE_TO=%ARCHIVE%.part"
call "%~dp0afina.bat" demo --count 60 >nul
if not exist "%AFINA_ARCHIVE_TO%" exit /b 1
move /y "%AFINA_ARCHIVE_TO%" "%ARCHIVE%" >nul
