@echo off
rem Starts the command line. Builds it first if it is not built, or if its sources have changed since.
rem Written after the launcher p2pchat. It was not run on Windows.
rem
rem JAVA_HOME               the JDK to build and run with; without it, the java on the PATH
rem P2PCHAT_JAVA_OPTS       further options for the JVM
rem MAVEN_ARGS, MAVEN_OPTS  as Maven reads them
setlocal EnableExtensions DisableDelayedExpansion

set "ROOT=%~dp0"
set "OUT=%ROOT%p2pchat-cli\target\launcher"
set "JAR=%OUT%\p2pchat.jar"

set "JDK=%JAVA_HOME%"
set "JAVA=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME if not exist "%JAVA%" goto bad_java_home
if not defined JAVA_HOME for %%j in (java.exe) do set "JAVA=%%~$PATH:j"
if not defined JAVA goto no_java
if not defined JAVA_HOME for %%d in ("%JAVA%\..\..") do set "JDK=%%~fd"

rem The file "release" of a JDK has its version. No JVM has to start for it.
set "VERSION="
for %%k in (JAVA_VERSION JAVA_RUNTIME_VERSION) do if exist "%JDK%\release" (
  for /f "usebackq tokens=1,* delims==" %%a in ("%JDK%\release") do if "%%a"=="%%k" set "VERSION=%%~b"
)
if not exist "%JDK%\release" (
  for /f "tokens=3" %%v in ('call "%JAVA%" -version 2^>^&1 ^| findstr /c:" version "') do set "VERSION=%%~v"
)
set "MAJOR=17"
for /f "tokens=1,2 delims=.-+_" %%a in ("%VERSION%") do if "%%a"=="1" (set "MAJOR=%%b") else (set "MAJOR=%%a")
if %MAJOR% LSS 17 goto old_java

rem The client compiler and the serial collector start fastest.
set "OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable"
if not defined VERSION set "VERSION=unknown"
set "ARCHIVE=%OUT%\p2pchat-%VERSION%.jsa"

set "STALE="
call :is_fresh || set "STALE=1"
if not defined STALE if exist "%ARCHIVE%" goto ready
if not exist "%OUT%" mkdir "%OUT%" 2>nul
set "PROBE=%OUT%\probe-%RANDOM%"
(type nul >"%PROBE%") 2>nul || if defined STALE (goto no_out) else goto ready
del "%PROBE%"

rem The lock is a file that is open for writing, which only one start can have. It ends with its owner and the owner's
rem children. The message that it is in use goes to nul, and handle 8 keeps standard error for :make.
set "SECONDS=0"
:acquire_lock
set "OWNER="
set "MADE="
( ( ( set "OWNER=1" & call :make ) 2>&8 ) 9>"%OUT%\owner" ) 8>&2 2>nul
if defined MADE goto ready
if defined OWNER exit /b 1
if %SECONDS%==0 1>&2 echo p2pchat: another start of p2pchat is building, waiting for it ...
set /a SECONDS+=1
if %SECONDS% GEQ 600 goto stuck
ping -n 2 127.0.0.1 >nul
goto acquire_lock

:ready
rem The build has noted what the jar says. This needs no JVM.
for %%v in (--version -V) do if "%~1"=="%%v" if "%~2"=="" if not defined P2PCHAT_JAVA_OPTS goto version
:start
set "SHARED="
for %%f in ("%ARCHIVE%") do if exist "%%~f" if not "%%~zf"=="0" set SHARED="-XX:SharedArchiveFile=%ARCHIVE%"
"%JAVA%" %OPTIONS% %P2PCHAT_JAVA_OPTS% %SHARED% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
:version
if not exist "%OUT%\version" goto start
for %%f in ("%OUT%\version") do if "%%~zf"=="0" goto start
type "%OUT%\version"
exit /b 0

rem Directories count too: the time of a directory is when a file in it was added, removed or renamed.
:is_fresh
if not exist "%JAR%" exit /b 1
powershell -NoProfile -NonInteractive -Command "$t = (Get-Item -LiteralPath $env:JAR).LastWriteTimeUtc; $s = 'pom.xml','p2pchat-core\pom.xml','p2pchat-cli\pom.xml','p2pchat-core\src\main','p2pchat-cli\src\main' | ForEach-Object { $p = Join-Path $env:ROOT $_; Get-Item -LiteralPath $p; if ($p -notlike '*.xml') { Get-ChildItem -LiteralPath $p -Recurse } }; if ($s | Where-Object { $_.LastWriteTimeUtc -gt $t }) { exit 10 }" <nul
if errorlevel 10 if not errorlevel 11 exit /b 1
exit /b 0

:make
call :is_fresh || call :build || exit /b 1
if not exist "%ARCHIVE%" call :train
set "MADE=1"
exit /b 0

rem The jar is moved into place. It gets the time at which Maven was started: what is edited during the build is newer.
:build
if not exist "%JDK%\bin\javac.exe" if defined JAVA_HOME goto no_jdk
if not exist "%JDK%\bin\javac.exe" where /q javac || goto no_jdk
where /q mvn || goto no_maven
if exist "%JDK%\release" if exist "%JDK%\bin\javac.exe" set "JAVA_HOME=%JDK%"
set "MAVEN="
for /f "tokens=3" %%v in ('mvn -B -v 2^>nul ^<nul ^| findstr /c:"Apache Maven "') do set "MAVEN=%%v"
if not defined MAVEN goto unknown_maven
for /f "tokens=1,2 delims=." %%a in ("%MAVEN%") do (
  if %%a LSS 3 goto old_maven
  if %%a EQU 3 if %%b LSS 8 goto old_maven
)
rem Newer ones read it themselves.
set "ARGS="
if "%MAVEN:~0,4%"=="3.8." set "ARGS=%MAVEN_ARGS%"
1>&2 echo p2pchat: building, this takes a minute the first time ...
for %%d in ("%OUT%\build" "%ROOT%p2pchat-core\target\launcher\build") do if exist "%%~d" rmdir /s /q "%%~d"
echo started>"%OUT%\started"
pushd "%ROOT%"
call mvn %ARGS% -q -B -ntp -Dp2pchat.launcher -Dmaven.test.skip package -pl p2pchat-cli -am >"%OUT%\build.log" 2>&1 <nul
set "STATUS=%ERRORLEVEL%"
popd
if not "%STATUS%"=="0" goto build_failed
del /f /q "%OUT%\p2pchat-*.jsa" 2>nul
"%JAVA%" -jar "%OUT%\build\p2pchat.jar" --version >"%OUT%\version" <nul || type nul >"%OUT%\version"
powershell -NoProfile -NonInteractive -Command "(Get-Item -LiteralPath (Join-Path $env:OUT 'build\p2pchat.jar')).LastWriteTimeUtc = (Get-Item -LiteralPath (Join-Path $env:OUT 'started')).LastWriteTimeUtc" <nul
move /y "%OUT%\build\p2pchat.jar" "%JAR%" >nul 2>&1 || goto in_use
exit /b 0

rem Makes the archive of loaded classes; an empty file where the JVM cannot. The environment is meant for p2pchat alone.
:train
setlocal
for /f "delims==" %%v in ('set P2PCHAT_ 2^>nul') do set "%%v="
for %%v in (JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS) do set "%%v="
del /f /q "%OUT%\archive.new" 2>nul
( "%JAVA%" %OPTIONS% "-XX:DumpLoadedClassList=%OUT%\classes" -cp "%JAR%" io.p2pchat.cli.CdsTraining && "%JAVA%" %OPTIONS% -Xshare:dump "-XX:SharedClassListFile=%OUT%\classes" "-XX:SharedArchiveFile=%OUT%\archive.new" -cp "%JAR%" ) >"%OUT%\archive.log" 2>&1 <nul || type nul >"%OUT%\archive.new"
del /f /q "%OUT%\classes" 2>nul
if not exist "%OUT%\archive.new" type nul >"%OUT%\archive.new"
move /y "%OUT%\archive.new" "%ARCHIVE%" >nul 2>&1
exit /b 0
:no_java
1>&2 echo p2pchat: Java was not found; install a JDK 17 or newer, or set JAVA_HOME to one.& exit /b 1
:bad_java_home
1>&2 echo p2pchat: JAVA_HOME is "%JAVA_HOME%", where there is no bin\java.exe; set it to a JDK 17 or newer.& exit /b 1
:old_java
1>&2 echo p2pchat: Java 17 or newer is needed; "%JAVA%" is version %VERSION%.& exit /b 1
:no_out
1>&2 echo p2pchat: it has to be built first, and "%OUT%" cannot be written.& exit /b 1
:stuck
1>&2 echo p2pchat: the other build does not end.& exit /b 1
:no_jdk
1>&2 echo p2pchat: it has to be built first, and "%JDK%" is no JDK (no javac); install a JDK 17 or newer, or set JAVA_HOME to one.& exit /b 1
:no_maven
1>&2 echo p2pchat: it has to be built first, and Maven was not found; install Maven 3.8 or newer (the command mvn).& exit /b 1
:unknown_maven
1>&2 echo p2pchat: 'mvn -v' does not say its version; p2pchat is built with Maven 3.8 or newer.& exit /b 1
:old_maven
1>&2 echo p2pchat: Maven 3.8 or newer is needed; mvn is version %MAVEN%.& exit /b 1
:build_failed
1>&2 type "%OUT%\build.log"
1>&2 echo p2pchat: the build failed, see above (also in "%OUT%\build.log").& exit /b 1
:in_use
1>&2 echo p2pchat: the new build cannot be put in place while another p2pchat is running; end that one first.& exit /b 1
