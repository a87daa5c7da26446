package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The future of a message. Whoever completes it before the node does, as {@code cancel} and {@code
 * orTimeout} do, withdraws the message unless it was already written.
 */
public class SendFuture extends CompletableFuture<Delivery> {
  /** Where a message waits to be written. */
  public interface Place {
    /** Withdraws the message. Returns whether it was not written, and will not be. */
    boolean withdraw(SendFuture future);
  }

  /** The place of a message that was given up or delivered. */
  private static final Place GONE = future -> false;

  /** The place of a message that was taken out of a queue and not written. */
  private static final Place BETWEEN = future -> true;

  // Set lazily where no other thread can withdraw: a volatile write is slow.
  private static final AtomicReferenceFieldUpdater<SendFuture, @Nullable Place> PLACE =
      AtomicReferenceFieldUpdater.newUpdater(SendFuture.class, Place.class, "place");

  // The only field: there is one future for each message in the queues.
  private volatile @Nullable Place place;

  /** Creates the future of a message that waits nowhere yet. */
  public SendFuture() {}

  /** Returns the future of a message for the holder of one key, and for nobody else. */
  public static SendFuture forKey(Fingerprint key) {
    return new ForPeer(key, null);
  }

  /**
   * Returns the future of a message for one peer that encrypts, and for nobody else.
   *
   * @param key the key that it must have, or null where keys change
   * @param team the team that it must have
   */
  public static SendFuture forPeer(@Nullable Fingerprint key, String team) {
    return new ForPeer(key, team);
  }

  /** Returns whether the message is for one peer, rather than for whoever is at an address. */
  public boolean isForPeer() {
    return false;
  }

  /** Returns the key whose holder the message is for, or null if it is for any key. */
  @Nullable Fingerprint key() {
    return null;
  }

  /** Returns the team that the message is for, or null if it is for any. */
  @Nullable String team() {
    return null;
  }

  /**
   * Returns whether the message may go to such a peer.
   *
   * @param shown the key of the peer, or null without encryption
   * @param named the team of the peer
   */
  public boolean isFor(@Nullable Fingerprint shown, String named) {
    return true;
  }

  /**
   * Returns whether the recipient may have the message, though it can be withdrawn: it may have
   * been written before this start of the node.
   */
  public boolean mayBeWritten() {
    return false;
  }

  /** The message waits at another place. If it was withdrawn before, it is withdrawn there. */
  public void moveTo(Place newPlace) {
    if (place == null) {
      // Its first place: no other thread knows the future yet.
      PLACE.lazySet(this, newPlace);
    } else if (PLACE.getAndSet(this, newPlace) == GONE) {
      abandon();
    }
  }

  /**
   * The message, which was not written, leaves its place for another one. Returns false if it was
   * given up.
   */
  public boolean leave() {
    Place at = place;
    return at != GONE && PLACE.compareAndSet(this, at, BETWEEN);
  }

  /** Returns whether the message was given up, or delivered. */
  public final boolean isGone() {
    return place == GONE;
  }

  /** The message was delivered. */
  public void deliver(Delivery delivery) {
    super.complete(delivery);
    PLACE.lazySet(this, GONE);
  }

  /**
   * Gives the message up. The caller then completes the future.
   *
   * @return whether the message was withdrawn. Else it was written, and may arrive
   */
  public boolean abandon() {
    Place at = PLACE.getAndSet(this, GONE);
    return at == null ? !isDone() : at.withdraw(this);
  }

  // Each withdraws first, so that the room is free when code chained to the future runs.

  @Override
  public boolean complete(Delivery value) {
    abandon();
    return super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    abandon();
    return super.completeExceptionally(failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    abandon();
    return super.cancel(mayInterruptIfRunning);
  }

  /** A type of its own, because fields would take memory for each message in the queues. */
  private static final class ForPeer extends SendFuture {
    private final @Nullable Fingerprint key;
    private final @Nullable String team;

    private ForPeer(@Nullable Fingerprint key, @Nullable String team) {
      this.key = key;
      this.team = team;
    }

    @Override
    public boolean isForPeer() {
      return true;
    }

    @Override
    @Nullable Fingerprint key() {
      return key;
    }

    @Override
    @Nullable String team() {
      return team;
    }

    @Override
    public boolean isFor(@Nullable Fingerprint shown, String named) {
      return shown != null
          && (key == null || key.equals(shown))
          && (team == null || team.equals(named));
    }
  }
}
