package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.MessageStore;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.cli.chat.ChatView;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.cli.output.Utf8Input;
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
 * Runs the common commands once in one JVM, so that the JVM can archive the loaded classes for
 * later starts. Uses loopback only. Deletes its keys at the end. The exit status is 0 after
 * success.
 */
public final class CdsTraining {
  private static final long TIMEOUT_SECONDS = 60;

  private final Path directory;

  private CdsTraining(Path directory) {
    this.directory = directory;
  }

  /**
   * Runs the training and ends the process.
   *
   * @param args ignored
   * @throws IOException if no directory for keys or no terminal can be created
   */
  public static void main(String[] args) throws IOException {
    CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS)
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
    execute(noStreams(), "--help");
    withListener((address, end) -> executeAtNode(noStreams(), "send", address, "hello"));
    withListener(this::chat);
  }

  private interface Sender {
    /** Sends a message to the address; {@code end} completes when it has arrived. */
    void send(String address, CompletableFuture<Void> end) throws IOException;
  }

  /** Sends one message to a listener. */
  private void withListener(Sender sender) throws IOException {
    try (PipedInputStream printed = new PipedInputStream();
        PrintStream err = new PrintStream(new PipedOutputStream(printed), true, UTF_8);
        BufferedReader lines = new BufferedReader(new InputStreamReader(printed, UTF_8))) {
      StdStreams streams = new StdStreams(noStreams().in(), noStreams().out(), new LineOutput(err));
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(() -> executeAtNode(streams, "listen", "--count", "1"));
      // "Listening on port N as ..."
      String port = String.valueOf(lines.readLine()).replaceAll("\\D+(\\d+) .*", "$1");
      sender.send("127.0.0.1:" + port, end);
      end.join();
    }
  }

  private void chat(String address, CompletableFuture<Void> end) throws IOException {
    TrustNotices notices = new TrustNotices(Optional.empty());
    Path data = directory.resolve("chat");
    try (MessageStore history = HistoryStore.open(data);
        PipedInputStream typed = new PipedInputStream();
        PrintStream keyboard = new PrintStream(new PipedOutputStream(typed), true, UTF_8);
        ChatView chat = ChatView.openOn(typed, OutputStream.nullOutputStream(), data);
        PeerNode node =
            PeerNode.builder()
                .teamName("chat")
                .bindAddress("127.0.0.1")
                .security(Security.opportunistic().with(Trust.pinned(data)))
                .store(HistoryStore.open(data))
                .listener(event -> chat.show(event, notices))
                .start()) {
      keyboard.print("/help\r/msg " + address + " hello\r/peers\r/history\r");
      end.thenRun(() -> keyboard.print("/quit\r"));
      chat.run(node, notices, (peer, key) -> List.of(), Optional.of(history));
    }
  }

  private void executeAtNode(StdStreams streams, String command, String... args) {
    List<String> all = new ArrayList<>(List.of(command, "--team", command, "--port", "0"));
    all.addAll(List.of("--bind", "127.0.0.1", "--security", "opportunistic", "--no-discovery"));
    all.addAll(List.of("--data-dir", directory.resolve(command).toString()));
    all.addAll(List.of(args));
    execute(streams, all.toArray(String[]::new));
  }

  private static void execute(StdStreams streams, String... args) {
    int status = Main.commandLineFor(streams, args).execute(args);
    if (status != ExitStatus.OK) {
      throw new IllegalStateException(args[0] + " ended with status " + status);
    }
  }

  private static StdStreams noStreams() {
    LineOutput discarded = new LineOutput(OutputStream.nullOutputStream());
    return new StdStreams(
        new Utf8Input(InputStream.nullInputStream(), line -> {}), discarded, discarded);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        removeFile(file);
      }
    }
  }

  private static void removeFile(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit(); // On Windows, the library of SQLite is in use.
    }
  }
}
