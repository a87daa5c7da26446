package io.p2pchat.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small program with both ends in it, from its start to its first message delivered: once as it
 * is, and once with an archive of its classes (AppCDS). It measures {@code send} of the command
 * line too.
 */
final class ColdStart {
  private static final int STARTS_PER_BURST = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final BenchOptions options;
  private final Report report;
  private final String classPath;

  private ColdStart(BenchOptions options, Report report, String classPath) {
    this.options = options.withoutWarmUp();
    this.report = report;
    this.classPath = classPath;
  }

  static void run(BenchOptions options, Report report) throws Exception {
    Path directory = Files.createTempDirectory("p2pchat-bench");
    try {
      ColdStart coldStart = new ColdStart(options, report, Jars.classPath(directory));
      coldStart.compare("cold start, ms", List.of(), List.of());
      Path bare = directory.resolve("bare.jsa");
      Path chat = directory.resolve("chat.jsa");
      coldStart.millis(ColdBare.class, List.of("-XX:ArchiveClassesAtExit=" + bare));
      coldStart.millis(ColdChat.class, List.of("-XX:ArchiveClassesAtExit=" + chat));
      coldStart.compare("cold start with AppCDS, ms", use(bare), use(chat));
      coldStart.commandLine();
    } finally {
      delete(directory);
    }
  }

  private static List<String> use(Path archive) {
    if (!Files.exists(archive)) {
      throw new IllegalStateException("no archive of classes was made");
    }
    return List.of("-XX:SharedArchiveFile=" + archive);
  }

  private void compare(String what, List<String> bare, List<String> chat) throws Exception {
    Rounds.compare(
        options,
        report,
        what,
        millis -> fastest(() -> millis(ColdBare.class, bare)),
        millis -> fastest(() -> millis(ColdChat.class, chat)));
  }

  /** Beside bare Netty without a command line. */
  private void commandLine() throws Exception {
    if (!CommandLine.isThere()) {
      report.note("the command line was not measured: there is no launcher");
      return;
    }
    try (CommandLine commandLine = CommandLine.listen(ChatNodes.directory())) {
      commandLine.send();
      Rounds.compare(
          options,
          report,
          "./p2pchat send over TLS, ms",
          millis -> fastest(() -> millis(ColdBare.class, List.of())),
          millis -> fastest(() -> commandLine.send() / NANOS_PER_MILLI));
    }
  }

  /** Starts something once; returns milliseconds. */
  private interface Start {
    double millis() throws IOException, InterruptedException;
  }

  /** The fastest of some: what is slower has been disturbed. */
  private static double fastest(Start start) throws IOException, InterruptedException {
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < STARTS_PER_BURST; i++) {
      fastest = Math.min(fastest, start.millis());
    }
    return fastest;
  }

  private double millis(Class<?> main, List<String> jvmOptions)
      throws IOException, InterruptedException {
    List<String> command = Jvm.command(jvmOptions, classPath, main);
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    String delivered =
        process.inputReader().lines().filter(line -> line.matches("[0-9]+")).findFirst().orElse("");
    process.waitFor();
    if (delivered.isEmpty()) {
      throw new IllegalStateException(main.getSimpleName() + ": nothing was delivered");
    }
    // One clock for all processes, on Linux.
    return (Long.parseLong(delivered) - start) / NANOS_PER_MILLI;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
