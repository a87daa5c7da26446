package io.p2pchat.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real program in a process of its own, on pipes. It is a user of its own too: its data and its
 * configuration are in a new directory, unless it is told one, and never those of whoever runs the
 * tests.
 */
final class CliProcess implements AutoCloseable {
  private final Process process;
  private final PrintStream input;
  private final Optional<Path> ownHome;
  final Transcript out;
  final Transcript err;

  private CliProcess(Process process, Optional<Path> ownHome) {
    this.process = process;
    this.ownHome = ownHome;
    this.input = new PrintStream(process.getOutputStream(), false, StandardCharsets.UTF_8);
    this.out = Transcript.of(process.getInputStream());
    this.err = Transcript.of(process.getErrorStream());
  }

  static CliProcess start(String... args) {
    return run(commandLine(args));
  }

  /** Starts it where the user's data are in that directory, which others may share. */
  static CliProcess startAt(Path dataHome, String... args) {
    return run(commandLine(args), dataHome, Optional.empty());
  }

  /** Starts it where nothing says where the user's data are, but the home directory. */
  static CliProcess startAtHome(Path home, String... args) {
    ProcessBuilder builder = builder(commandLine(args), Path.of(""));
    builder.environment().put("HOME", home.toString());
    return run(builder, Optional.empty());
  }

  /** Starts it where the user's data and configuration are in that directory, with variables. */
  static CliProcess startWith(Map<String, String> variables, Path home, String... args) {
    ProcessBuilder builder = builder(commandLine(args), home);
    builder.environment().putAll(variables);
    return run(builder, Optional.empty());
  }

  /** Runs a line of a shell, in which {@code p2pchat} is the program. */
  static CliProcess startShell(Path dataHome, String line) {
    return run(List.of("sh", "-c", withProgram(line)), dataHome, Optional.empty());
  }

  /** The same with bash, for what only that has. */
  static CliProcess startBash(String script) {
    return run(List.of("bash", "--norc", "-c", withProgram(script)));
  }

  private static String withProgram(String script) {
    String program = "'" + String.join("' '", commandLine()) + "'";
    return "p2pchat() { " + program + " \"$@\"; }\n" + script;
  }

  /** Starts it with a heap that holds little more than the program. */
  static CliProcess startWithSmallHeap(String... args) {
    List<String> command = commandLine(args);
    command.add(1, "-Xmx32m");
    return run(command);
  }

  /** Starts the JVM with these arguments and those with which all of these start. */
  static CliProcess startJava(String... args) {
    List<String> command = new ArrayList<>(List.of(PackagedCli.JAVA));
    command.addAll(PackagedCli.FAST_START);
    command.addAll(List.of(args));
    return run(command);
  }

  /** Runs {@code listen} on any free port, its output going to {@code head -n 1}. */
  static CliProcess listenForOneLine() {
    String listen = "'" + String.join("' '", commandLine("listen")) + "'";
    return run(List.of("sh", "-c", "(" + listen + "; echo \"status $?\" >&2) | head -n 1"));
  }

  /** Writes lines to its standard input. */
  void type(Object... lines) {
    for (Object line : lines) {
      input.print(line + "\n");
    }
    input.flush();
  }

  void endInput() {
    input.close();
  }

  /** Sends SIGTERM. */
  void terminate() {
    // Without closing its streams: the end of input would end it too.
    process.toHandle().destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end and returns its status. */
  int awaitExit() {
    try {
      if (!process.waitFor(Transcript.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end; it printed:\n" + out + "\n" + err);
      }
      out.awaitAll();
      if (err.awaitAll().stream().anyMatch(line -> line.contains("LEAK:"))) {
        throw new AssertionError("a buffer leaked:\n" + err);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Waits for the end of standard error and returns it, but for the lines about newcomers, and that
   * a send waits, which says that it is slow.
   */
  List<String> errors() {
    return err.awaitAllAtAnySpeed().stream()
        .filter(line -> !line.contains(" is new; its key is "))
        .toList();
  }

  /**
   * Waits until it listens, and has greeted once, and returns the port; for the menu {@code on} is
   * its output. A process that has just begun may be so slow to greet, where much else runs, that
   * others take it for a program of the plain format.
   */
  int awaitPort(Transcript on) {
    String line = on.take("Listening on port ");
    int port = Integer.parseInt(line.replaceAll(".*Listening on port (\\d+) .*", "$1"));
    try {
      BareSocket.awaitGreeting(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return port;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    ownHome.ifPresent(CliProcess::remove);
  }

  private static CliProcess run(List<String> command) {
    try {
      Path home = Files.createTempDirectory("p2pchat-data");
      return run(command, home, Optional.of(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CliProcess run(List<String> command, Path dataHome, Optional<Path> ownHome) {
    return run(builder(command, dataHome), ownHome);
  }

  private static CliProcess run(ProcessBuilder builder, Optional<Path> ownHome) {
    try {
      return new CliProcess(builder.start(), ownHome);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder builder(List<String> command, Path dataHome) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    PackagedCli.setUp(builder.environment());
    builder.environment().put("XDG_DATA_HOME", dataHome.toString());
    builder.environment().put("XDG_CONFIG_HOME", dataHome.resolve("config").toString());
    builder.environment().put("APPDATA", dataHome.toString());
    return builder;
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> commandLine(String... args) {
    List<String> command = PackagedCli.command(PackagedCli.LEAKS);
    command.addAll(List.of(args));
    return command;
  }
}
