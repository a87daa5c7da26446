package io.p2pchat.cli.chat;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import io.p2pchat.StoreException;
import io.p2pchat.StoredMessage;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.output.HistoryText;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.ResultText;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows stored messages in the chat, as they were shown when they came, with a rule before each
 * day. Knows what the user has read. Reads the store on a thread of its own: a disk may not answer.
 */
final class ChatHistory {
  private static final int SHOWN = 20;
  private static final int WHEN_OPENED = 10;
  private static final String READING = "Reading the history …";
  private static final List<String> NONE = List.of("No messages.");
  private static final String OTHER_KEY =
      "No messages with this key. Those of another key with this name:";
  private static final Optional<Peer> NOBODY = Optional.empty();
  private static final String STILL_READING = "The history is still being read.";
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");

  private final @Nullable MessageStore store;
  private final PeerNode node;
  private final ChatOutput output;
  private final ChatFormat format;
  private final Unread unread;
  private final Predicate<Peer> ignored;
  private final Reads reads;
  private final ZoneId zone = ZoneId.systemDefault();
  private final HistoryText unknown;
  private CompletableFuture<List<Peer>> waiting = CompletableFuture.completedFuture(List.of());

  /**
   * Where the store is read.
   *
   * @param thread runs the reads in their order, and rejects what it has no room for
   * @param patience how long the input waits for a read
   */
  record Reads(Executor thread, Duration patience) {
    private static final int MAX_WAITING = 100;

    /** Returns one thread, which ends while there is nothing to read. */
    static Reads onOneThread() {
      ThreadPoolExecutor thread =
          new ThreadPoolExecutor(
              1,
              1,
              10,
              TimeUnit.SECONDS,
              new ArrayBlockingQueue<>(MAX_WAITING),
              task -> DaemonThread.of("p2pchat-history", task));
      thread.allowCoreThreadTimeOut(true);
      return new Reads(thread, Duration.ofSeconds(1));
    }
  }

  /**
   * Creates it.
   *
   * @param ignored whether the messages of a peer are hidden
   */
  ChatHistory(
      Optional<MessageStore> store,
      PeerNode node,
      ChatOutput output,
      ChatFormat format,
      Unread unread,
      Predicate<Peer> ignored,
      Reads reads) {
    this.ignored = ignored;
    this.reads = reads;
    this.store = store.orElse(null);
    this.node = node;
    this.output = output;
    this.format = format;
    this.unread = unread;
    this.unknown = new HistoryText(zone, Map.of(), format.names()::of);
  }

  ChatFormat format() {
    return format;
  }

  /** Returns which messages the user has not read. */
  Unread unread() {
    return unread;
  }

  /** Returns whether the messages of a peer are hidden. */
  boolean isIgnored(Peer peer) {
    return ignored.test(peer);
  }

  /**
   * Returns the name of the peer for which a message is kept, if it is.
   *
   * @param to the recipient of the message
   */
  Optional<String> keptFor(Recipient to) {
    return store == null
        ? Optional.empty()
        : to.current(node)
            .or(() -> knownAt(to))
            .filter(peer -> peer.fingerprint().isPresent())
            .map(format::team);
  }

  /** Returns whether a message to a peer is kept while the peer is offline. */
  boolean keepsFor(Peer peer) {
    return store != null && peer.fingerprint().isPresent();
  }

  /**
   * Returns the peers with kept messages of the last 1,000 conversations, with the number of these
   * messages, and the known peers with unread ones. If the store does not answer in time, says so,
   * and returns none. Does not ask it again before it has answered.
   */
  List<Peer> waiting() {
    MessageStore from = store;
    if (from == null) {
      return List.of();
    }
    if (!waiting.isDone()) {
      return none(STILL_READING);
    }
    try {
      waiting = CompletableFuture.supplyAsync(() -> waiting(from), reads.thread);
      return waiting.get(reads.patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return none(STILL_READING);
    } catch (TimeoutException e) {
      return none("The history has not answered within a second.");
    } catch (ExecutionException e) {
      return none("The history cannot be read.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private List<Peer> none(String why) {
    output.add(List.of(why + " The list may lack peers that have left."));
    return List.of();
  }

  private List<Peer> waiting(MessageStore store) {
    try {
      Map<Fingerprint, Peer> known = known();
      List<Peer> waiting = new ArrayList<>();
      for (Kept kept : kept(store)) {
        Optional<Peer> here = kept.last.conversation().key().map(known::get);
        here.or(() -> peer(kept.last, here))
            .ifPresent(peer -> waiting.add(offline(peer).unacknowledged(kept.count).build()));
      }
      Set<Fingerprint> listed =
          waiting.stream().flatMap(peer -> peer.fingerprint().stream()).collect(Collectors.toSet());
      known.values().stream()
          .filter(peer -> unread.of(peer) > 0)
          .filter(peer -> peer.fingerprint().filter(listed::contains).isEmpty())
          .forEach(peer -> waiting.add(offline(peer).build()));
      return waiting;
    } catch (StoreException e) {
      return List.of(); // The chat has said so already.
    }
  }

  private static Peer.Builder offline(Peer peer) {
    Peer.Builder same = Peer.builder(peer.address());
    if (peer.named()) {
      same.teamName(peer.teamName());
    }
    return same.fingerprint(peer.fingerprint().orElse(null)).state(Peer.State.UNREACHABLE);
  }

  /** The kept messages of a conversation. */
  private record Kept(StoredMessage last, int count) {}

  /** Asks by conversation: the store has an index for that. */
  private static List<Kept> kept(MessageStore store) {
    List<Kept> kept = new ArrayList<>();
    for (StoredMessage last : store.conversations(HistoryQuery.MOST)) {
      HistoryQuery query =
          HistoryQuery.first(HistoryQuery.MOST)
              .state(StoredMessage.State.KEPT)
              .with(last.conversation());
      List<StoredMessage> page = store.messages(query);
      int count = page.size();
      while (page.size() == HistoryQuery.MOST) {
        page = store.messages(query.after(page.get(page.size() - 1).row()));
        count += page.size();
      }
      if (count > 0) {
        kept.add(new Kept(last, count));
      }
    }
    return kept;
  }

  private Map<Fingerprint, Peer> known() {
    Map<Fingerprint, Peer> known = new HashMap<>();
    format.names().known().forEach(peer -> known.put(peer.fingerprint().orElseThrow(), peer));
    return known;
  }

  private Optional<Peer> knownAt(Recipient to) {
    return format.names().known().stream()
        .filter(peer -> peer.address().equals(to.address()))
        .findFirst();
  }

  /** What {@code /history} was asked for: a peer, or an empty text, and how many messages. */
  record Request(String peer, int count) {
    /**
     * Reads the arguments. A number alone is a count while the user talks to one peer, and else the
     * number of a peer.
     */
    static Request of(String arguments, boolean talks) throws WrongAnswerException {
      int space = arguments.lastIndexOf(' ');
      String last = arguments.substring(space + 1);
      if (!COUNT.matcher(last).matches() || (space < 0 && !talks)) {
        return new Request(arguments, SHOWN);
      }
      int count = Integer.parseInt(last);
      if (count < 1 || count > HistoryQuery.MOST) {
        throw new WrongAnswerException(
            "not a number of messages: " + last + "; accepted are 1 to " + HistoryQuery.MOST);
      }
      return new Request(arguments.substring(0, Math.max(0, space)).strip(), count);
    }
  }

  /** Shows the last messages with a peer, or with all peers. */
  void show(Optional<Recipient> with, int count) throws WrongAnswerException {
    HistoryQuery query = HistoryQuery.last(count);
    show(
        with.map(to -> query.with(Unread.of(to, node))).orElse(query),
        shown -> {
          shown.stream()
              .filter(message -> !message.state().outgoing())
              .forEach(message -> unread.shown(message.conversation()));
          with.ifPresent(peer -> unread.read(peer, node));
        },
        from ->
            with.flatMap(to -> to.current(node))
                .map(peer -> ofOtherKey(from, peer, count))
                .orElse(NONE));
  }

  /** Returns the messages of the key that had the name of a peer last, if it has none itself. */
  private List<String> ofOtherKey(MessageStore from, Peer peer, int count) {
    return from.messages(HistoryQuery.last(HistoryQuery.MOST)).stream()
        .filter(message -> peer.encrypted() && message.conversation().key().isPresent())
        .filter(message -> isNamed(message, peer))
        .map(StoredMessage::conversation)
        .reduce((before, last) -> last)
        .map(other -> lines(from.messages(HistoryQuery.last(count).with(other))))
        .map(lines -> Stream.concat(Stream.of(OTHER_KEY), lines.stream()).toList())
        .orElse(NONE);
  }

  private static boolean isNamed(StoredMessage message, Peer peer) {
    return message.teamName().filter(name -> PeerNames.isSame(name, peer.teamName())).isPresent();
  }

  /** Shows the last messages with words. */
  void search(String words) throws WrongAnswerException {
    if (words.codePoints().noneMatch(Character::isLetterOrDigit)) {
      throw new WrongAnswerException("a word to search for has letters or digits");
    }
    show(HistoryQuery.last(SHOWN).words(words), shown -> {}, from -> NONE);
  }

  private void show(
      HistoryQuery query,
      Consumer<List<StoredMessage>> whenShown,
      Function<MessageStore, List<String>> whenNone)
      throws WrongAnswerException {
    MessageStore from = store;
    if (from == null) {
      throw new WrongAnswerException("this chat has no history; start it without --no-history");
    }
    read(
        () -> {
          List<StoredMessage> found = from.messages(query);
          whenShown.accept(found);
          return found.isEmpty() ? whenNone.apply(from) : lines(found);
        },
        e -> List.of(ChatFormat.safe(ResultText.sentence(String.valueOf(e.getMessage())))));
  }

  /** Shows the last messages with a peer to whom the user begins to talk. */
  void opened(Recipient to) {
    unread.read(to, node);
    MessageStore from = store;
    if (from == null) {
      return;
    }
    HistoryQuery query = HistoryQuery.last(WHEN_OPENED).with(Unread.of(to, node));
    read(
        () -> {
          List<StoredMessage> last = from.messages(query);
          return last.isEmpty() ? List.of() : lines(last);
        },
        e -> List.of()); // The chat has said so already.
  }

  private void read(
      Supplier<List<String>> lines, Function<StoreException, List<String>> whenFailed) {
    Supplier<List<String>> read =
        () -> {
          try {
            return lines.get();
          } catch (StoreException e) {
            return whenFailed.apply(e);
          }
        };
    try {
      output.add(
          new PendingOutput(output, READING, CompletableFuture.supplyAsync(read, reads.thread)));
    } catch (RejectedExecutionException e) {
      output.add(List.of(STILL_READING));
    }
  }

  private List<String> lines(List<StoredMessage> messages) {
    Map<Fingerprint, Peer> known = known();
    Map<Conversation, Peer> plain = plain(messages);
    List<String> lines = new ArrayList<>();
    LocalDate shown = null;
    int hidden = 0;
    for (StoredMessage message : messages) {
      if (isHidden(message, known)) {
        hidden++;
        continue;
      }
      LocalDate day = LocalDate.ofInstant(message.time(), zone);
      if (!day.equals(shown)) {
        lines.add(DateLines.rule(day, format.hasSigns()));
        shown = day;
      }
      Conversation with = message.conversation();
      Optional<Peer> to = Optional.ofNullable(plain.get(with));
      lines.add(
          line(
              message,
              with.key().map(known::get).or(() -> message.state().outgoing() ? to : NOBODY)));
    }
    if (hidden > 0) {
      lines.add(
          format.dim(
              "("
                  + ResultText.messages(hidden)
                  + " of ignored peers "
                  + (hidden == 1 ? "is" : "are")
                  + " hidden)"));
    }
    LocalDate today = LocalDate.now(zone);
    if (!today.equals(shown)) {
      lines.add(DateLines.rule(today, format.hasSigns())); // What follows is of today.
    }
    return lines;
  }

  /** Returns the peers without a key whose names are known from this chat or these messages. */
  private Map<Conversation, Peer> plain(List<StoredMessage> messages) {
    Map<Conversation, Peer> plain = new HashMap<>();
    Stream.concat(
            messages.stream().flatMap(message -> peer(message, NOBODY).stream()),
            node.activePeers().stream())
        .filter(peer -> peer.named() && !peer.encrypted())
        .forEach(peer -> plain.put(Conversation.of(peer), peer));
    return plain;
  }

  private boolean isHidden(StoredMessage message, Map<Fingerprint, Peer> known) {
    return !message.state().outgoing()
        && peer(message, message.conversation().key().map(known::get)).filter(ignored).isPresent();
  }

  /** Returns the peer of a message, if an address of it is known. */
  private static Optional<Peer> peer(StoredMessage message, Optional<Peer> known) {
    return message
        .address()
        .or(message.conversation()::address)
        .or(() -> known.map(Peer::address))
        .map(
            address -> {
              Peer.Builder peer = Peer.builder(address);
              message.teamName().or(() -> known.map(Peer::teamName)).ifPresent(peer::teamName);
              return peer.fingerprint(message.conversation().key().orElse(null)).build();
            });
  }

  private String line(StoredMessage message, Optional<Peer> known) {
    Optional<Peer> peer = peer(message, known);
    // A key that is not known any more has only the name that was stored with the message. A peer
    // without a key and a name is its address.
    String who =
        peer.filter(Peer::named)
            .map(format::who)
            .orElseGet(() -> ChatFormat.safe(unknown.who(message)));
    return switch (message.state()) {
      case UNTAKEN, TAKEN ->
          peer.map(from -> MessageReceived.of(from, message.text(), false, message.time()))
                  .map(event -> format.event(event).get(0))
                  .orElseThrow()
              + message.claimedTime().map(sent -> format.claimed(sent, message.time())).orElse("");
      case KEPT ->
          sent(message, Mark.PENDING, who)
              + (isOnline(message)
                  ? ""
                  : remark(
                      "kept until "
                          + peer.filter(Peer::named).map(format::team).orElse(who)
                          + " is back"));
      case DELIVERED -> sent(message, Mark.DELIVERED, who);
      case WRITTEN -> sent(message, Mark.WRITTEN, who);
      case FAILED ->
          sent(message, Mark.FAILED, who)
              + message.failure().map(why -> remark(reason(why))).orElse("");
    };
  }

  /** Returns whether the message is on its way. The store learns a moment later that it came. */
  private boolean isOnline(StoredMessage message) {
    return node.activePeers().stream()
        .filter(peer -> peer.state() == Peer.State.REACHABLE)
        .anyMatch(peer -> peer.fingerprint().equals(message.conversation().key()));
  }

  private String sent(StoredMessage message, Mark mark, String who) {
    return format.sent(message.time(), mark, who, message.text());
  }

  /** Returns the stored reason of a failure as the chat says it. */
  private static String reason(String failure) {
    return ChatFormat.safe(NameText.shortenedIn(NameText.quotedIn(KeyText.shortened(failure))));
  }

  private String remark(String escaped) {
    return format.dim(" (" + escaped + ")");
  }
}
