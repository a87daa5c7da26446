package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The future of a message. Whoever completes it before the node does, as {@code cancel} and {@code
 * orTimeout} do, withdraws the message unless it was already written.
 */
public final class SendFuture extends CompletableFuture<Delivery> {
  /** Where a message waits to be written. */
  public interface Place {
    /** Withdraws the message. Returns whether it was not written, and will not be. */
    boolean withdraw(SendFuture future);
  }

  // Set lazily where no other thread can withdraw: a volatile write is slow.
  private static final AtomicReferenceFieldUpdater<SendFuture, @Nullable Place> PLACE =
      AtomicReferenceFieldUpdater.newUpdater(SendFuture.class, Place.class, "place");

  /** The number of the line in its queue. Set before {@link #place}. */
  long line;

  private volatile @Nullable Place place;
  private volatile boolean abandoned;

  /** Creates the future of a message that waits nowhere yet. */
  public SendFuture() {}

  /** The message waits at another place. If it was withdrawn before, it is withdrawn there. */
  public void moveTo(Place newPlace) {
    if (place == null && !abandoned) {
      // Its first place: no other thread knows the future yet.
      PLACE.lazySet(this, newPlace);
      return;
    }
    place = newPlace;
    if (abandoned) {
      withdraw();
    }
  }

  /** The message was delivered. */
  public void deliver(Delivery delivery) {
    super.complete(delivery);
    PLACE.lazySet(this, null);
  }

  /**
   * Gives the message up. The caller then completes the future.
   *
   * @return whether the message was withdrawn. Else it was written, and may arrive
   */
  public boolean abandon() {
    abandoned = true;
    Place at = place;
    return at == null ? !isDone() : at.withdraw(this);
  }

  // Each withdraws first, so that the room is free when code chained to the future runs.

  @Override
  public boolean complete(Delivery value) {
    withdraw();
    return super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    withdraw();
    return super.completeExceptionally(failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    withdraw();
    return super.cancel(mayInterruptIfRunning);
  }

  private void withdraw() {
    abandoned = true;
    Place at = place;
    if (at != null) {
      place = null;
      at.withdraw(this);
    }
  }
}
