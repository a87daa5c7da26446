package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.KnownPeer;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerNode;
import io.p2pchat.TrustStore;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The chat on a screen, from the first question to the end. */
public final class ChatView implements AutoCloseable {
  private static final long DELAY_MILLIS = 500;
  private static final Duration PIPE_PENDING_DELAY = Duration.ofSeconds(6);
  private static final int TERMINATED = 128 + 15;

  private final Screen screen;
  private final ChatFormat format;
  private final ChatOutput output;
  private final Path dataDir;
  private final PeerNames names;
  private final PeerNumbers numbers = new PeerNumbers();
  private final PrintStream errors = System.err;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile @Nullable PresenceNotices presence;

  private ChatView(
      Screen screen, ChatFormat format, ChatOutput output, Path dataDir, PeerNames names) {
    this.screen = screen;
    this.format = format;
    this.output = output;
    this.dataDir = dataDir;
    this.names = names;
  }

  /**
   * Opens the terminal of this process, or its standard streams if it has none.
   *
   * @param colors whether to use colors on a terminal
   * @param dataDir the directory of the known peers, and for the input history
   */
  public static ChatView open(StdStreams streams, ColorMode colors, Path dataDir) {
    if (!TerminalSupport.isInteractive()) {
      ChatOutput output = new DelayedResults(streams.out(), PIPE_PENDING_DELAY);
      PeerNames none = new PeerNames(List::of);
      return new ChatView(new PipeScreen(streams), ChatFormat.forScripts(), output, dataDir, none);
    }
    Screen screen = TerminalSupport.isDumb() ? plain(streams.in()) : editor(streams.in());
    boolean colored = colors.areOn(screen.colors());
    return onTerminal(screen, colored, TerminalSupport.showsSigns(), dataDir);
  }

  private static ChatView onTerminal(Screen screen, boolean colored, boolean signs, Path dataDir) {
    OutputQueue output = new OutputQueue(screen::show);
    PeerNames names = new PeerNames(() -> knownPeers(dataDir));
    ChatView view =
        new ChatView(screen, new ChatFormat(colored, signs, names), output, dataDir, names);
    // A log line would disturb the line being edited.
    System.setErr(LogLines.to(output::log));
    return view;
  }

  /** Returns the known peers. If they cannot be read, the node refuses everybody and says why. */
  private static List<KnownPeer> knownPeers(Path dataDir) {
    try {
      return TrustStore.open(dataDir).knownPeers();
    } catch (TrustStoreException e) {
      return List.of();
    }
  }

  /**
   * Opens a pseudoterminal on these streams.
   *
   * @param dataDir the directory of the known peers, and for the input history
   * @throws IOException if the system cannot create one
   */
  public static ChatView openOn(InputStream in, OutputStream out, Path dataDir) throws IOException {
    return onTerminal(LineEditor.openOn(in, out), true, true, dataDir);
  }

  private static Screen editor(BufferedReader in) {
    try {
      return LineEditor.open();
    } catch (IOException e) {
      return plain(in);
    }
  }

  private static Screen plain(BufferedReader in) {
    return new PlainScreen(
        in, new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8));
  }

  /**
   * Asks until the answer is valid.
   *
   * @param reader throws {@link IllegalArgumentException} for a wrong answer; the message says why
   * @throws EndOfInputException at the end of input
   */
  public <T> T ask(String question, Function<String, T> reader) throws EndOfInputException {
    while (true) {
      try {
        return reader.apply(
            screen.ask(new Prompt(format.bold(question) + " ", Prompt.Kind.OTHER)).strip());
      } catch (IllegalArgumentException e) {
        screen.show(List.of(ChatFormat.safe(ResultText.reason(e))));
      } catch (CancelledException e) {
        // Asks again.
      }
    }
  }

  /** Returns whether people type here, and not a script. */
  public boolean isOnTerminal() {
    return format.isForPeople();
  }

  /** Shows an event. Waits while the output is full. */
  public void show(PeerEvent event, TrustNotices notices) {
    names.learn(event);
    PresenceNotices current = presence;
    if (current != null) {
      current.take(event);
    }
    if (event instanceof PeerActive) {
      numbers.remember(event.peer());
    }
    EventText.subject(event).ifPresent(numbers::remember);
    List<String> lines = new ArrayList<>(format.event(event));
    lines.addAll(format.notices(event, notices.of(event)));
    if (!lines.isEmpty()) {
      output.add(lines);
    }
  }

  /**
   * Chats until the user quits.
   *
   * @param examination what {@code /doctor} does
   * @param store the stored messages, or empty if there are none to show
   */
  public void run(
      PeerNode node, TrustNotices notices, Examination examination, Optional<MessageStore> store) {
    if (format.isForPeople()) {
      notePresence(node);
      screen.join(
          new InputCompletion(node, numbers, names), InputHistory.file(dataDir, node.teamName()));
    }
    PeerResolver resolver = new PeerResolver(node, numbers, names);
    PeerPrompt prompt = new PeerPrompt(resolver, numbers, node, screen, output, format);
    AddressConsent consent = new AddressConsent(() -> TrustStore.open(dataDir));
    ChatActions actions =
        new ChatActions(
            node,
            output,
            format,
            notices,
            numbers,
            consent,
            examination,
            new ChatHistory(store, output));
    new ChatLoop(node, screen, output, format, resolver, prompt, actions).run();
    if (format.isForPeople()) {
      showExitProgress(node.connectedPeers().size());
    }
  }

  private void notePresence(PeerNode node) {
    FoundPeers found = new FoundPeers(node);
    PresenceNotices started =
        new PresenceNotices(
            peer -> names.of(peer, found.sharesName(peer)),
            found::isActive,
            line -> output.offer(now -> List.of(format.notice(Instant.now(), line))),
            System::nanoTime,
            nanos -> CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS));
    presence = started;
    node.discoveredPeers().forEach(started::discovered);
  }

  /** Shows why quitting takes time: the node sends exit, and waits up to a second for an answer. */
  private void showExitProgress(int peers) {
    CompletableFuture.delayedExecutor(DELAY_MILLIS, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!closed.isDone()) {
                String whom = peers == 1 ? "1 connected peer" : peers + " connected peers";
                output.offer(
                    now -> List.of(format.notice(Instant.now(), "Sending exit to " + whom + " …")));
              }
            });
  }

  /**
   * Restores the terminal when a signal ends the process. If the terminal accepts no output, halts
   * instead of waiting for it.
   */
  public void restore() {
    Thread writer = new Thread(screen::restore, "p2pchat-restore");
    writer.setDaemon(true);
    writer.start();
    try {
      writer.join(DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      Runtime.getRuntime().halt(TERMINATED);
    }
  }

  @Override
  public void close() {
    closed.complete(null);
    System.setErr(errors);
    output.close();
    screen.close();
  }
}
