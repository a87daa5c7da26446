package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.testing.stores.MemoryStore;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MissedMessagesTest {
  private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");
  private static final Instant BEFORE = START.minusSeconds(3600);

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final MemoryStore store = new MemoryStore(disk);
  private final List<String> lines = new ArrayList<>();
  private final Queue<Runnable> due = new ArrayDeque<>();
  private final MissedMessages missed =
      new MissedMessages(START, Peer::teamName, lines::add, nanos -> due::add);
  private long number;

  @BeforeEach
  void claim() {
    store.claim();
  }

  private static Peer peer(String team) {
    return Peer.builder(new PeerAddress("192.0.2.1", 7001))
        .teamName(team)
        .fingerprint(Fingerprint.parse(String.format("%064x", team.hashCode())))
        .build();
  }

  private void store(Peer from, Instant sent, Instant came) {
    store(1, from, sent, came);
  }

  private void store(int messages, Peer from, Instant sent, Instant came) {
    try (StoreTransaction transaction = store.begin()) {
      for (int i = 0; i < messages; i++) {
        transaction.receive(
            StoredMessage.builder(Conversation.of(from), State.UNTAKEN, "text", came)
                .claimedTime(sent)
                .number("outbox", ++number)
                .build());
      }
      transaction.commit();
    }
  }

  private void comes(Peer from, Instant sent) {
    store(from, sent, START.plusSeconds(1));
    missed.message(MessageReceived.of(from, "text", false, START.plusSeconds(1)));
  }

  private void pause() {
    for (Runnable next = due.poll(); next != null; next = due.poll()) {
      next.run();
    }
  }

  @Test
  void whatWasSentBeforeTheStartIsCountedInOneLine() {
    store(peer("Bob"), BEFORE, BEFORE);
    missed.begin(store);
    comes(peer("Bob"), BEFORE);
    comes(peer("Bob"), BEFORE.plusSeconds(60));
    comes(peer("Bob"), START.plusSeconds(1));
    pause();
    assertThat(lines).containsExactly("2 messages from Bob came while you were away.");
    comes(peer("Bob"), BEFORE);
    comes(peer("Carol"), BEFORE);
    pause();
    assertThat(lines)
        .hasSize(2)
        .last()
        .isEqualTo("2 messages came while you were away: Bob (1) and Carol (1).");
  }

  @Test
  void whatComesBeforeTheFirstPromptIsCountedToo() {
    comes(peer("Bob"), BEFORE);
    assertThat(due).isEmpty();
    missed.begin(store);
    pause();
    assertThat(lines).containsExactly("1 message from Bob came while you were away.");
  }

  @Test
  void whatTheLastChatHasNotShownIsCounted() {
    missed.begin(store);
    missed.message(MessageReceived.redelivered(peer("Bob"), "text", BEFORE));
    pause();
    assertThat(lines).containsExactly("1 message from Bob came while you were away.");
  }

  @Test
  void whatIsSentNowIsNoNews() {
    missed.begin(store);
    comes(peer("Bob"), START.plusSeconds(1));
    pause();
    assertThat(lines).isEmpty();
  }

  @Test
  void whatIsNotShownIsNotCounted() {
    missed.begin(store);
    store(peer("Ignored"), BEFORE, START.plusSeconds(1));
    comes(peer("Bob"), START.plusSeconds(1));
    pause();
    assertThat(lines).isEmpty();
  }

  @Test
  void manyMessagesAreCountedInPartsAndMoreThanOnce() {
    store(12_000, peer("Bob"), BEFORE, START.plusSeconds(1));
    missed.begin(store);
    comes(peer("Bob"), BEFORE);
    pause();
    assertThat(lines).containsExactly("12001 messages from Bob came while you were away.");
  }

  @Test
  void aStoreThatCannotBeReadDisturbsNothing() {
    missed.begin(
        (MessageStore)
            Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, args) -> {
                  throw new StoreException(Reason.OTHER, "broken", null);
                }));
    missed.message(MessageReceived.of(peer("Bob"), "text", false, START));
    pause();
    assertThat(lines).isEmpty();
  }
}
