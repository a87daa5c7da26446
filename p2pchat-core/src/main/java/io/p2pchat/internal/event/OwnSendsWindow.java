package io.p2pchat.internal.event;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The source of the events that this node's own sends cause. It has no reader to stop: senders
 * check {@link #isOpen} before each send, and await {@link #whenOpen}. Thread-safe.
 */
public final class OwnSendsWindow extends FlowWindow {
  private final Executor completions;
  private @Nullable CompletableFuture<Void> opening;
  private @Nullable RuntimeException closed;

  /**
   * Creates a source with nothing queued.
   *
   * @param completions completes futures
   */
  public OwnSendsWindow(Executor completions) {
    this.completions = completions;
  }

  @Override
  protected boolean isStoppable() {
    return false;
  }

  @Override
  protected void set(boolean open) {
    CompletableFuture<Void> waited = open ? takeOpening() : null;
    if (waited != null) {
      completions.execute(() -> waited.complete(null));
    }
  }

  /** Completes when the listener has caught up, at once if it is not behind. */
  public synchronized CompletableFuture<Void> whenOpen() {
    if (closed != null) {
      return CompletableFuture.failedFuture(closed);
    }
    if (isOpen()) {
      return CompletableFuture.completedFuture(null);
    }
    if (opening == null) {
      opening = new CompletableFuture<>();
    }
    return opening.copy();
  }

  /** Fails all {@link #whenOpen} futures, because the node is closed. */
  public void stop(RuntimeException reason) {
    CompletableFuture<Void> waited;
    synchronized (this) {
      closed = reason;
      waited = takeOpening();
    }
    if (waited != null) {
      completions.execute(() -> waited.completeExceptionally(reason));
    }
  }

  private synchronized @Nullable CompletableFuture<Void> takeOpening() {
    CompletableFuture<Void> taken = opening;
    opening = null;
    return taken;
  }
}
