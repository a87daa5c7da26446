package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.Next;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a message that a store keeps for the holder of a key, until it is delivered or has
 * failed. It is bound to a key when it gets its number, and not written before it is committed. The
 * end of a session does not end it.
 *
 * <p>A message is <em>loose</em> while its key is unknown, or the node does not have its store.
 * Then it is not kept yet, and waits in memory as one without a store does.
 */
public final class KeptSend extends SendFuture {
  private final String id;
  private final long sentAt;
  private final Wanted wanted;
  private final CompletableFuture<Void> kept = new CompletableFuture<>();
  private volatile @Nullable Fingerprint key;
  private volatile @Nullable PeerAddress sentTo;
  private volatile @Nullable CompletableFuture<Delivery> reported;

  /** The message that this is an attempt to send, or null. Set before it is shared. */
  private @Nullable KeptSend origin;

  /** The last attempt to send this message, or null. */
  private volatile @Nullable KeptSend attempt;

  /** Whether an event tells how it ends. Set before it is shared. */
  private boolean announced;

  /** Whether the recipient may have the message. */
  private volatile boolean written;

  /** The greatest number that was written to the key in the current outbox. Set as the number. */
  private @Nullable AtomicLong greatestWritten;

  /** Its bytes of the limit for messages to offline peers. Guarded by the queue. */
  private long awayRoom;

  // Set before the number.
  private String outbox = "";
  private volatile long number;

  /** Its row in the store, or 0 before it is committed. */
  private volatile long row;

  /**
   * Whom a message is for, and until when.
   *
   * @param key the key that the recipient must have, or null for any
   * @param team the team that it must have, or null for any
   * @param sentTo the address that the message was sent to, for any peer there; null if it was sent
   *     to a peer
   * @param expiry when the message fails by the system clock, or null
   */
  public record Wanted(
      @Nullable Fingerprint key,
      @Nullable String team,
      @Nullable PeerAddress sentTo,
      @Nullable Instant expiry) {}

  /**
   * Creates the future of a message that is not committed.
   *
   * @param id names the message for the application
   * @param wanted whom it is for
   * @param bound whether it is kept for the key; else it is loose
   * @param sentAt when the application sent it, in milliseconds since 1970
   */
  public KeptSend(String id, Wanted wanted, boolean bound, long sentAt) {
    this.id = id;
    this.wanted = wanted;
    this.key = bound ? wanted.key : null;
    this.sentTo = wanted.sentTo;
    this.sentAt = sentAt;
  }

  /** Returns the future of an attempt to send this loose message to one of several addresses. */
  public KeptSend attempt() {
    KeptSend next = new KeptSend(id, wanted, false, sentAt);
    next.origin = this;
    next.announced = announced;
    next.kept.thenRun(() -> kept.complete(null));
    attempt = next;
    return next;
  }

  /** Returns what is numbered and kept of the message: the last attempt to send it, or itself. */
  public KeptSend lastAttempt() {
    KeptSend last = attempt;
    return last == null ? this : last;
  }

  /** Has an event tell how the message ends. Call it before another thread knows the message. */
  public void announce() {
    announced = true;
  }

  /** Returns whether an event tells how the message ends. */
  public boolean isAnnounced() {
    return announced;
  }

  /** Returns what names the message for the application. */
  public String id() {
    return id;
  }

  /** Returns when the application sent the message, in milliseconds since 1970. */
  public long sentAt() {
    return sentAt;
  }

  /**
   * Completes when the message is committed, or is delivered to a peer for which nothing is kept.
   */
  public CompletableFuture<Void> kept() {
    return kept;
  }

  /**
   * Returns the outcome for a sender that does not wait for a peer that is away: as this future, or
   * {@link Delivery#KEPT} at {@link #peerIsAway}.
   */
  public synchronized CompletableFuture<Delivery> reported() {
    CompletableFuture<Delivery> outcome = reported;
    if (outcome == null) {
      CompletableFuture<Delivery> created = new CompletableFuture<>();
      whenComplete(
          (delivery, failure) -> {
            if (failure == null) {
              created.complete(delivery);
            } else {
              created.completeExceptionally(failure);
            }
          });
      reported = created;
      outcome = created;
    }
    return outcome;
  }

  /** The message is committed, or will be in a moment, and its peer has no session. */
  public void peerIsAway() {
    CompletableFuture<Delivery> outcome = reported;
    if (outcome != null) {
      kept.thenRun(() -> outcome.complete(Delivery.KEPT));
    }
  }

  /** Returns the key whose holder the message is for, or null while it is for any. */
  @Override
  public @Nullable Fingerprint key() {
    Fingerprint bound = key;
    return bound == null ? wanted.key : bound;
  }

  @Override
  @Nullable String team() {
    return key == null ? wanted.team : null;
  }

  @Override
  public boolean isForPeer() {
    return key() != null || wanted.team != null;
  }

  @Override
  public boolean isFor(@Nullable Fingerprint shown, String named) {
    Fingerprint one = key();
    String team = team();
    return !isForPeer()
        || (shown != null
            && (one == null || one.equals(shown))
            && (team == null || team.equals(named)));
  }

  /** Returns whether the message is kept for a key, or will be in a moment. */
  public boolean isBound() {
    return key != null;
  }

  /** Returns the address that the message was sent to, or null if it was sent to a peer. */
  public @Nullable PeerAddress sentTo() {
    return sentTo;
  }

  /** If the message was sent to an address, that was resolved to this one. */
  public void resolved(PeerAddress address) {
    sentTo = sentTo == null ? null : address;
  }

  /** Returns when the message fails by the system clock, or null. */
  public @Nullable Instant expiry() {
    return wanted.expiry;
  }

  /** The message is for the holder of this key from now on. It is not written without a number. */
  public void bindTo(Fingerprint holder) {
    if (origin != null) {
      origin.key = holder;
    }
    key = holder;
  }

  /**
   * The message is for the holder of this key from now on, and gets a number.
   *
   * @param greatest becomes the greatest number that was written, or null if nobody asks for it
   */
  public void number(
      Fingerprint holder, String outboxId, long inOutbox, @Nullable AtomicLong greatest) {
    greatestWritten = greatest;
    bindTo(holder);
    outbox = outboxId;
    number = inOutbox;
  }

  /** Returns whether the message has a number, and is or will soon be committed. */
  public boolean isNumbered() {
    return number > 0;
  }

  /** The message is committed in this row. */
  public void committed(long inRow) {
    row = inRow;
  }

  /** Returns whether the message is committed. */
  public boolean isCommitted() {
    return row > 0;
  }

  /** Returns the row of the message in the store, or 0 before it is committed. */
  public long row() {
    return row;
  }

  /** Sets how many bytes the message uses of the limit for messages to offline peers. */
  public void setAwayRoom(long room) {
    awayRoom = room;
  }

  /** Returns how many bytes the message uses of the limit for messages to offline peers. */
  public long awayRoom() {
    return awayRoom;
  }

  /** Returns whether the message may be written on a connection. */
  boolean isReady(boolean betweenStores) {
    return row > 0 || (!isBound() && !betweenStores);
  }

  /** Returns the outbox of the message. */
  public String outbox() {
    return outbox;
  }

  /** Returns the number of the message in its outbox. */
  public long number() {
    return number;
  }

  /** The message is written, or may have been before this start of the node. */
  public void written() {
    written = true;
    AtomicLong greatest = greatestWritten;
    if (greatest != null && greatest.get() < number) {
      greatest.accumulateAndGet(number, Math::max);
    }
  }

  /** The recipient has told that it has not stored the message. */
  void notStored() {
    written = false;
  }

  @Override
  public boolean mayBeWritten() {
    return written;
  }

  /**
   * The numbers of the messages on one connection to another store. It knows when {@code NEXT} has
   * to precede a message (PROTOCOL.md section 9). Used by one thread.
   */
  public static final class Numbers {
    /** A message that has waited for longer says when it was sent. */
    private static final long LONG_MILLIS = 60_000;

    private final LongSupplier clock;
    private @Nullable String outbox;
    private long number;

    /**
     * Creates the numbers of a connection on which none was written.
     *
     * @param clock the milliseconds since 1970
     */
    public Numbers(LongSupplier clock) {
      this.clock = clock;
    }

    /** Returns whether {@code NEXT} must precede a message, if it is written now. */
    boolean needsNext(KeptSend message) {
      return message.number() != number + 1
          || !message.outbox().equals(outbox)
          || hasWaited(message);
    }

    private boolean hasWaited(KeptSend message) {
      return clock.getAsLong() - message.sentAt() > LONG_MILLIS;
    }

    /** Returns the {@code NEXT} of a message. */
    Next next(KeptSend message) {
      long sent = message.sentAt();
      boolean tells = hasWaited(message) && sent >= 0 && sent <= Next.LATEST;
      return new Next(message.outbox(), message.number(), tells ? sent : Next.NOW);
    }

    /** A message is written. */
    void written(KeptSend message) {
      outbox = message.outbox();
      number = message.number();
    }
  }
}
