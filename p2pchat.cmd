@echo off
rem Starts the command line. Builds it first if it is not built, or if its sources have changed since.
rem
rem JAVA_HOME          the JDK to build and run with; without it, the java found on the PATH
rem P2PCHAT_JAVA_OPTS  further options for the JVM
setlocal EnableExtensions DisableDelayedExpansion

set "ROOT=%~dp0"
set "OUT=%ROOT%p2pchat-cli\target\launcher"
set "JAR=%OUT%\p2pchat.jar"
set "LOCK=%OUT%\lock"

if defined JAVA_HOME goto java_home
where /q java || goto no_java
set "JAVA=java"
set "JDK="
for %%j in (java.exe) do for %%d in ("%%~dp$PATH:j..") do set "JDK=%%~fd"
goto have_java
:java_home
set "JAVA=%JAVA_HOME%\bin\java.exe"
set "JDK=%JAVA_HOME%"
if not exist "%JAVA%" goto bad_java_home
:have_java

rem The file "release" of a JDK has its version. Without that file there is no archive of loaded classes.
set "VERSION="
if exist "%JDK%\release" for /f "usebackq tokens=1,* delims==" %%a in ("%JDK%\release") do if "%%a"=="JAVA_RUNTIME_VERSION" set "VERSION=%%~b"
set "ARCHIVE=%OUT%\p2pchat-%VERSION%.jsa"

set "WAITED=0"
:check
if not exist "%JAR%" goto build
powershell -NoProfile -NonInteractive -Command "$r = $env:ROOT; $t = (Get-Item -LiteralPath $env:JAR).LastWriteTimeUtc; $s = @('pom.xml','p2pchat-core\pom.xml','p2pchat-cli\pom.xml' | ForEach-Object { Get-Item -LiteralPath (Join-Path $r $_) }) + @('p2pchat-core\src\main','p2pchat-cli\src\main' | ForEach-Object { Get-ChildItem -LiteralPath (Join-Path $r $_) -Recurse }); if ($s | Where-Object { $_.LastWriteTimeUtc -gt $t }) { exit 10 }" <nul
if errorlevel 10 goto build
goto run

:build
set "JAVA_MAJOR="
for /f "tokens=3" %%v in ('call "%JAVA%" -version 2^>^&1 ^| findstr /c:" version "') do for /f "tokens=1,2 delims=.-+" %%a in ("%%~v") do if "%%a"=="1" (set "JAVA_MAJOR=%%b") else (set "JAVA_MAJOR=%%a")
if defined JAVA_MAJOR if %JAVA_MAJOR% LSS 17 goto old_java
if defined JAVA_HOME if not exist "%JAVA_HOME%\bin\javac.exe" goto no_jdk
if not defined JAVA_HOME where /q javac || goto no_jdk
where /q mvn || goto no_maven
if not exist "%OUT%" mkdir "%OUT%" 2>nul
mkdir "%LOCK%" 2>nul && goto locked
if %WAITED%==0 1>&2 echo p2pchat: another start of p2pchat is building, waiting for it ...
:wait
set /a WAITED+=1
if %WAITED% GEQ 600 goto stuck
ping -n 2 127.0.0.1 >nul
if exist "%LOCK%" goto wait
goto check
:locked
1>&2 echo p2pchat: building, this takes a minute the first time ...
if exist "%OUT%\build" rmdir /s /q "%OUT%\build"
if exist "%ROOT%p2pchat-core\target\launcher\build" rmdir /s /q "%ROOT%p2pchat-core\target\launcher\build"
pushd "%ROOT%"
call mvn -q -B -ntp -Dp2pchat.launcher -Dmaven.test.skip package -pl p2pchat-cli -am >"%OUT%\build.log" 2>&1 <nul
set "STATUS=%ERRORLEVEL%"
popd
if not "%STATUS%"=="0" goto build_failed
move /y "%OUT%\build\p2pchat.jar" "%JAR%" >nul 2>&1 || goto in_use
del /f /q "%OUT%\p2pchat-*.jsa" 2>nul
rmdir "%LOCK%" 2>nul

:run
if not defined VERSION goto run_without
if exist "%ARCHIVE%" goto run_with
mkdir "%LOCK%" 2>nul || goto run_without
"%JAVA%" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable "-XX:ArchiveClassesAtExit=%OUT%\archive.new" -cp "%JAR%" io.p2pchat.cli.CdsTraining >"%OUT%\archive.log" 2>&1 <nul || del /f /q "%OUT%\archive.new" 2>nul
if not exist "%OUT%\archive.new" type nul >"%OUT%\archive.new"
move /y "%OUT%\archive.new" "%ARCHIVE%" >nul 2>&1
rmdir "%LOCK%" 2>nul
:run_with
for %%f in ("%ARCHIVE%") do if "%%~zf"=="0" goto run_without
"%JAVA%" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable %P2PCHAT_JAVA_OPTS% "-XX:SharedArchiveFile=%ARCHIVE%" -jar "%JAR%" %*
exit /b %ERRORLEVEL%
:run_without
"%JAVA%" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable %P2PCHAT_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:build_failed
rmdir "%LOCK%" 2>nul
1>&2 type "%OUT%\build.log"
1>&2 echo p2pchat: the build failed, see above.
exit /b 1
:in_use
rmdir "%LOCK%" 2>nul
1>&2 echo p2pchat: the new build cannot be put in place while another p2pchat is running; end that one first.
exit /b 1
:stuck
1>&2 echo p2pchat: the other build does not end; if there is none, remove "%LOCK%".
exit /b 1
:no_java
1>&2 echo p2pchat: Java was not found; install a JDK 17 or newer, or set JAVA_HOME to one.
exit /b 1
:bad_java_home
1>&2 echo p2pchat: JAVA_HOME is "%JAVA_HOME%", where there is no bin\java.exe; set it to a JDK 17 or newer.
exit /b 1
:old_java
1>&2 echo p2pchat: Java 17 or newer is needed; this one is version %JAVA_MAJOR%.
exit /b 1
:no_jdk
1>&2 echo p2pchat: it has to be built first, and there is no javac; install a JDK 17 or newer, or set JAVA_HOME to one.
exit /b 1
:no_maven
1>&2 echo p2pchat: it has to be built first, and Maven was not found; install Maven 3.8 or newer.
exit /b 1
