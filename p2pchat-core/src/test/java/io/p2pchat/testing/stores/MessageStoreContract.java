package io.p2pchat.testing.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link MessageStore} must do. A test of a store extends this class. */
public abstract class MessageStoreContract {
  protected static final Fingerprint ANN = key('a');
  protected static final Fingerprint BOB = key('b');
  protected static final PeerAddress PLAIN = new PeerAddress("192.0.2.7", 7001);

  /** So late that no retention removes it. */
  protected static final Instant NOW = Instant.parse("2100-01-01T12:00:00.123Z");

  private static final String OWN = "ownoutboxownoutboxownoutbo";
  private static final String THEIRS = "theirsoutboxtheirsoutboxth";

  private final List<MessageStore> opened = new ArrayList<>();

  /** Opens the one store of this test. Called again after {@link MessageStore#close}, or beside. */
  protected abstract MessageStore open();

  private MessageStore store() {
    MessageStore store = open();
    opened.add(store);
    return store;
  }

  private MessageStore claimed() {
    MessageStore store = store();
    store.claim();
    return store;
  }

  @AfterEach
  void closeStores() {
    opened.forEach(MessageStore::close);
  }

  protected static Fingerprint key(char digit) {
    return Fingerprint.parse(String.valueOf(digit).repeat(64));
  }

  protected static long change(MessageStore store, ToLongFunction<StoreTransaction> change) {
    try (StoreTransaction transaction = store.begin()) {
      long result = change.applyAsLong(transaction);
      transaction.commit();
      return result;
    }
  }

  protected static StoredMessage.Builder kept(Fingerprint to, int number, String text) {
    return StoredMessage.builder(Conversation.of(to), State.KEPT, text, NOW).number(OWN, number);
  }

  protected static StoredMessage.Builder incoming(Fingerprint from, long number, String text) {
    return StoredMessage.builder(Conversation.of(from), State.UNTAKEN, text, NOW)
        .number(THEIRS, number);
  }

  protected static StoredMessage taken(Conversation conversation, String text) {
    return StoredMessage.builder(conversation, State.TAKEN, text, NOW).build();
  }

  protected static List<String> texts(List<StoredMessage> messages) {
    return messages.stream().map(StoredMessage::text).toList();
  }

  private static List<StoredMessage> all(MessageStore store) {
    return store.messages(HistoryQuery.first(HistoryQuery.MOST));
  }

  @Test
  void aNewStoreIsEmpty() {
    StoreState state = store().claim();
    assertThat(state.kept()).isEmpty();
    assertThat(state.untaken()).isEmpty();
    assertThat(state.lastRow()).isZero();
    assertThat(state.notice()).isEmpty();
  }

  @Test
  void aStoreThatNobodyHasClaimedYetReadsAsEmpty() {
    MessageStore store = store();
    assertThat(all(store)).isEmpty();
    assertThat(store.conversations(10)).isEmpty();
    assertThat(store.untaken(Conversation.of(ANN), 0, 10)).isEmpty();
  }

  @Test
  void everyPartOfAMessageIsKept() {
    StoredMessage sent =
        kept(BOB, 7, "one\ntwo \0 \u001b[1m 🦊")
            .id("the-id")
            .teamName("Bob")
            .address(new PeerAddress("fe80::1", 9))
            .expiry(NOW.plusSeconds(60))
            .build();
    StoredMessage got = incoming(ANN, 3, "").claimedTime(NOW.minusSeconds(99)).build();
    StoredMessage plain =
        StoredMessage.builder(Conversation.of(PLAIN), State.FAILED, "plain", NOW)
            .failure("refused")
            .teamName("Old")
            .address(PLAIN)
            .build();
    MessageStore store = claimed();
    change(store, tx -> tx.add(sent) + tx.receive(got) + tx.add(plain));
    store.close();
    assertThat(all(store()))
        .containsExactly(
            sent.toBuilder().row(1).build(),
            got.toBuilder().row(2).withoutNumber().build(),
            plain.toBuilder().row(3).build());
  }

  @Test
  void rowsRiseAndAreNeverUsedAgain() {
    MessageStore store = claimed();
    long first = change(store, tx -> tx.add(kept(BOB, 1, "one").build()));
    long second = change(store, tx -> tx.add(kept(BOB, 2, "two").build()));
    change(
        store,
        tx -> {
          tx.deleteAll();
          return 0;
        });
    store.close();
    MessageStore again = store();
    assertThat(again.claim().lastRow()).isEqualTo(second);
    assertThat(second).isGreaterThan(first);
    assertThat(change(again, tx -> tx.add(kept(BOB, 3, "three").build()))).isGreaterThan(second);
  }

  @Test
  void aTransactionThatIsNotCommittedChangesNothing() {
    MessageStore store = claimed();
    try (StoreTransaction transaction = store.begin()) {
      transaction.add(kept(BOB, 1, "one").build());
      transaction.receive(incoming(ANN, 5, "in").build());
      assertThat(transaction.received(ANN, THEIRS)).isEqualTo(5);
    }
    assertThat(all(store)).isEmpty();
    assertThat(change(store, tx -> tx.received(ANN, THEIRS))).isZero();
  }

  @Test
  void readersSeeNothingBeforeTheCommit() throws Exception {
    MessageStore store = claimed();
    try (StoreTransaction transaction = store.begin()) {
      transaction.add(kept(BOB, 1, "one").build());
      assertThat(elsewhere(() -> all(store))).isEmpty();
      transaction.commit();
    }
    assertThat(elsewhere(() -> all(store))).hasSize(1);
  }

  private static <T> T elsewhere(Supplier<T> action) throws Exception {
    return CompletableFuture.supplyAsync(action).get(20, TimeUnit.SECONDS);
  }

  @Test
  void onlyOneOwnsAStore() {
    MessageStore first = claimed();
    MessageStore second = store();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(second::claim)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED));
    change(first, tx -> tx.add(taken(Conversation.of(PLAIN), "hello")));
    assertThat(texts(all(second))).containsExactly("hello");
    first.close();
    assertThat(second.claim().lastRow()).isEqualTo(1);
  }

  @Test
  void aClosedStoreCannotBeChanged() {
    MessageStore store = claimed();
    store.close();
    store.close();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(store::begin)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
  }

  @Test
  void keptMessagesAreFoundByTheNextOwnerInTheirOrder() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          long delivered = tx.add(kept(BOB, 1, "b1").build());
          tx.add(kept(ANN, 1, "a1").sentTo(PLAIN).build());
          long failed = tx.add(kept(BOB, 2, "b2").build());
          tx.add(kept(BOB, 3, "b3").build());
          tx.end(failed, State.FAILED, "withdrawn");
          tx.end(delivered, State.DELIVERED, "");
          return 0;
        });
    store.close();
    List<StoredMessage> kept = store().claim().kept();
    assertThat(texts(kept)).containsExactly("a1", "b3");
    assertThat(kept)
        .extracting(StoredMessage::sentTo)
        .containsExactly(Optional.of(PLAIN), Optional.empty());
    assertThat(all(store()).get(2).failure()).contains("withdrawn");
  }

  @Test
  void anEndEndsOnlyItsOwnMessage() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          tx.add(kept(BOB, 1, "b1").build());
          tx.add(kept(BOB, 2, "b2").build());
          tx.add(kept(BOB, 3, "b3").expiry(NOW).sentTo(PLAIN).build());
          tx.add(kept(BOB, 4, "b4").build());
          tx.add(kept(ANN, 1, "a1").build());
          tx.add(kept(BOB, 1, "other").number(THEIRS, 1).build());
          return 0;
        });
    change(
        store,
        tx -> {
          tx.end(1, State.DELIVERED, "");
          tx.end(2, State.FAILED, "expired");
          tx.end(3, State.DELIVERED, "");
          return 0;
        });
    assertThat(all(store).stream().map(StoredMessage::state))
        .containsExactly(
            State.DELIVERED, State.FAILED, State.DELIVERED, State.KEPT, State.KEPT, State.KEPT);
    assertThat(all(store).get(2).expiry()).isEmpty();
    assertThat(all(store).get(2).outboxId()).isEmpty();
  }

  @Test
  void anEndedMessageStaysAsItEnded() {
    MessageStore store = claimed();
    long row = change(store, tx -> tx.add(kept(BOB, 1, "b1").build()));
    change(
        store,
        tx -> {
          tx.end(row, State.DELIVERED, "");
          tx.end(row, State.FAILED, "too late");
          tx.end(row + 99, State.FAILED, "no such row");
          tx.taken(row);
          tx.taken(row + 99);
          return 0;
        });
    assertThat(all(store).get(0).state()).isEqualTo(State.DELIVERED);
    assertThat(all(store).get(0).failure()).isEmpty();
  }

  @Test
  void aNumberIsReceivedOnce() {
    MessageStore store = claimed();
    assertThat(change(store, tx -> tx.receive(incoming(ANN, 2, "two").build()))).isEqualTo(1);
    assertThat(change(store, tx -> tx.receive(incoming(ANN, 2, "two").build()))).isZero();
    assertThat(change(store, tx -> tx.receive(incoming(ANN, 1, "one").build()))).isZero();
    assertThat(change(store, tx -> tx.receive(incoming(BOB, 1, "bob").build()))).isPositive();
    store.close();
    MessageStore again = claimed();
    assertThat(change(again, tx -> tx.receive(incoming(ANN, 2, "two").build()))).isZero();
    assertThat(change(again, tx -> tx.receive(incoming(ANN, 9, "nine").build()))).isPositive();
    assertThat(change(again, tx -> tx.received(ANN, THEIRS))).isEqualTo(9);
    assertThat(change(again, tx -> tx.received(ANN, OWN))).isZero();
    assertThat(texts(all(again))).containsExactly("two", "bob", "nine");
  }

  @Test
  void whatWasReceivedOutlivesDeletion() {
    MessageStore store = claimed();
    change(store, tx -> tx.receive(incoming(ANN, 2, "two").build()));
    change(
        store,
        tx -> {
          tx.delete(Conversation.of(ANN));
          return 0;
        });
    change(
        store,
        tx -> {
          tx.deleteAll();
          return 0;
        });
    assertThat(all(store)).isEmpty();
    assertThat(change(store, tx -> tx.receive(incoming(ANN, 2, "two").build()))).isZero();
  }

  @Test
  void ofTooManyOutboxesTheOneNamedLongestAgoIsForgotten() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          for (int i = 1; i <= MessageStore.OUTBOXES_PER_KEY; i++) {
            tx.receive(incoming(ANN, 1, "").number("outbox" + i, 1).build());
          }
          tx.receive(incoming(BOB, 1, "").number("outbox2", 1).build());
          return 0;
        });
    change(store, tx -> tx.received(ANN, "outbox1"));
    change(store, tx -> tx.receive(incoming(ANN, 1, "").number("new", 5).build()));
    assertThat(change(store, tx -> tx.received(ANN, "outbox1"))).isEqualTo(1);
    assertThat(change(store, tx -> tx.received(ANN, "outbox2"))).isZero();
    assertThat(change(store, tx -> tx.received(BOB, "outbox2"))).isEqualTo(1);
    assertThat(change(store, tx -> tx.received(ANN, "outbox3"))).isEqualTo(1);
    assertThat(change(store, tx -> tx.received(ANN, "new"))).isEqualTo(5);
  }

  @Test
  void ofTooManyOutboxesInAllTheOnesOfStrangersNamedLongestAgoAreForgotten() {
    int keys = 2 * MessageStore.OUTBOXES_IN_ALL / MessageStore.OUTBOXES_PER_KEY;
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          tx.add(kept(BOB, 1, "to Bob").build());
          tx.receive(incoming(BOB, 1, "").number("ofBob", 7).build());
          for (int i = 0; i < MessageStore.OUTBOXES_IN_ALL; i++) {
            tx.receive(incoming(stranger(i % keys), 1, "").number("outbox" + i, 1).build());
          }
          return 0;
        });
    change(store, tx -> tx.receive(incoming(ANN, 1, "").number("new", 5).build()));
    assertThat(change(store, tx -> tx.received(stranger(0), "outbox0"))).isZero();
    int last = MessageStore.OUTBOXES_IN_ALL - 1;
    assertThat(change(store, tx -> tx.received(stranger(last % keys), "outbox" + last)))
        .isEqualTo(1);
    assertThat(change(store, tx -> tx.received(BOB, "ofBob"))).isEqualTo(7);
    assertThat(change(store, tx -> tx.received(ANN, "new"))).isEqualTo(5);
  }

  private static Fingerprint stranger(int number) {
    return Fingerprint.parse(String.format(Locale.ROOT, "%08x%056x", number, 0));
  }

  @Test
  void untakenMessagesAreFoundAgainAPageAtATime() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          IntStream.rangeClosed(1, 5).forEach(i -> tx.receive(incoming(ANN, i, "a" + i).build()));
          tx.receive(incoming(BOB, 1, "b1").build());
          tx.taken(1);
          tx.taken(3);
          tx.taken(6);
          return 0;
        });
    store.close();
    MessageStore again = store();
    assertThat(again.claim().untaken()).containsExactly(Conversation.of(ANN));
    List<StoredMessage> page = again.untaken(Conversation.of(ANN), 0, 2);
    assertThat(texts(page)).containsExactly("a2", "a4");
    assertThat(texts(again.untaken(Conversation.of(ANN), page.get(1).row(), 2)))
        .containsExactly("a5");
    assertThat(again.untaken(Conversation.of(BOB), 0, 2)).isEmpty();
  }

  @Test
  void aDeletedConversationIsGone() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          tx.add(kept(BOB, 1, "kept").build());
          tx.receive(incoming(BOB, 1, "untaken").build());
          tx.add(taken(Conversation.of(PLAIN), "plain"));
          tx.delete(Conversation.of(BOB));
          tx.delete(Conversation.of(ANN));
          return 0;
        });
    assertThat(texts(all(store))).containsExactly("plain");
    store.close();
    StoreState state = store().claim();
    assertThat(state.kept()).isEmpty();
    assertThat(state.untaken()).isEmpty();
  }

  @Test
  void historyIsReadInPagesOfAConversation() {
    MessageStore store = claimed();
    Conversation plain = Conversation.of(PLAIN);
    change(
        store,
        tx -> {
          for (int i = 1; i <= 6; i++) {
            tx.add(taken(plain, "p" + i));
            tx.receive(incoming(ANN, i, "a" + i).build());
          }
          return 0;
        });
    assertThat(texts(store.messages(HistoryQuery.last(2).with(plain)))).containsExactly("p5", "p6");
    assertThat(texts(store.messages(HistoryQuery.last(2).with(plain).before(9))))
        .containsExactly("p3", "p4");
    assertThat(texts(store.messages(HistoryQuery.first(2).with(plain).after(5))))
        .containsExactly("p4", "p5");
    assertThat(texts(store.messages(HistoryQuery.first(9).after(3).before(6))))
        .containsExactly("a2", "p3");
    assertThat(texts(store.messages(HistoryQuery.last(3)))).containsExactly("a5", "p6", "a6");
    assertThat(store.messages(HistoryQuery.last(3).with(Conversation.of(BOB)))).isEmpty();
  }

  @Test
  void historyIsReadFromATimeOn() {
    MessageStore store = claimed();
    Conversation plain = Conversation.of(PLAIN);
    change(
        store,
        tx -> {
          for (int hour : new int[] {1, 3, 2}) {
            tx.add(
                StoredMessage.builder(plain, State.TAKEN, "h" + hour, NOW.plusSeconds(hour))
                    .build());
          }
          return 0;
        });
    assertThat(texts(store.messages(HistoryQuery.first(9).since(NOW.plusSeconds(2)))))
        .as("a clock that was set back changes no order")
        .containsExactly("h3", "h2");
  }

  @Test
  void historyIsReadInOneState() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          tx.add(kept(ANN, 1, "a one").build());
          tx.add(kept(BOB, 1, "b one").build());
          tx.add(kept(ANN, 2, "a two").build());
          tx.end(1, State.DELIVERED, "");
          tx.receive(incoming(BOB, 1, "b in").build());
          tx.add(kept(BOB, 2, "b two").build());
          tx.add(taken(Conversation.of(PLAIN), "p one"));
          return 0;
        });
    HistoryQuery kept = HistoryQuery.first(9).state(State.KEPT);
    assertThat(texts(store.messages(kept))).containsExactly("b one", "a two", "b two");
    assertThat(texts(store.messages(HistoryQuery.last(2).state(State.KEPT))))
        .containsExactly("a two", "b two");
    assertThat(texts(store.messages(kept.after(2).before(5)))).containsExactly("a two");
    assertThat(texts(store.messages(kept.with(Conversation.of(BOB)))))
        .containsExactly("b one", "b two");
    assertThat(texts(store.messages(HistoryQuery.first(9).state(State.TAKEN))))
        .containsExactly("p one");
    assertThat(texts(store.messages(kept.words("one")))).containsExactly("b one");
    work(store);
    assertThat(texts(store.messages(kept.words("one"))))
        .as("in the index")
        .containsExactly("b one");
  }

  @Test
  void wordsAreFoundWhateverTheirCaseAndAccents() {
    MessageStore store = claimed();
    Conversation plain = Conversation.of(PLAIN);
    change(
        store,
        tx -> {
          tx.add(taken(plain, "Lunch at the café?"));
          tx.add(taken(plain, "ПРИВЕТ, lunchtime"));
          tx.receive(incoming(ANN, 1, "lunch, too").build());
          tx.add(taken(plain, "100% \"quoted\" OR* NEAR(a b) ^x"));
          return 0;
        });
    assertFound(store);
    work(store);
    assertFound(store);
  }

  private static void assertFound(MessageStore store) {
    Conversation plain = Conversation.of(PLAIN);
    assertThat(found(store, "lunch")).containsExactly(1L, 2L, 3L);
    assertThat(found(store, "LUNCH Café")).containsExactly(1L);
    assertThat(found(store, "cafe")).containsExactly(1L);
    assertThat(found(store, "привет")).containsExactly(2L);
    assertThat(found(store, "unch")).isEmpty();
    assertThat(found(store, "\"quoted\" or* near( ^")).containsExactly(4L);
    assertThat(found(store, "text:lunch")).isEmpty();
    assertThat(found(store, "?!")).hasSize(4);
    assertThat(store.messages(HistoryQuery.last(9).words("lunch").with(plain))).hasSize(2);
    assertThat(store.messages(HistoryQuery.last(1).words("lunch")).get(0).row()).isEqualTo(3);
    assertThat(store.messages(HistoryQuery.first(1).words("lunch").after(1)).get(0).row())
        .isEqualTo(2);
    assertThat(store.messages(HistoryQuery.first(9).words("lunch").since(NOW.plusSeconds(1))))
        .isEmpty();
    assertThat(store.messages(HistoryQuery.last(9).words("lunch").with(Conversation.of(BOB))))
        .isEmpty();
  }

  @Test
  void wordsOfEveryScriptAreFound() {
    List<String> words =
        List.of(
            "мой",
            "ещё",
            "шёл",
            "καλημέρα",
            "한국",
            "ありがとう",
            "नमस्ते",
            "สวัสดี",
            "x²y",
            "Việt",
            "Müller",
            "naïve",
            "Łódź",
            "你好");
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          words.forEach(word -> tx.add(taken(Conversation.of(PLAIN), "«" + word + "», ok")));
          words.forEach(
              word ->
                  tx.add(
                      taken(
                          Conversation.of(PLAIN),
                          Normalizer.normalize(word, Normalizer.Form.NFD) + " decomposed")));
          return 0;
        });
    assertEachIsFound(store, words);
    work(store);
    assertEachIsFound(store, words);
  }

  private static void assertEachIsFound(MessageStore store, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      List<Long> both = List.of(i + 1L, (long) i + 1 + words.size());
      assertThat(found(store, word)).as(word).isEqualTo(both);
      assertThat(found(store, Normalizer.normalize(word, Normalizer.Form.NFD)))
          .as("decomposed " + word)
          .contains(i + 1L + words.size());
      assertThat(found(store, word.toUpperCase(Locale.ROOT) + " OK")).as(word).contains(i + 1L);
      assertThat(found(store, word + " absent")).as(word).isEmpty();
    }
    assertThat(found(store, "muller")).hasSize(2);
    assertThat(found(store, "виет")).isEmpty();
  }

  private static void work(MessageStore store) {
    while (store.idle()) {
      // A store with an index fills it now.
    }
  }

  private static List<Long> found(MessageStore store, String words) {
    return store.messages(HistoryQuery.last(9).words(words)).stream()
        .map(StoredMessage::row)
        .toList();
  }

  @Test
  void deletedWordsAreNotFound() {
    MessageStore store = claimed();
    change(store, tx -> tx.receive(incoming(ANN, 1, "secret one").build()));
    work(store);
    change(store, tx -> tx.receive(incoming(ANN, 2, "secret two").build()));
    change(
        store,
        tx -> {
          tx.delete(Conversation.of(ANN));
          return 0;
        });
    change(store, tx -> tx.add(taken(Conversation.of(PLAIN), "secret three")));
    assertThat(found(store, "secret")).containsExactly(3L);
    work(store);
    assertThat(found(store, "secret")).containsExactly(3L);
  }

  @Test
  void conversationsAreListedByTheirLastMessage() {
    MessageStore store = claimed();
    change(
        store,
        tx -> {
          tx.add(kept(BOB, 1, "b1").build());
          tx.add(taken(Conversation.of(PLAIN), "p1"));
          tx.receive(incoming(ANN, 1, "a1").build());
          tx.add(kept(BOB, 2, "b2").build());
          return 0;
        });
    assertThat(texts(store.conversations(9))).containsExactly("b2", "a1", "p1");
    assertThat(texts(store.conversations(2))).containsExactly("b2", "a1");
  }
}
