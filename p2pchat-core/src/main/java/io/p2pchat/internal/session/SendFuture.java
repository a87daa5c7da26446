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
    return new ForKey(key);
  }

  /** Returns whether the message is for the holder of one key, and for nobody else. */
  public boolean isKeyed() {
    return this instanceof ForKey;
  }

  /** Returns the key whose holder the message is for, or null if it is for whoever is there. */
  final @Nullable Fingerprint key() {
    return this instanceof ForKey keyed ? keyed.key : null;
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
  boolean leave() {
    Place at = place;
    return at != GONE && PLACE.compareAndSet(this, at, BETWEEN);
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

  /** A type of its own, because a field would take memory for each message in the queues. */
  private static final class ForKey extends SendFuture {
    private final Fingerprint key;

    private ForKey(Fingerprint key) {
      this.key = key;
    }
  }
}
