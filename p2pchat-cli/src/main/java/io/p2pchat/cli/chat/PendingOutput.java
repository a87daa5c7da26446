package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.ResultText;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The result of a command. If it takes longer than a moment, first shows that it is pending. A
 * failure that the command does not expect is a line, too: it must not end the screen.
 */
final class PendingOutput implements ChatOutput.Pending {

  private final ChatOutput output;
  private final String meanwhile;
  private final CompletableFuture<List<String>> result;
  private final long deadline;

  PendingOutput(ChatOutput output, String meanwhile, CompletableFuture<List<String>> result) {
    this.output = output;
    this.meanwhile = meanwhile;
    this.result =
        result.exceptionally(
            failure -> List.of(ChatFormat.safe("Failed: " + ResultText.reason(failure))));
    this.deadline = System.nanoTime() + output.pendingDelay().toNanos();
    this.result.thenRun(output::changed);
  }

  @Override
  public @Nullable List<String> lines(long nowNanos) {
    if (result.isDone()) {
      return result.join();
    }
    if (nowNanos - deadline < 0) {
      return null;
    }
    result.thenAccept(lines -> output.offer(now -> lines));
    return List.of(meanwhile);
  }
}
