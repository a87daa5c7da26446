@echo off
rem Starts the command line with the Java that lies beside it.
rem
rem P2PCHAT_JAVA_OPTS  further options for the JVM
setlocal EnableExtensions DisableDelayedExpansion
"%~dp0java.exe" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable --enable-native-access=org.jline.nativ,org.xerial.sqlitejdbc %P2PCHAT_JAVA_OPTS% -m io.p2pchat.cli/io.p2pchat.cli.Main %*
