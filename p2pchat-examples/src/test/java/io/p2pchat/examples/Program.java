package io.p2pchat.examples;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program in a process of its own, as a reader would run it. Its transcript is what it writes,
 * errors included. One that does not end in time is ended, and so is its transcript.
 */
final class Program implements AutoCloseable {
  private static final int MAX_SECONDS = 120;

  private final Process process;
  private final BufferedReader output;

  private Program(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output = process.inputReader();
    CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  /** Starts an example as the module that it is. */
  static Program startExample(Class<?> main, String... args) throws IOException {
    return start(
        List.of(
            "--enable-native-access=org.xerial.sqlitejdbc",
            "--module-path",
            join(mainClassPath()),
            "--module",
            "io.p2pchat.examples/" + main.getName()),
        args);
  }

  /** Starts a module's class, {@code module/class}. */
  static Program startModule(String modulePath, String main, String... args) throws IOException {
    return start(List.of("--module-path", modulePath, "--module", main), args);
  }

  /** Starts a class of the class path with {@code directory} in front. */
  static Program startOnClassPath(Path directory, String main, String... args) throws IOException {
    return start(
        List.of("--enable-native-access=ALL-UNNAMED", "--class-path", classPath(directory), main),
        args);
  }

  /** Starts an example on the class path of the tests, with options of the JVM. */
  static Program startOnClassPath(Class<?> main, List<String> options, String... args)
      throws IOException {
    List<String> what = new ArrayList<>(options);
    what.addAll(List.of("--class-path", join(mainClassPath()), main.getName()));
    return start(what, args);
  }

  /** Starts any command. */
  static Program startCommand(List<String> command) throws IOException {
    return new Program(command);
  }

  private static Program start(List<String> what, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // For a JVM that lives for a second.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dio.netty.leakDetection.level=paranoid");
    command.addAll(what);
    command.addAll(List.of(args));
    return new Program(command);
  }

  /** The class path of the tests, with {@code directory} in front. */
  static String classPath(Path directory) {
    return directory + File.pathSeparator + System.getProperty("java.class.path");
  }

  /** What the examples and their tests are made of, without the classes of tests. */
  static List<String> mainClassPath() {
    String classPath = System.getProperty("java.class.path");
    return Stream.of(classPath.split(File.pathSeparator)).filter(Program::isMain).toList();
  }

  /** Makes a path of entries. */
  static String join(List<String> entries) {
    return String.join(File.pathSeparator, entries);
  }

  private static boolean isMain(String entry) {
    return !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar");
  }

  /** The next line that the library has not logged; null if there is none. */
  @Nullable String nextLine() throws IOException {
    String line = output.readLine();
    while (line != null && isLogged(line)) {
      line = output.readLine();
    }
    return line;
  }

  /** All lines that are left, without those that the library has logged. */
  List<String> transcript() {
    return output.lines().filter(line -> !isLogged(line)).toList();
  }

  private static boolean isLogged(String line) {
    return line.contains(" INFO io.p2pchat.internal.") || line.contains(" org.jgroups.");
  }

  /** Types a line. */
  void type(String line) throws IOException {
    process
        .getOutputStream()
        .write((line + System.lineSeparator()).getBytes(Charset.defaultCharset()));
    process.getOutputStream().flush();
  }

  /** Ends its input, as Ctrl-D does. */
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Stops it, as Ctrl-C does. */
  void stop() {
    // Without closing its streams: the end of input would end it too.
    process.toHandle().destroy();
  }

  int exitStatus() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
