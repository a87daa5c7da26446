package io.p2pchat.internal.keep;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreException;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.testing.Fingerprints;
import io.p2pchat.testing.stores.MemoryStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageKeeperTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final PeerAddress ADDRESS = new PeerAddress("192.0.2.1", 7001);
  private static final MessageKeeper.Sender SENDER = new MessageKeeper.Sender("Bob", ADDRESS);

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final MessageKeeper keeper = open(disk);

  private static MessageKeeper open(MemoryStore.Disk of) {
    return new MessageKeeper(
        new MemoryStore(of), "o".repeat(26), false, Runnable::run, Runnable::run, Thread::new);
  }

  @AfterEach
  void close() {
    keeper.close(Duration.ofSeconds(20));
  }

  private List<StoredMessage> stored() {
    return new MemoryStore(disk).messages(HistoryQuery.first(1000));
  }

  /** Stops the store, as a slow disk does. */
  private void stopUntil(CountDownLatch go) {
    CountDownLatch stopped = new CountDownLatch(1);
    keeper.stored(
        KEY,
        List.of(),
        none -> {
          stopped.countDown();
          result(CompletableFuture.runAsync(() -> await(go)));
        });
    await(stopped);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A node that started before would say that it has no store. */
  @Test
  void theStartWaitsForASlowStore() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    MemoryStore.Disk slowDisk = new MemoryStore.Disk();
    slowDisk.beforeClaim(() -> await(go));
    MessageKeeper slow = open(slowDisk);
    Thread start = new Thread(() -> slow.awaitFirst(Duration.ofNanos(1), Duration.ofHours(1)));
    start.start();
    eventually(() -> assertThat(start.getState()).isEqualTo(Thread.State.WAITING));
    go.countDown();
    start.join();
    assertThat(slow.claimed()).isDone();
    slow.close(Duration.ofSeconds(20));
  }

  @Test
  void theStartGoesOnWithoutAStoreThatHangsAndUsesItLater() {
    CountDownLatch go = new CountDownLatch(1);
    MemoryStore.Disk hanging = new MemoryStore.Disk();
    hanging.beforeClaim(() -> await(go));
    MessageKeeper keeperOfIt = open(hanging);
    keeperOfIt.awaitFirst(Duration.ofNanos(1), Duration.ofNanos(1));
    assertThat(keeperOfIt.failure()).hasMessageContaining("does not answer");
    go.countDown();
    result(keeperOfIt.claimed());
    assertThat(keeperOfIt.failure()).isNull();
    keeperOfIt.close(Duration.ofSeconds(20));
  }

  @Test
  void anInterruptDoesNotStartTheNodeWithoutItsStore() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    MemoryStore.Disk slowDisk = new MemoryStore.Disk();
    slowDisk.beforeClaim(() -> await(go));
    MessageKeeper slow = open(slowDisk);
    CompletableFuture<Boolean> started = new CompletableFuture<>();
    Thread start =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              slow.awaitFirst(Duration.ofHours(1), Duration.ofHours(1));
              started.complete(slow.claimed().isDone() && Thread.interrupted());
            });
    start.start();
    eventually(() -> assertThat(start.getState()).isEqualTo(Thread.State.WAITING));
    go.countDown();
    assertThat(result(started)).isTrue();
    start.join();
    slow.close(Duration.ofSeconds(20));
  }

  @Test
  void noFutureWaitsForAStoreThatHangsAtTheClose() {
    result(keeper.claimed());
    KeptSend withdrawn = keep("withdrawn");
    CountDownLatch go = new CountDownLatch(1);
    stopUntil(go);
    KeptSend waits = message("waits");
    keeper.keep(waits, KEY, ADDRESS, null, "waits", key -> {});
    keeper.withdrawn(withdrawn, new MessageWithdrawnException("withdrawn", ADDRESS));
    keeper.close(Duration.ofNanos(1));
    for (CompletableFuture<?> each : List.of(waits, waits.kept(), withdrawn)) {
      assertThat(failure(each))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CLOSED));
    }
    go.countDown();
  }

  @Test
  void theStartDoesNotWaitForAStoreWithADefect() {
    MemoryStore.Disk broken = new MemoryStore.Disk();
    broken.beforeClaim(
        () -> {
          throw new StackOverflowError("as a defect causes it");
        });
    MessageKeeper keeperOfIt = open(broken);
    keeperOfIt.awaitFirst(Duration.ofNanos(1), Duration.ofHours(1));
    assertThat(keeperOfIt.isOpen()).isFalse();
    assertThat(keeperOfIt.failure())
        .as("why nothing is kept")
        .hasMessageContaining("StackOverflowError");
    keeperOfIt.close(Duration.ofSeconds(20));
  }

  @Test
  void whatTheStoreHadKeptIsNotHeldForLongerThanItTakesToLoad() {
    result(keeper.claimed());
    assertThat(keeper.takeState().kept()).isEmpty();
    assertThatNullPointerException().isThrownBy(keeper::takeState);
  }

  /** What is sent before that would go before what is kept. */
  @Test
  void theStoreIsOpenWhenWhatItHasKeptWaits() {
    result(keeper.claimed());
    assertThat(keeper.isOpen()).isFalse();
    keeper.loaded();
    assertThat(keeper.isOpen()).isTrue();
  }

  /** It may be much, and would be held as long as the node runs. */
  @Test
  void whatTheStoreHasKeptIsHeldUntilItIsTaken() {
    result(keeper.claimed());
    assertThat(keeper.takeState().kept()).isEmpty();
    assertThatNullPointerException().isThrownBy(keeper::takeState);
  }

  @Test
  void aFloodForTheHistoryOnlyLeavesRoomForWhatMustBeStored() {
    result(keeper.claimed());
    CountDownLatch go = new CountDownLatch(1);
    stopUntil(go);
    String text = "x".repeat(64 * 1024);
    for (int i = 0; i < 5_000; i++) {
      keeper.received(Conversation.of(ADDRESS), text, SENDER);
    }
    CompletableFuture<List<Long>> rows = new CompletableFuture<>();
    keeper.receive(
        KEY,
        new Next("p".repeat(26), 1, Next.NOW),
        List.of("must be stored"),
        SENDER,
        rows::complete);
    go.countDown();
    assertThat(result(rows)).hasSize(1);
    assertThat(stored())
        .filteredOn(message -> message.state() == State.TAKEN)
        .hasSizeLessThan((int) (HistoryRecorder.MOST_BYTES / text.length()));
    keeper.received(Conversation.of(ADDRESS), "after the flood", SENDER);
    eventually(
        () ->
            assertThat(stored())
                .extracting(StoredMessage::text)
                .contains("must be stored", "after the flood"));
  }

  private void receive(int count, String text) {
    CompletableFuture<List<Long>> rows = new CompletableFuture<>();
    Next first = new Next("p".repeat(26), 1, Next.NOW);
    keeper.receive(KEY, first, Collections.nCopies(count, text), SENDER, rows::complete);
    result(rows);
  }

  @Test
  void aPageThatCannotBeReadIsTriedAgain() {
    result(keeper.claimed());
    receive(1, "text");
    disk.beforeRead(
        () -> {
          disk.beforeRead(() -> {});
          throw new StoreException(StoreException.Reason.OTHER, "cannot be read", null);
        });
    CompletableFuture<List<StoredMessage>> page = new CompletableFuture<>();
    keeper.untaken(KEY, 0, page::complete);
    assertThat(result(page)).extracting(StoredMessage::text).containsExactly("text");
  }

  @Test
  void aPageIsBoundedByTheLengthOfItsMessages() {
    result(keeper.claimed());
    receive(100, "x".repeat(64 * 1024));
    CompletableFuture<List<StoredMessage>> page = new CompletableFuture<>();
    keeper.untaken(KEY, 0, page::complete);
    assertThat(result(page)).hasSize(16);
  }

  @Test
  void aMessageThatWasNeverWrittenIsNotDeliveredWithALaterOne() {
    result(keeper.claimed());
    KeptSend unwritten = keep("unwritten");
    KeptSend written = keep("written");
    keeper.delivered(List.of(written));
    unwritten.completeExceptionally(new IllegalStateException("too long"));
    keeper.failed(unwritten);
    eventually(
        () ->
            assertThat(stored())
                .extracting(StoredMessage::state)
                .containsExactly(State.FAILED, State.DELIVERED));
  }

  /** A peer that says it has stored more breaks the protocol. */
  @Test
  void theGreatestNumberThatWasWrittenIsKnown() {
    result(keeper.claimed());
    KeptSend first = keep("first");
    keep("second");
    assertThat(keeper.lastWritten(KEY)).isZero();
    first.written();
    assertThat(keeper.lastWritten(KEY)).isEqualTo(1);
  }

  /** It may have been the next, so the one behind it can be written now. */
  @Test
  void whatIsBehindAMessageThatCannotBeStoredIsNotForgotten() {
    result(keeper.claimed());
    disk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    CompletableFuture<Boolean> failedBefore = new CompletableFuture<>();
    KeptSend message = message("id");
    keeper.keep(
        message,
        KEY,
        ADDRESS,
        null,
        "text",
        key -> failedBefore.complete(message.isCompletedExceptionally()));
    assertThat(result(failedBefore)).isTrue();
  }

  private static KeptSend message(String id) {
    return new KeptSend(id, new KeptSend.Wanted(KEY, null, null, null), true, 0);
  }

  private KeptSend keep(String text) {
    KeptSend message = message(text);
    keeper.keep(message, KEY, ADDRESS, null, text, key -> {});
    result(message.kept());
    return message;
  }
}
