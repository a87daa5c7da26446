package io.p2pchat.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of this source tree, started by its launcher: {@code listen}, and {@code send}
 * to it over TLS. The first message makes the keys known on both sides.
 */
final class CommandLine implements AutoCloseable {
  private static final Path LAUNCHER = Path.of("..", "p2pchat");
  private static final Pattern LISTENING = Pattern.compile("Listening on port (\\d+) .*");

  private final Path directory;
  private final Process listener;
  private final int port;

  private CommandLine(Path directory, Process listener, int port) {
    this.directory = directory;
    this.listener = listener;
    this.port = port;
  }

  static boolean isThere() {
    return Files.isExecutable(LAUNCHER);
  }

  /** Starts {@code listen}. The launcher builds the command line first if it has to. */
  static CommandLine listen(Path directory) throws IOException {
    Process process = start("listen", "Listener", directory, Redirect.PIPE);
    for (String line : (Iterable<String>) process.errorReader().lines()::iterator) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.matches()) {
        return new CommandLine(directory, process, Integer.parseInt(listening.group(1)));
      }
    }
    throw new IllegalStateException("the command line does not listen");
  }

  private static Process start(
      String command, String team, Path directory, Redirect errors, String... message)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(LAUNCHER.toString(), command, "--no-discovery"));
    all.addAll(List.of("--team", team, "--data-dir", directory.resolve(team).toString()));
    all.addAll(List.of(message));
    return new ProcessBuilder(all).redirectOutput(Redirect.DISCARD).redirectError(errors).start();
  }

  /**
   * Returns the nanoseconds from the start of {@code send} to its end, with a status of success.
   */
  long send() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process sender =
        start("send", "Sender", directory, Redirect.DISCARD, "127.0.0.1:" + port, "hello");
    if (sender.waitFor() != 0) {
      throw new IllegalStateException("not delivered");
    }
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    listener.destroy();
  }
}
