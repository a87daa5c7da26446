package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PendingOutputTest {
  private static final long LATER = TimeUnit.HOURS.toNanos(1);

  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final CompletableFuture<List<String>> result = new CompletableFuture<>();

  @Test
  void whatIsQuickIsItsResult() {
    try (OutputQueue feed = new OutputQueue(shown::addAll)) {
      feed.add(new PendingOutput(feed, "Going on …", result));
      result.complete(List.of("done"));
      feed.flush();
      assertThat(shown).containsExactly("done");
    }
  }

  @Test
  void whatTakesLongerSaysThatItGoesOn() {
    try (OutputQueue feed = new OutputQueue(shown::addAll)) {
      PendingOutput progress = new PendingOutput(feed, "Going on …", result);
      assertThat(progress.lines(System.nanoTime())).isNull();
      assertThat(progress.lines(System.nanoTime() + LATER)).containsExactly("Going on …");
      result.complete(List.of("done"));
      feed.flush();
      assertThat(shown).containsExactly("done");
    }
  }

  @Test
  void aFailureIsALineAndNotTheEndOfTheScreen() {
    try (OutputQueue feed = new OutputQueue(shown::addAll)) {
      feed.add(new PendingOutput(feed, "Going on …", result));
      PendingOutput late = new PendingOutput(feed, "Going on …", result);
      assertThat(late.lines(System.nanoTime() + LATER)).containsExactly("Going on …");
      result.completeExceptionally(new IllegalStateException("no \u001b idea"));
      feed.flush();
      feed.add(List.of("next"));
      feed.flush();
      assertThat(shown)
          .containsExactly("Failed: No \\u001b idea.", "Failed: No \\u001b idea.", "next");
    }
  }
}
