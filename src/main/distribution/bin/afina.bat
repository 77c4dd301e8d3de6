@echo off
rem Starts Afina. JAVA_HOME picks the Java, AFINA_OPTS adds options for it.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
if not defined OPT_OUT_TRACKING set "OPT_OUT_TRACKING=true"
set "ARCHIVE=%~dp0..\lib\afina.jsa"
set "CDS=-Xshare:auto"
if exist "%ARCHIVE%" set "CDS=-XX:SharedArchiveFile=%ARCHIVE%"
if defined AFINA_ARCHIVE_TO set "CDS=-XX:ArchiveClassesAtExit=%AFINA_ARCHIVE_TO%"
"%JAVA%" -Djava.awt.headless=true -XX:+UseParallelGC -XX:+ExitOnOutOfMemoryError -Xms192m -Xmn128m "%CDS%" -Xlog:cds=off -Xlog:cds+dynamic=off ^
  -Dai.djl.pytorch.num_threads=1 %AFINA_OPTS% -cp "%~dp0..\lib\*" io.afina.cli.Afina %*
