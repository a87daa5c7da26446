package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.chat.SentMessage.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SentMessageTest {
  private static final long LATER = TimeUnit.HOURS.toNanos(1);

  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  private SentMessage message(OutputQueue feed) {
    ChatFormat look = new ChatFormat(false, true, new PeerNames(List::of));
    return new SentMessage(look, feed, () -> "Bob", "hello", () -> "queued", outcome);
  }

  @Test
  void whatIsKnownAtOnceIsOneLine() {
    try (OutputQueue feed = new OutputQueue(shown::addAll)) {
      SentMessage message = message(feed);
      assertThat(message.lines(System.nanoTime())).isNull();
      outcome.complete(new Outcome(Mark.DELIVERED, List.of()));
      assertThat(message.lines(System.nanoTime() + LATER))
          .singleElement()
          .asString()
          .endsWith(" ✓✓ you → Bob: hello");
    }
    assertThat(shown).isEmpty();
  }

  @Test
  void whatHasToWaitSaysSoAndLaterWhatCameOfIt() {
    try (OutputQueue feed = new OutputQueue(shown::addAll)) {
      SentMessage message = message(feed);
      assertThat(message.lines(System.nanoTime() + LATER))
          .singleElement()
          .asString()
          .endsWith(" …  you → Bob: hello (queued)");
      outcome.complete(new Outcome(Mark.FAILED, List.of("Why.")));
      feed.flush();
    }
    assertThat(shown).hasSize(2).last().asString().isEqualTo("         Why.");
    assertThat(shown.get(0))
        .containsPattern(" ✗  NOT SENT to Bob: hello \\(from\u00a0\\d\\d:\\d\\d\\)$");
  }

  @Test
  void whatIsKeptWhenTheChatEndsIsNotShownAgain() {
    try (OutputQueue feed = new OutputQueue(shown::addAll)) {
      SentMessage message = message(feed);
      assertThat(message.lines(System.nanoTime() + LATER)).hasSize(1);
      outcome.complete(new Outcome(Mark.PENDING, List.of()));
      feed.flush();
      assertThat(shown).isEmpty();
      assertThat(message(feed).lines(System.nanoTime()))
          .singleElement()
          .asString()
          .endsWith(" …  you → Bob: hello (queued)");
    }
  }
}
