package io.p2pchat.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A {@link BenchChild}, as its parent sees it. */
final class BenchChildProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  /** Touched before anything is measured: fresh memory is slow, in a virtual machine very slow. */
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  private final String role;
  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;

  private BenchChildProcess(int core, String role, List<String> options) throws IOException {
    this.role = role;
    this.process =
        new ProcessBuilder(Jvm.command(core, options, BenchChild.class, role))
            .redirectError(Redirect.INHERIT)
            .start();
    this.commands = new PrintWriter(process.outputWriter(), true);
    this.answers = process.inputReader();
  }

  static BenchChildProcess start(int core, String role) throws IOException {
    return new BenchChildProcess(core, role, HEAP);
  }

  static BenchChildProcess start(int core, String role, List<String> options) throws IOException {
    return new BenchChildProcess(core, role, options);
  }

  /**
   * Has it do something.
   *
   * @return what it answers
   * @throws IllegalStateException if it could not do it, or did not in two minutes
   */
  long[] ask(String command, long... args) throws IOException {
    StringJoiner line = new StringJoiner(" ").add(command);
    Arrays.stream(args).forEach(arg -> line.add(Long.toString(arg)));
    commands.println(line);
    CompletableFuture<?> patience = new CompletableFuture<>();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(
            () -> {
              if (!patience.isDone()) {
                process.destroyForcibly();
              }
            });
    String answer = answers.readLine();
    patience.complete(null);
    if (answer == null || !answer.startsWith("ok")) {
      throw new IllegalStateException(role + ": " + (answer == null ? "has ended" : answer));
    }
    return Arrays.stream(answer.split(" ")).skip(1).mapToLong(Long::parseLong).toArray();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
