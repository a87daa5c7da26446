package io.p2pchat.internal.keep;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.StoreException;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.store.StoreChange;
import io.p2pchat.internal.store.StoreWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what a node sends and receives, and numbers what it sends (PROTOCOL.md section 9). All
 * changes go through one {@link StoreWriter}, so they are committed in the order of the calls.
 * Thread-safe. Only {@link #awaitFirst} and {@link #close} block.
 */
public final class MessageKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(MessageKeeper.class);

  private static final int PAGE = 256;
  private static final long PAGE_BYTES = 1 << 20;

  /** How many messages of a page are read at once, because each may be long. */
  private static final int FEW = 16;

  private static final long AGAIN_SECONDS = 5;
  private static final String CLOSED = "The store is closed.";
  private static final String HANGS =
      "The node was closed, and its store does not answer. The message may be kept.";

  /** The memory of an entry without its text. */
  static final int ENTRY_BYTES = 512;

  private final StoreWriter writer;
  private final HistoryRecorder recorder;
  private final Executor loop;
  private final Executor completions;
  private final String outbox;
  private final boolean brief;
  private final Map<Fingerprint, Numbers> numbers = new ConcurrentHashMap<>();
  private final StoreClaim claim = new StoreClaim();
  private final MessageStore store;

  /** The messages whose futures wait for a commit. */
  private final Set<KeptSend> uncommitted = ConcurrentHashMap.newKeySet();

  /** Whether what the store had kept waits to be sent, so that later messages come behind it. */
  private volatile boolean loaded;

  /**
   * Creates a keeper, and claims the store on a thread of its own.
   *
   * @param outbox the identifier of this opening of the store
   * @param brief whether the node runs only to send something
   * @param loop receives what is committed
   * @param completions completes the futures of messages
   */
  public MessageKeeper(
      MessageStore store,
      String outbox,
      boolean brief,
      Executor loop,
      Executor completions,
      ThreadFactory threads) {
    this.outbox = outbox;
    this.brief = brief;
    this.loop = loop;
    // A slow store may end after the node. Its messages must still complete.
    this.completions =
        task -> {
          try {
            completions.execute(task);
          } catch (RejectedExecutionException e) {
            task.run();
          }
        };
    this.store = store;
    StoreClaim claiming = claim;
    this.writer =
        new StoreWriter(
            store,
            claiming,
            task -> threads.newThread(() -> claiming.run(task)),
            StoreWriter.Times.DEFAULT);
    this.recorder = new HistoryRecorder(writer);
    writer.start();
  }

  /**
   * Waits until the store was claimed, or could not be. Before that, the node could not say whether
   * it has a store. One that hangs is used when it answers.
   *
   * @param slow after which time it is logged that the start waits
   * @param most for how long it waits after that
   */
  public void awaitFirst(Duration slow, Duration most) {
    claim.awaitFirst(slow, most);
  }

  /** Completes when the store is this node's. */
  public CompletableFuture<Void> claimed() {
    return claim.whenDone();
  }

  /** Returns what the store had kept, once it is this node's. Returned only once. */
  public StoreState takeState() {
    return claim.takeState();
  }

  /** What the store had kept waits to be sent. */
  public void loaded() {
    loaded = true;
  }

  /** Returns whether the store is this node's, and what it had kept waits to be sent. */
  public boolean isOpen() {
    return loaded;
  }

  /**
   * Returns why nothing can be kept, if the store could never be claimed. Null if that is only
   * because it is another process's: the node runs without it then.
   */
  public @Nullable StoreException failure() {
    return claim.failure();
  }

  /** Returns what this node says about itself now. */
  public NodeInfo introduce(NodeInfo self) {
    boolean open = isOpen();
    return self.keeping(open, brief || !open);
  }

  // ---- sending

  /** Returns the outbox of this opening. */
  public String outbox() {
    return outbox;
  }

  /** The last number to a key in the outbox of this opening, and the greatest that was written. */
  private record Numbers(AtomicLong last, AtomicLong written) {}

  /** Returns the greatest number that was written to a key in the outbox of this opening. */
  public long lastWritten(Fingerprint key) {
    Numbers of = numbers.get(key);
    return of == null ? 0 : of.written.get();
  }

  /**
   * Numbers a queued message, and commits it. Calls for one key come in the order in which the
   * messages are queued.
   *
   * @param at where the peer is, or was last
   * @param team the name of the peer now, or null if it is not known
   * @param whenDone called when it may be written, or has failed and is not in the way any more
   */
  public void keep(
      KeptSend message,
      Fingerprint key,
      PeerAddress at,
      @Nullable String team,
      String text,
      Consumer<Fingerprint> whenDone) {
    Numbers of =
        numbers.computeIfAbsent(key, any -> new Numbers(new AtomicLong(), new AtomicLong()));
    long number = of.last.incrementAndGet();
    message.number(key, outbox, number, of.written);
    StoredMessage stored =
        StoredMessage.builder(
                Conversation.of(key), State.KEPT, text, Instant.ofEpochMilli(message.sentAt()))
            .id(message.id())
            .number(outbox, number)
            .teamName(team)
            .address(at)
            .sentTo(message.sentTo())
            .expiry(message.expiry())
            .build();
    Keeping change = new Keeping(message, key, stored, whenDone);
    uncommitted.add(message);
    if (!writer.submit(change)) {
      change.dropped(new StoreException(StoreException.Reason.CLOSED, CLOSED, null));
    }
  }

  private final class Keeping implements StoreChange {
    private final KeptSend message;
    private final Fingerprint key;
    private final StoredMessage stored;
    private final Consumer<Fingerprint> whenDone;
    private long row;

    Keeping(
        KeptSend message, Fingerprint key, StoredMessage stored, Consumer<Fingerprint> whenDone) {
      this.message = message;
      this.key = key;
      this.stored = stored;
      this.whenDone = whenDone;
    }

    @Override
    public int bytes() {
      return stored.text().length();
    }

    @Override
    public void apply(StoreTransaction transaction) {
      row = transaction.add(stored);
    }

    @Override
    public void committed() {
      uncommitted.remove(message);
      message.committed(row);
      claim.kept(row);
      if (message.isGone()) {
        MessageKeeper.this.failed(message);
      }
      completions.execute(() -> message.kept().complete(null));
      whenDone.accept(key);
    }

    @Override
    public boolean failed(StoreException e) {
      dropped(e);
      return false;
    }

    @Override
    public void dropped(StoreException e) {
      uncommitted.remove(message);
      completions.execute(
          () -> {
            message.completeExceptionally(e);
            message.kept().completeExceptionally(e);
            // It may have been the next to be written.
            whenDone.accept(key);
          });
    }
  }

  /**
   * These messages are delivered. Those of other kinds are skipped. One between them that was never
   * written has failed, or will in a moment.
   */
  public void delivered(List<? extends CompletableFuture<?>> messages) {
    List<Long> rows = new ArrayList<>();
    for (CompletableFuture<?> future : messages) {
      if (future instanceof KeptSend message && message.isCommitted()) {
        rows.add(message.row());
      }
    }
    if (!rows.isEmpty()) {
      lazily(transaction -> rows.forEach(row -> transaction.end(row, State.DELIVERED, "")));
    }
  }

  /** Returns the future of a message that the store has kept since an earlier start, or null. */
  public static @Nullable KeptSend load(StoredMessage stored) {
    Fingerprint key = stored.conversation().key().orElse(null);
    if (key == null || stored.outboxId().isEmpty()) {
      return null;
    }
    KeptSend.Wanted wanted =
        new KeptSend.Wanted(key, null, stored.sentTo().orElse(null), stored.expiry().orElse(null));
    KeptSend message =
        new KeptSend(stored.id().orElse(""), wanted, true, stored.time().toEpochMilli());
    message.number(key, stored.outboxId().get(), stored.number(), null);
    message.committed(stored.row());
    message.written();
    message.announce();
    message.kept().complete(null);
    return message;
  }

  /**
   * Returns why the store does not have a committed message any more, or null if it has it. Such a
   * message is still sent, but not after a restart.
   */
  public @Nullable StoreException lost(KeptSend message) {
    return claim.lost(message.row());
  }

  /** The future of a message has failed. */
  public void failed(KeptSend message) {
    long row = message.row();
    if (row > 0 && message.isCompletedExceptionally()) {
      String[] reason = {""};
      message.whenComplete(
          (delivery, failure) ->
              reason[0] = Objects.requireNonNullElse(failure.getMessage(), "withdrawn"));
      writer.submit(new Ending(row, reason[0], e -> {}));
    }
  }

  /**
   * Fails a message that was given up and never written, when its end is committed: else it would
   * be sent after a restart.
   */
  public void withdrawn(KeptSend message, PeerNodeException reason) {
    message
        .kept()
        .whenComplete(
            (none, failure) -> {
              if (failure != null || !message.isCommitted()) {
                message.completeExceptionally(reason);
                return;
              }
              uncommitted.add(message);
              Consumer<@Nullable StoreException> end =
                  e -> {
                    uncommitted.remove(message);
                    completions.execute(
                        () -> message.completeExceptionally(e == null ? reason : e));
                  };
              String why = Objects.requireNonNullElse(reason.getMessage(), "withdrawn");
              if (!writer.submit(new Ending(message.row(), why, end))) {
                end.accept(new StoreException(StoreException.Reason.CLOSED, CLOSED, null));
              }
            });
  }

  /** Stores that a message has failed. */
  private static final class Ending implements StoreChange {
    private final long row;
    private final String reason;
    private final Consumer<@Nullable StoreException> whenOver;

    Ending(long row, String reason, Consumer<@Nullable StoreException> whenOver) {
      this.row = row;
      this.reason = reason;
      this.whenOver = whenOver;
    }

    @Override
    public int bytes() {
      return reason.length();
    }

    @Override
    public void apply(StoreTransaction transaction) {
      transaction.end(row, State.FAILED, reason);
    }

    @Override
    public void committed() {
      whenOver.accept(null);
    }

    @Override
    public void dropped(StoreException e) {
      whenOver.accept(e);
    }
  }

  /**
   * Adds a message to the history only, if the store is this node's and works. It is committed with
   * the next change. It is left out if too many wait, because its sender is not slowed down.
   */
  public void record(StoredMessage message) {
    if (claim.isDone()) {
      recorder.record(message);
    }
  }

  /**
   * Adds a message to the history only, from a peer whose messages have no numbers.
   *
   * @param with the conversation
   */
  public void received(Conversation with, String text, Sender sender) {
    record(
        StoredMessage.builder(with, State.TAKEN, text, Instant.now())
            .teamName(sender.team)
            .address(sender.address)
            .build());
  }

  private void lazily(Consumer<StoreTransaction> change) {
    writer.submitLazily(
        new StoreChange() {
          @Override
          public int bytes() {
            return 0;
          }

          @Override
          public void apply(StoreTransaction transaction) {
            change.accept(transaction);
          }
        });
  }

  // ---- receiving

  /**
   * Commits messages of one key, one after the other.
   *
   * @param first the number of the first, or null if there is none
   * @param texts their texts
   * @param sender the team and the address of the sender
   * @param rows receives the row of each on the event loop when they are committed, 0 for one that
   *     was received before
   */
  public void receive(
      Fingerprint key,
      @Nullable Next first,
      List<String> texts,
      Sender sender,
      Consumer<List<Long>> rows) {
    writer.submit(new Receiving(key, first, List.copyOf(texts), sender, Instant.now(), rows));
  }

  /** Who has sent messages. */
  public record Sender(String team, PeerAddress address) {}

  private final class Receiving implements StoreChange {
    private final Fingerprint key;
    private final @Nullable Next first;
    private final List<String> texts;
    private final Sender sender;
    private final Instant time;
    private final Consumer<List<Long>> whenCommitted;
    private List<Long> rows = List.of();

    Receiving(
        Fingerprint key,
        @Nullable Next first,
        List<String> texts,
        Sender sender,
        Instant time,
        Consumer<List<Long>> whenCommitted) {
      this.key = key;
      this.first = first;
      this.texts = texts;
      this.sender = sender;
      this.time = time;
      this.whenCommitted = whenCommitted;
    }

    @Override
    public int bytes() {
      return texts.stream().mapToInt(String::length).sum();
    }

    @Override
    public void apply(StoreTransaction transaction) {
      List<Long> given = new ArrayList<>(texts.size());
      for (int i = 0; first != null && i < texts.size(); i++) {
        given.add(transaction.receive(message(first, i)));
      }
      rows = given;
    }

    private StoredMessage message(Next first, int i) {
      boolean told = i == 0 && first.time() != Next.NOW;
      return StoredMessage.builder(Conversation.of(key), State.UNTAKEN, texts.get(i), time)
          .number(first.outbox(), first.number() + i)
          .claimedTime(told ? Instant.ofEpochMilli(first.time()) : null)
          .teamName(sender.team)
          .address(sender.address)
          .build();
    }

    @Override
    public void committed() {
      List<Long> given = rows;
      loop.execute(() -> whenCommitted.accept(given));
    }
  }

  /** Returns about how much memory a question about outboxes needs while it waits. */
  public static long askBytes(List<String> outboxes) {
    return ENTRY_BYTES + 100L * outboxes.size();
  }

  /**
   * Tells on the event loop what is stored of some outboxes of a key, after all that came before.
   */
  public void stored(Fingerprint key, List<String> outboxes, Consumer<List<Stored.Entry>> answer) {
    writer.submit(
        new StoreChange() {
          private List<Stored.Entry> entries = List.of();

          @Override
          public int bytes() {
            return (int) askBytes(outboxes);
          }

          @Override
          public void apply(StoreTransaction transaction) {
            entries =
                outboxes.stream()
                    .map(id -> new Stored.Entry(id, transaction.received(key, id)))
                    .toList();
          }

          @Override
          public void committed() {
            List<Stored.Entry> told = entries;
            loop.execute(() -> answer.accept(told));
          }
        });
  }

  /**
   * Returns whether the listener still gets messages of a key in pages. Then each message that is
   * committed will be in one of them.
   */
  public boolean isCatchingUp(Fingerprint key) {
    return claim.catchingUp.containsKey(key);
  }

  /**
   * Runs a task on the event loop when the listener has got all pages of a key, or now if it gets
   * none. For the event loop.
   */
  public void whenCaughtUp(Fingerprint key, Runnable task) {
    List<Runnable> waiting = claim.catchingUp.get(key);
    if (waiting == null) {
      task.run();
    } else {
      waiting.add(task);
    }
  }

  /**
   * Reads a page of messages of a key that the listener has not taken: at most {@value #PAGE}, and
   * about 1 MiB. An empty one is the last: what is committed later is in none. A page that cannot
   * be read is tried again.
   *
   * @param page receives it on the event loop
   */
  public void untaken(Fingerprint key, long after, Consumer<List<StoredMessage>> page) {
    writer.submit(new Reading(key, after, page));
  }

  private final class Reading implements StoreChange {
    private final Fingerprint key;
    private final long after;
    private final Consumer<List<StoredMessage>> page;

    Reading(Fingerprint key, long after, Consumer<List<StoredMessage>> page) {
      this.key = key;
      this.after = after;
      this.page = page;
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public void apply(StoreTransaction transaction) {}

    /** Reads after the commit: an empty page must not lack what was committed with it. */
    @Override
    public void committed() {
      List<StoredMessage> read;
      try {
        read = read();
      } catch (RuntimeException e) {
        LOG.warn("Stored messages could not be read; that is tried again: {}", e.getMessage());
        CompletableFuture.delayedExecutor(AGAIN_SECONDS, TimeUnit.SECONDS, Runnable::run)
            .execute(() -> writer.submit(this));
        return;
      }
      loop.execute(
          () -> {
            if (read.isEmpty()) {
              List<Runnable> waiting = claim.catchingUp.remove(key);
              if (waiting != null) {
                waiting.forEach(Runnable::run);
              }
            }
            page.accept(read);
          });
    }

    private List<StoredMessage> read() {
      List<StoredMessage> read = new ArrayList<>();
      long bytes = 0;
      long last = after;
      int more = FEW;
      while (more == FEW && read.size() < PAGE && bytes < PAGE_BYTES) {
        List<StoredMessage> next = store.untaken(Conversation.of(key), last, FEW);
        for (StoredMessage message : next) {
          bytes += message.text().length();
          last = message.row();
        }
        read.addAll(next);
        more = next.size();
      }
      return read;
    }
  }

  /** The listener has taken a message. */
  public void taken(long row) {
    lazily(transaction -> transaction.taken(row));
  }

  /** Commits what waits, and gives the store up. Fails the messages of a store that hangs. */
  public void close(Duration most) {
    writer.close(most);
    for (KeptSend message : uncommitted) {
      completions.execute(
          () -> {
            StoreException e = new StoreException(StoreException.Reason.CLOSED, HANGS, null);
            message.completeExceptionally(e);
            message.kept().completeExceptionally(e);
          });
    }
  }
}
