package io.p2pchat.attacks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link Child}, as its parent sees it. */
final class ChildProcess implements AutoCloseable {
  private final String role;
  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;
  private final File log;

  private ChildProcess(String role, File log, Process process) {
    this.role = role;
    this.log = log;
    this.process = process;
    this.commands = new PrintWriter(process.outputWriter(), true);
    this.answers = process.inputReader();
  }

  static ChildProcess start(String role, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Child.class.getName(), role));
    File log = File.createTempFile("p2pchat-" + role + "-", ".log");
    log.deleteOnExit();
    return new ChildProcess(
        role, log, new ProcessBuilder(command).redirectError(Redirect.to(log)).start());
  }

  /**
   * Has it do something.
   *
   * @return what it answers
   * @throws IllegalStateException if it could not do it
   */
  long[] ask(Object... words) throws IOException {
    commands.println(String.join(" ", Arrays.stream(words).map(String::valueOf).toList()));
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok")) {
      throw new IllegalStateException(role + ": " + (answer == null ? "has ended" : answer));
    }
    return Arrays.stream(answer.split(" ")).skip(1).mapToLong(Long::parseLong).toArray();
  }

  /** What it has logged. */
  List<String> log() throws IOException {
    return Files.readAllLines(log.toPath());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
