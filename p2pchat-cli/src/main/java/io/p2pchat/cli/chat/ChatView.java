package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.KnownPeer;
import io.p2pchat.MessageStore;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageFailed;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerVanished;
import io.p2pchat.PeerNode;
import io.p2pchat.TrustStore;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.chat.TerminalSupport.Notification;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
  private final Attention attention;
  private final PeerNumbers numbers;
  private final AddressConsent consent;
  private final RefusedKeys refused;
  private final PrintStream errors = System.err;
  private final AtomicReference<@Nullable Runnable> atEnd = new AtomicReference<>();
  private final IgnoredPeers ignored;
  private final FloodGate floods;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Unread unread = new Unread();
  private final MissedMessages missed;
  private final FailedMessages failed;
  private volatile @Nullable PresenceNotices presence;

  private ChatView(
      Screen screen,
      ChatFormat format,
      ChatOutput output,
      Path dataDir,
      PeerNames names,
      Attention attention) {
    this.screen = screen;
    this.format = format;
    this.output = output;
    this.dataDir = dataDir;
    this.names = names;
    this.numbers = new PeerNumbers(names::knownByAge);
    this.consent = new AddressConsent(() -> TrustStore.open(dataDir));
    this.refused = new RefusedKeys(consent, format);
    this.attention = attention;
    this.ignored = new IgnoredPeers(TeamFiles.ignored(dataDir));
    this.missed =
        new MissedMessages(
            Instant.now(),
            peer -> PeerNames.inSentence(names.of(peer)),
            this::notice,
            ChatView::delayed);
    this.failed = new FailedMessages(names, this::notice, ChatView::delayed);
    this.floods = new FloodGate(this::showFlood, System::nanoTime, ChatView::delayed);
  }

  /**
   * Opens the terminal of this process, or its standard streams if it has none.
   *
   * @param colors whether to use colors on a terminal
   * @param notify how to tell of messages on a terminal
   * @param dataDir the directory of the known peers, and for the input history
   */
  public static ChatView open(
      StdStreams streams, ColorMode colors, NotifyMode notify, Path dataDir) {
    if (!TerminalSupport.isInteractive()) {
      ChatOutput output = new DelayedResults(streams.out(), PIPE_PENDING_DELAY);
      PeerNames none = new PeerNames(List::of);
      return new ChatView(
          new PipeScreen(streams),
          ChatFormat.forScripts(),
          output,
          dataDir,
          none,
          new Attention(NotifyMode.OFF, Notification.NONE, false, System::nanoTime));
    }
    boolean signs = TerminalSupport.showsSigns();
    Notification notification =
        TerminalSupport.isDumb() ? Notification.NONE : Notification.of(System.getenv());
    Attention attention = new Attention(notify, notification, signs, System::nanoTime);
    Screen screen =
        TerminalSupport.isDumb() ? plain(streams.in(), attention) : editor(streams.in(), attention);
    ChatFormat format = new ChatFormat(colors.areOn(screen.colors()), signs, names(dataDir));
    return onTerminal(screen, format, attention, dataDir, InstantSource.system());
  }

  private static PeerNames names(Path dataDir) {
    return new PeerNames(() -> knownPeers(dataDir));
  }

  private static ChatView onTerminal(
      Screen screen, ChatFormat format, Attention attention, Path dataDir, InstantSource clock) {
    OutputQueue output = new OutputQueue(new DateLines(screen::show, clock, format.hasSigns()));
    ChatView view = new ChatView(screen, format, output, dataDir, format.names(), attention);
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
    return openOn(in, out, dataDir, InstantSource.system());
  }

  /** Opens the same with a clock for the days. */
  static ChatView openOn(InputStream in, OutputStream out, Path dataDir, InstantSource clock)
      throws IOException {
    Attention attention = new Attention(NotifyMode.BELL, Notification.NONE, true, System::nanoTime);
    ChatFormat format = new ChatFormat(true, true, names(dataDir));
    return onTerminal(LineEditor.openOn(in, out, attention), format, attention, dataDir, clock);
  }

  private static Screen editor(BufferedReader in, Attention attention) {
    try {
      return LineEditor.open(attention);
    } catch (IOException e) {
      return plain(in, attention);
    }
  }

  private static Screen plain(BufferedReader in, Attention attention) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
    int columns = TerminalSupport.columns(System.getenv(), TerminalSupport.columnsOfOutput());
    return new PlainScreen(in, out, attention, columns);
  }

  /**
   * Asks until the answer is valid.
   *
   * @param reader throws {@link IllegalArgumentException} for a wrong answer; the message says why
   * @throws EndOfInputException at the end of input
   * @throws CancelledException after Ctrl-C
   */
  public <T> T ask(String question, Function<String, T> reader)
      throws EndOfInputException, CancelledException {
    while (true) {
      try {
        return reader.apply(
            screen.ask(new Prompt(format.bold(question) + " ", Prompt.Kind.OTHER)).strip());
      } catch (IllegalArgumentException e) {
        tell(ResultText.reason(e));
      }
    }
  }

  /** Shows a line between two questions. */
  public void tell(String line) {
    screen.show(List.of(ChatFormat.safe(line)));
  }

  /** Returns whether people type here, and not a script. */
  public boolean isOnTerminal() {
    return format.isForPeople();
  }

  /** Shows a notice. */
  public void notice(String line) {
    output.offer(now -> List.of(format.notice(Instant.now(), line)));
  }

  /** Shows a warning. */
  public void warn(String line) {
    output.offer(now -> List.of(format.alarm(Instant.now(), line)));
  }

  /** Shows an event. Waits while the output is full. */
  public void show(PeerEvent event, TrustNotices notices) {
    names.learn(event);
    if (event instanceof PeerActive) {
      numbers.remember(event.peer());
    }
    EventText.subject(event).ifPresent(numbers::remember);
    if (format.isForPeople() && isIgnored(event)) {
      return;
    }
    PresenceNotices current = presence;
    Optional<String> elsewhere =
        current != null && event instanceof PeerLeft left
            ? elsewhere(left, current)
            : Optional.empty();
    if (current != null) {
      current.take(event);
    }
    if (format.isForPeople() && FloodGate.limits(event) && !floods.passes(event.peer())) {
      return;
    }
    List<String> lines = new ArrayList<>();
    if (event instanceof MessageFailed of && format.isForPeople()) {
      failed.failed(of);
    }
    if (event instanceof MessageReceived message) {
      count(message);
      lines.addAll(attention.message(format.sender(message), message.text()));
    }
    lines.addAll(format.event(event));
    elsewhere.ifPresent(where -> lines.add(format.notice(event.time(), where)));
    lines.addAll(
        format.isForPeople()
            ? format.notices(event, refused.notices(event, notices))
            : notices.of(event));
    if (!lines.isEmpty()) {
      output.add(lines);
    }
  }

  /** Says where another program of a peer that has said exit is listed. */
  private Optional<String> elsewhere(PeerLeft left, PresenceNotices current) {
    return left.reason() == PeerLeft.Reason.SAID_EXIT
        ? current
            .elsewhere(left.peer())
            .map(
                other ->
                    PeerNames.inSentence(names.of(left.peer()))
                        + " may still be here, at "
                        + other.addresses().get(0)
                        + ".")
        : Optional.empty();
  }

  private void count(MessageReceived message) {
    if (format.isForPeople()) {
      if (attention.isElsewhere()) {
        unread.message(message.peer());
      }
      missed.message(message);
    }
  }

  /** Returns whether an event says something of an ignored peer. Refusals are always shown. */
  private boolean isIgnored(PeerEvent event) {
    // Without a default, so that a missing kind does not compile.
    return switch (event.kind()) {
      case PEER_REFUSED -> false;
      case PEER_DISCOVERED ->
          ignored.contains(FoundPeers.asPeer(((PeerDiscovered) event).discovered()));
      case PEER_VANISHED ->
          ignored.contains(FoundPeers.asPeer(((PeerVanished) event).discovered()));
      case MESSAGE_RECEIVED,
          PEER_ACTIVE,
          PEER_CONNECTED,
          PEER_LEFT,
          PEER_UNREACHABLE,
          PEER_REACHABLE,
          CONNECTION_LOST,
          CONNECTION_RESTORED,
          PEER_STALLED,
          SESSION_RESET,
          PEER_PINNED,
          PEER_RENAMED,
          PROTOCOL_VIOLATION,
          MESSAGE_DELIVERED,
          MESSAGE_FAILED ->
          ignored.contains(event.peer());
    };
  }

  private void showFlood(List<Peer> peers, long lines) {
    if (!peers.stream().allMatch(ignored::contains)) {
      output.offer(now -> List.of(format.flood(Instant.now(), peers, lines)));
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
    LastConnected last = new LastConnected(TeamFiles.connected(dataDir, node.teamName()));
    if (format.isForPeople()) {
      Optional<Path> unreadBefore = store.map(any -> TeamFiles.unread(dataDir, node.teamName()));
      unreadBefore.ifPresent(unread::read);
      atEnd.set(
          () -> {
            last.write(node.connectedPeers());
            unreadBefore.ifPresent(unread::write);
          });
      notePresence(node);
      store.ifPresent(missed::begin);
      screen.join(
          new InputCompletion(node, numbers, names), TeamFiles.history(dataDir, node.teamName()));
    }
    PeerResolver resolver = new PeerResolver(node, numbers, names);
    RecipientNames recipients = new RecipientNames(node, format, numbers);
    FailureText failures = new FailureText(node, format, recipients, notices, refused);
    ChatHistory history =
        new ChatHistory(
            store,
            node,
            output,
            format,
            unread,
            ignored::contains,
            ChatHistory.Reads.onOneThread());
    ChatActions actions =
        new ChatActions(node, output, recipients, consent, failures, examination, history);
    PeerPrompt prompt =
        new PeerPrompt(resolver, numbers, node, screen, output, format, history::waiting);
    IgnoreCommands ignoring = new IgnoreCommands(ignored, node, prompt, output, unread);
    KeyCommands keys = new KeyCommands(refused, node, recipients, prompt, output);
    new ChatLoop(node, screen, output, prompt, actions, ignoring, keys).run(last);
    if (format.isForPeople()) {
      record();
      showExitProgress(node.connectedPeers().size());
    }
  }

  /** Records who is connected and what is unread, once, before the node says exit to them. */
  private void record() {
    Runnable end = atEnd.getAndSet(null);
    if (end != null) {
      end.run();
    }
  }

  private void notePresence(PeerNode node) {
    FoundPeers found = new FoundPeers(node);
    PresenceNotices started =
        new PresenceNotices(
            peer -> names.of(peer, found.sharesName(peer)),
            found::isActive,
            found::isInSession,
            this::notice,
            System::nanoTime,
            ChatView::delayed);
    presence = started;
    node.discoveredPeers().stream()
        .filter(peer -> !ignored.contains(FoundPeers.asPeer(peer)))
        .forEach(started::discovered);
  }

  private static Executor delayed(long nanos) {
    return CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
  }

  /** Shows why quitting takes time: the node sends exit, and waits up to a second for an answer. */
  private void showExitProgress(int peers) {
    CompletableFuture.delayedExecutor(DELAY_MILLIS, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!closed.isDone()) {
                output.offer(now -> List.of(format.notice(Instant.now(), exitProgress(peers))));
              }
            });
  }

  /** Without a connected peer, exit goes to those with a session only. */
  static String exitProgress(int peers) {
    String whom = peers == 1 ? " to 1 connected peer" : " to " + peers + " connected peers";
    return "Sending exit" + (peers == 0 ? "" : whom) + " …";
  }

  /**
   * Records the same, and restores the terminal, when a signal ends the process. If the terminal
   * accepts no output, halts instead of waiting for it.
   */
  public void restore() {
    if (!DaemonThread.run("p2pchat-restore", screen::restore, Duration.ofMillis(DELAY_MILLIS))) {
      Runtime.getRuntime().halt(TERMINATED);
    }
    record(); // Last: a file system can hang.
  }

  @Override
  public void close() {
    closed.complete(null);
    System.setErr(errors);
    output.close();
    screen.close();
  }
}
