package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.LineOutput;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Prints how things went. What takes longer than a person waits for is printed when it comes: a
 * message to a peer that is away may go minutes later.
 */
final class DelayedResults {
  private final LineOutput out;
  private final Duration patience;

  DelayedResults(LineOutput out, Duration patience) {
    this.out = out;
    this.patience = patience;
  }

  /** Prints the result, or {@code notYet} and the result later; waits no longer than that. */
  void show(CompletableFuture<List<String>> result, String notYet) {
    if (isThereInTime(result)) {
      out.print(result.join());
    } else {
      out.print(notYet);
      result.thenAccept(out::print);
    }
  }

  private boolean isThereInTime(CompletableFuture<?> result) {
    return result
        .thenApply(any -> true)
        .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
