package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.cli.chat.ChatView;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Does once, in one JVM, what the program is started for, so that the JVM can be told to keep what
 * it loaded for the starts to come: a class-data archive. It talks over loopback and with itself
 * only, and keeps its keys in a directory that it removes. The exit status is 0 when all went well.
 */
public final class CdsTraining {
  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;

  private CdsTraining(Path directory) {
    this.directory = directory;
  }

  /**
   * Runs it and ends the process.
   *
   * @param args are not looked at
   * @throws IOException if there can be no directory for keys, or no terminal
   */
  public static void main(String[] args) throws IOException {
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(() -> Runtime.getRuntime().halt(ExitStatus.FAILED));
    Path directory = Files.createTempDirectory("p2pchat-training");
    try {
      new CdsTraining(directory).run();
    } finally {
      remove(directory);
    }
    System.exit(ExitStatus.OK);
  }

  private void run() throws IOException {
    Main.main(new String[] {"--version"});
    execute(silence(), "--help");
    withListener((at, end) -> executeAtNode(silence(), "send", at, "hello"));
    withListener(this::chat);
  }

  private interface Talk {
    /** Says something to that address; {@code end} completes when it has arrived. */
    void to(String address, CompletableFuture<Void> end) throws IOException;
  }

  /** Has one message said to somebody who listens. */
  private void withListener(Talk talk) throws IOException {
    try (PipedInputStream said = new PipedInputStream();
        PrintStream says = new PrintStream(new PipedOutputStream(said), true, UTF_8);
        BufferedReader lines = new BufferedReader(new InputStreamReader(said, UTF_8))) {
      StdStreams streams = new StdStreams(silence().in(), silence().out(), new LineOutput(says));
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(() -> executeAtNode(streams, "listen", "--count", "1"));
      // "Listening on port N as ..."
      String port = String.valueOf(lines.readLine()).replaceAll("\\D+(\\d+) .*", "$1");
      talk.to("127.0.0.1:" + port, end);
      end.join();
    }
  }

  private void chat(String address, CompletableFuture<Void> end) throws IOException {
    TrustNotices news = new TrustNotices(Optional.empty());
    try (PipedInputStream typed = new PipedInputStream();
        PrintStream keyboard = new PrintStream(new PipedOutputStream(typed), true, UTF_8);
        ChatView chat = ChatView.openOn(typed, OutputStream.nullOutputStream());
        PeerNode node =
            PeerNode.builder()
                .teamName("chat")
                .bindAddress("127.0.0.1")
                .security(Security.opportunistic().with(Trust.pinned(directory.resolve("chat"))))
                .listener(event -> chat.show(event, news))
                .start()) {
      keyboard.print("/help\r/msg " + address + " hello\r/peers\r");
      end.thenRun(() -> keyboard.print("/quit\r"));
      chat.run(node, news, directory);
    }
  }

  private void executeAtNode(StdStreams streams, String command, String... args) {
    List<String> all = new ArrayList<>(List.of(command, "--team", command, "--port", "0"));
    all.addAll(List.of("--bind", "127.0.0.1", "--security", "opportunistic"));
    all.addAll(List.of("--data-dir", directory.resolve(command).toString()));
    all.addAll(List.of(args));
    execute(streams, all.toArray(String[]::new));
  }

  private static void execute(StdStreams streams, String... args) {
    int status = Main.commandLine(streams).execute(args);
    if (status != ExitStatus.OK) {
      throw new IllegalStateException(args[0] + " ended with status " + status);
    }
  }

  private static StdStreams silence() {
    LineOutput nowhere =
        new LineOutput(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    return new StdStreams(
        new BufferedReader(new InputStreamReader(InputStream.nullInputStream(), UTF_8)),
        nowhere,
        nowhere);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
