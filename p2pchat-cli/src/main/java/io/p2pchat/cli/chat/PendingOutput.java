package io.p2pchat.cli.chat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What comes of something; if it takes longer than a moment, first that it is being done. */
final class PendingOutput implements OutputQueue.Pending {
  private static final long MOMENT_NANOS = Duration.ofMillis(500).toNanos();

  private final OutputQueue feed;
  private final String meanwhile;
  private final CompletableFuture<List<String>> result;
  private final long deadline = System.nanoTime() + MOMENT_NANOS;

  PendingOutput(OutputQueue feed, String meanwhile, CompletableFuture<List<String>> result) {
    this.feed = feed;
    this.meanwhile = meanwhile;
    this.result = result;
    result.thenRun(feed::changed);
  }

  @Override
  public @Nullable List<String> lines(long nowNanos) {
    if (result.isDone()) {
      return result.join();
    }
    if (nowNanos - deadline < 0) {
      return null;
    }
    result.thenAccept(lines -> feed.offer(now -> lines));
    return List.of(meanwhile);
  }
}
