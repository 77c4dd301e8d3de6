@echo off
rem Starts Afina. JAVA_HOME picks the Java, AFINA_OPTS adds options for it.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
if not defined OPT_OUT_TRACKING set "OPT_OUT_TRACKING=true"
"%JAVA%" -Djava.awt.headless=true -XX:+UseParallelGC ^
  -Dai.djl.pytorch.num_threads=1 %AFINA_OPTS% -cp "%~dp0..\lib\*" io.afina.cli.Afina %*
