package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.sqlite.SqliteStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a person sees of the stored messages. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class HistoryOnTerminalIT extends ChatOnTerminal {
  @Test
  void aConversationIsShownWhenItIsOpenedAlsoAfterARestart() {
    try (Tmux ann = start()) {
      meet(ann, "Bob");
      ann.enter("/msg Bob good night");
      ann.awaitScreen(screen -> assertThat(screen).containsPattern("✓✓ .*\\(Bob\\): good night"));
      quit(ann);
    }
    try (Tmux ann = start()) {
      ann.resize(80, 24);
      ann.enter("/to Bob");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern(
                      "(?s)── \\w+, \\d+ \\w+ \\d{4} ──\n"
                          + "\\d\\d:\\d\\d 🔒 127\\S+ \\(Bob\\): hello\n"
                          + "\\d\\d:\\d\\d ✓✓ you → 127\\S+ \\(Bob\\): good night\n.*"
                          + "Ann → Bob>$"));
      ann.enter("/search NIGHT");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("(?s)/search NIGHT\n(Reading.*)?──.*good night\n.*>$"));
      ann.enter("/search tomorrow");
      ann.awaitScreen(screen -> assertThat(screen).contains("No messages."));
      quit(ann);
    }
  }

  @Test
  void whatComesWhileTheWindowHasNoFocusIsUnreadUntilItsConversationIsOpened() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      PeerNode carol = meet(ann, "Carol");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      ann.type("half a line");
      focus(ann, true);
      await().untilAsserted(() -> assertThat(ann.variable("pane_title")).isEqualTo("p2pchat"));
      say(carol, ann, "seen at once");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("(Carol): seen at once")
                  .endsWith("Ann → Bob> half a line"));
      lookElsewhere(ann, bob);
      say(carol, ann, "are you there?");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("(Carol): are you there?")
                  .endsWith("Ann → Bob [1 unread]> half a line"));
      focus(ann, true);
      ann.keys("C-u");
      ann.enter("/peers");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("Carol .* active +🔒 online.*, 1 unread")
                  .endsWith("Ann → Bob [1 unread]>"));
      quit(ann);
    }
    try (Tmux ann = start()) {
      ann.awaitPrompt("Ann [1 unread]>");
      ann.enter("/to Carol");
      ann.awaitPrompt("Ann → Carol>");
      quit(ann);
    }
  }

  /** Until the loss of focus has been read, messages have no rule above. */
  private static void lookElsewhere(Tmux ann, PeerNode bob) {
    focus(ann, false);
    await()
        .untilAsserted(
            () -> {
              say(bob, ann, "here?");
              assertThat(ann.all()).contains("── new ──");
            });
  }

  @Test
  void whoIsIgnoredHasNoUnreadMessages() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      PeerNode carol = meet(ann, "Carol");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      lookElsewhere(ann, bob);
      say(carol, ann, "are you there?");
      ann.awaitPrompt("Ann → Bob [1 unread]>");
      ann.enter("/ignore Carol");
      ann.awaitPrompt("Ann → Bob>");
      quit(ann);
    }
  }

  @Test
  void messagesOfAnEarlierChatThatFailAreSaid() {
    Fingerprint key;
    try (Tmux ann = start()) {
      key = meet(ann, "Bob").fingerprint().orElseThrow();
      quit(ann);
    }
    Instant then = Instant.now().minus(Duration.ofDays(8));
    try (MessageStore store = SqliteStore.open(directory.resolve("p2pchat/history"))) {
      store.claim();
      try (StoreTransaction transaction = store.begin()) {
        transaction.add(
            StoredMessage.builder(Conversation.of(key), State.KEPT, "too late", then)
                .number("a".repeat(26), 1)
                .address(new PeerAddress("127.0.0.1", 1))
                .expiry(then.plus(Duration.ofDays(7)))
                .id("an-id")
                .build());
        transaction.commit();
      }
    }
    String said = "·  1 earlier message to Bob was not delivered: see /history";
    try (Tmux ann = start()) {
      ann.awaitScreen(screen -> assertThat(screen).contains(said));
      ann.enter("/history Bob");
      ann.awaitScreen(screen -> assertThat(screen).containsPattern("✗  you → .*: too late"));
      quit(ann);
    }
  }

  @Test
  void whatIsWrongWithTheHistoryIsSaidAndThatItIsOver() {
    MessageStore store = SqliteStore.open(directory.resolve("p2pchat/history"));
    store.claim();
    try (Tmux ann = start()) {
      ann.awaitScreen(
          screen ->
              assertThat(screen.replaceAll("\\s+", " "))
                  .contains("⚠ Messages are not stored. ")
                  .contains("this history is in use by another p2pchat"));
      meet(ann, "Bob");
      ann.enter("/msg Bob without");
      ann.awaitScreen(screen -> assertThat(screen).containsPattern("✓✓ .*: without"));
      store.close();
      ann.awaitScreen(screen -> assertThat(screen).contains("·  Messages are stored again."));
      quit(ann);
    }
  }
}
