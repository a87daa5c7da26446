package io.p2pchat.internal.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Conversation;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import io.p2pchat.internal.store.StoreWriter.Times;
import io.p2pchat.testing.stores.MemoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreWriterTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Conversation PEER = Conversation.of(new PeerAddress("192.0.2.1", 7001));

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<StoreWriter> writers = new ArrayList<>();
  private Duration hang = NEVER;

  private StoreWriter writer(MessageStore store, Duration retry, Duration lazy) {
    StoreListener listener =
        new StoreListener() {
          @Override
          public void claimed(StoreState state) {
            log.add("claimed");
          }

          @Override
          public void failing(StoreException e) {
            log.add("failing " + e.reason());
          }

          @Override
          public void working() {
            log.add("working");
          }

          @Override
          public void hangs(boolean now) {
            log.add(now ? "hangs" : "answers");
          }
        };
    StoreWriter writer =
        new StoreWriter(store, listener, Thread::new, new Times(retry, lazy, hang));
    writers.add(writer);
    return writer;
  }

  private StoreWriter started() {
    StoreWriter writer = writer(new MemoryStore(disk), SOON, NEVER);
    writer.start();
    return writer;
  }

  @AfterEach
  void close() {
    disk.fail(null);
    writers.forEach(writer -> writer.close(LONG));
  }

  /** Adds one message. Logs what becomes of it. */
  private final class Addition implements StoreChange {
    private final String text;
    private final boolean repeated;

    Addition(String text, boolean repeated) {
      this.text = text;
      this.repeated = repeated;
    }

    @Override
    public int bytes() {
      return text.length();
    }

    @Override
    public void apply(StoreTransaction transaction) {
      transaction.add(
          StoredMessage.builder(PEER, State.TAKEN, text, Instant.ofEpochSecond(1)).build());
    }

    @Override
    public void committed() {
      log.add("committed " + text);
    }

    @Override
    public boolean failed(StoreException e) {
      if (!repeated) {
        log.add("failed " + text + " " + e.reason());
      }
      return repeated;
    }

    @Override
    public void dropped(StoreException e) {
      log.add("dropped " + text + " " + e.reason());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StoreException full() {
    return new StoreException(Reason.FULL, "full", null);
  }

  private StoreChange add(String text) {
    return new Addition(text, true);
  }

  private void awaitLog(String line) {
    Awaitility.await().atMost(LONG).until(() -> log.contains(line));
  }

  private List<String> stored() {
    return new MemoryStore(disk)
        .messages(HistoryQuery.first(1000)).stream().map(StoredMessage::text).toList();
  }

  @Test
  void changesAreCommittedInTheirOrder() {
    StoreWriter writer = writer(new MemoryStore(disk), SOON, NEVER);
    IntStream.range(0, 3).forEach(i -> writer.submit(add("m" + i)));
    writer.start();
    awaitLog("committed m2");
    assertThat(log).containsExactly("claimed", "committed m0", "committed m1", "committed m2");
    assertThat(stored()).containsExactly("m0", "m1", "m2");
  }

  @Test
  void whatWaitsIsOneTransactionUpToItsBound() throws Exception {
    Counting store = new Counting(new MemoryStore(disk));
    StoreWriter writer = writer(store, SOON, NEVER);
    IntStream.range(0, StoreWriter.BATCH_CHANGES + 1).forEach(i -> writer.submit(add("m" + i)));
    for (int i = 0; i < 3; i++) {
      writer.submit(add("x".repeat(StoreWriter.BATCH_BYTES / 2)));
    }
    writer.start();
    assertThat(store.sizes.poll(20, SECONDS)).isEqualTo(StoreWriter.BATCH_CHANGES);
    assertThat(store.sizes.poll(20, SECONDS)).isEqualTo(3);
    assertThat(store.sizes.poll(20, SECONDS)).isEqualTo(1);
  }

  @Test
  void aLazyChangeWaitsForAnotherOne() {
    StoreWriter writer = started();
    writer.submitLazily(add("lazy"));
    writer.submit(add("eager"));
    awaitLog("committed eager");
    assertThat(stored()).containsExactly("lazy", "eager");
  }

  @Test
  void aLazyChangeIsCommittedSoonWithoutAnother() {
    StoreWriter writer = writer(new MemoryStore(disk), NEVER, SOON);
    writer.start();
    writer.submitLazily(add("lazy"));
    awaitLog("committed lazy");
  }

  @Test
  void whatMustBeStoredIsTriedAgainInItsOrderAndTheRestFails() {
    StoreWriter writer = started();
    awaitLog("claimed");
    disk.fail(full());
    writer.submit(add("in1"));
    awaitLog("failing FULL");
    writer.submit(new Addition("out", false));
    writer.submit(add("in2"));
    awaitLog("failed out FULL");
    disk.fail(null);
    awaitLog("committed in2");
    assertThat(stored()).containsExactly("in1", "in2");
    assertThat(log).containsOnlyOnce("failing FULL").containsOnlyOnce("working");
  }

  @Test
  void aSubmissionFailsAtOnceWhileTheStoreDoes() {
    StoreWriter writer = writer(new MemoryStore(disk), NEVER, NEVER);
    writer.start();
    awaitLog("claimed");
    disk.fail(full());
    writer.submit(add("in1"));
    awaitLog("failing FULL");
    writer.submit(new Addition("out", false));
    awaitLog("failed out FULL");
    disk.fail(null);
    writer.close(LONG);
    assertThat(stored()).as("tried once more by close").containsExactly("in1");
  }

  @Test
  void aStoreOfAnotherIsClaimedWhenItIsFree() {
    MemoryStore other = new MemoryStore(disk);
    other.claim();
    StoreWriter writer = started();
    writer.submit(add("in"));
    writer.submit(new Addition("out", false));
    awaitLog("failed out LOCKED");
    assertThat(log).contains("failing LOCKED").doesNotContain("claimed");
    other.close();
    awaitLog("committed in");
    assertThat(log).containsSubsequence("working", "claimed", "committed in");
  }

  @Test
  void aCommitThatHangsIsToldAndSoIsItsEnd() {
    hang = SOON;
    CountDownLatch go = new CountDownLatch(1);
    disk.beforeCommit(() -> await(go));
    List<Boolean> toldStore = new CopyOnWriteArrayList<>();
    MessageStore store =
        new Counting(new MemoryStore(disk)) {
          @Override
          public void hangs(boolean now) {
            toldStore.add(now);
          }
        };
    StoreWriter writer = writer(store, NEVER, NEVER);
    writer.start();
    writer.submit(add("text"));
    awaitLog("hangs");
    assertThat(log).doesNotContain("answers", "committed text");
    go.countDown();
    awaitLog("committed text");
    assertThat(log).containsSubsequence("hangs", "answers", "committed text");
    assertThat(toldStore).startsWith(true, false);
  }

  @Test
  void closingCommitsWhatWaitsAndFreesTheStore() {
    StoreWriter writer = started();
    writer.submitLazily(add("lazy"));
    writer.close(LONG);
    assertThat(log).contains("committed lazy");
    assertThat(writer.submit(add("late"))).isFalse();
    assertThat(new MemoryStore(disk).claim().lastRow()).isEqualTo(1);
  }

  @Test
  void closingDropsWhatCannotBeStored() {
    StoreWriter writer = writer(new MemoryStore(disk), NEVER, NEVER);
    writer.start();
    awaitLog("claimed");
    disk.fail(full());
    writer.submit(add("in"));
    awaitLog("failing FULL");
    writer.close(LONG);
    assertThat(log).contains("dropped in FULL");
    assertThat(stored()).isEmpty();
  }

  @Test
  void closingBeforeTheStoreIsClaimedDropsWhatWaits() {
    disk.fail(full());
    StoreWriter writer = writer(new MemoryStore(disk), NEVER, NEVER);
    writer.start();
    awaitLog("failing FULL");
    writer.submit(add("in"));
    writer.close(LONG);
    assertThat(log).contains("dropped in CLOSED").doesNotContain("claimed");
  }

  @Test
  void aDamagedStoreIsTriedAgainAtOnce() {
    StoreWriter writer = writer(new MemoryStore(disk), NEVER, NEVER);
    writer.start();
    awaitLog("claimed");
    disk.fail(new StoreException(Reason.CORRUPT, "damaged", null));
    StoreChange mending =
        new StoreChange() {
          @Override
          public int bytes() {
            return 0;
          }

          @Override
          public void apply(StoreTransaction transaction) {}

          @Override
          public boolean failed(StoreException e) {
            disk.fail(null);
            return true;
          }

          @Override
          public void committed() {
            log.add("mended");
          }
        };
    writer.submit(mending);
    awaitLog("mended");
    assertThat(log).containsSubsequence("failing CORRUPT", "working", "mended");
  }

  @Test
  void aChangeThatThrowsDoesNotEndTheThread() {
    StoreWriter writer = started();
    writer.submit(
        new StoreChange() {
          @Override
          public int bytes() {
            return 0;
          }

          @Override
          public void apply(StoreTransaction transaction) {
            throw new IllegalStateException("defect");
          }

          @Override
          public boolean failed(StoreException e) {
            log.add("failed " + e.reason());
            throw new IllegalStateException("another");
          }
        });
    awaitLog("failed OTHER");
    writer.submit(add("next"));
    awaitLog("committed next");
  }

  @Test
  void anErrorDoesNotEndTheThread() {
    StoreWriter writer = started();
    AtomicBoolean first = new AtomicBoolean(true);
    writer.submit(
        new StoreChange() {
          @Override
          public int bytes() {
            return 0;
          }

          @Override
          public void apply(StoreTransaction transaction) {
            if (first.getAndSet(false)) {
              throw new OutOfMemoryError("as it can happen");
            }
          }

          @Override
          public void committed() {
            log.add("committed then");
            throw new StackOverflowError("as a defect causes it");
          }
        });
    awaitLog("committed then");
    writer.submit(add("next"));
    awaitLog("committed next");
    assertThat(log).containsSubsequence("failing OTHER", "working", "committed then");
  }

  @Test
  void theStoreWorksWhileNothingIsToBeStored() throws Exception {
    CountDownLatch idle = new CountDownLatch(3);
    MessageStore store =
        new Counting(new MemoryStore(disk)) {
          @Override
          public boolean idle() {
            idle.countDown();
            return idle.getCount() > 0;
          }
        };
    StoreWriter writer = writer(store, SOON, NEVER);
    writer.start();
    assertThat(idle.await(20, SECONDS)).isTrue();
    writer.submit(add("then"));
    awaitLog("committed then");
  }

  @Test
  void lazyChangesForAWholeTransactionDoNotWait() {
    StoreWriter writer = started();
    awaitLog("claimed");
    IntStream.range(0, StoreWriter.BATCH_CHANGES).forEach(i -> writer.submitLazily(add("m" + i)));
    awaitLog("committed m" + (StoreWriter.BATCH_CHANGES - 1));
  }

  /** Counts the additions of each transaction. */
  private static class Counting implements MessageStore {
    private final BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    private final MemoryStore store;

    Counting(MemoryStore store) {
      this.store = store;
    }

    @Override
    public StoreState claim() {
      return store.claim();
    }

    @Override
    public StoreTransaction begin() {
      long before = store.messages(HistoryQuery.last(1)).stream().mapToLong(m -> m.row()).sum();
      StoreTransaction real = store.begin();
      return (StoreTransaction)
          Proxy.newProxyInstance(
              Counting.class.getClassLoader(),
              new Class<?>[] {StoreTransaction.class},
              (proxy, method, arguments) -> {
                Object result = method.invoke(real, arguments);
                if (method.getName().equals("commit")) {
                  long now =
                      store.messages(HistoryQuery.last(1)).stream().mapToLong(m -> m.row()).sum();
                  sizes.add((int) (now - before));
                }
                return result;
              });
    }

    @Override
    public List<StoredMessage> messages(HistoryQuery query) {
      return store.messages(query);
    }

    @Override
    public List<StoredMessage> conversations(int limit) {
      return store.conversations(limit);
    }

    @Override
    public List<StoredMessage> untaken(Conversation conversation, long after, int limit) {
      return store.untaken(conversation, after, limit);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
