package io.p2pchat.cli;

import io.p2pchat.cli.output.LineOutput;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for a peer to take messages, for a limited time. Says once that it waits. */
final class PeerWait {
  private static final long QUIET_MILLIS = 3_000;

  private final @Nullable Integer seconds;
  private final Object peer;
  private final LineOutput err;
  private boolean told;

  /**
   * Creates a wait.
   *
   * @param seconds the longest wait for one future; null leaves the limit to the node
   */
  PeerWait(@Nullable Integer seconds, Object peer, LineOutput err) {
    this.seconds = seconds;
    this.peer = peer;
    this.err = err;
  }

  /** Waits for a result or a failure. Returns false if the time is over before. */
  boolean await(CompletableFuture<?> future) {
    long millis = seconds == null ? Long.MAX_VALUE : TimeUnit.SECONDS.toMillis(seconds);
    long quiet = told ? 0 : Math.min(QUIET_MILLIS, millis);
    if (isDoneWithin(future, quiet)) {
      return true;
    }
    if (!told && millis > quiet) {
      told = true;
      err.print("Waiting for " + peer + " to acknowledge.");
    }
    return isDoneWithin(future, millis - quiet);
  }

  /** What to say when the time is over. */
  String timedOut() {
    return "not acknowledged within " + seconds + " s";
  }

  private static boolean isDoneWithin(CompletableFuture<?> future, long millis) {
    try {
      future.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    return true;
  }
}
