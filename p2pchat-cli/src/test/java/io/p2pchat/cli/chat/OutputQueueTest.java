package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputQueueTest {
  private final List<List<String>> shown = new CopyOnWriteArrayList<>();

  private List<String> lines() {
    return shown.stream().flatMap(List::stream).toList();
  }

  @Test
  void manyLinesComeInOrderAndInFewBatches() {
    List<String> lines = IntStream.range(0, 25_000).mapToObj(String::valueOf).toList();
    try (OutputQueue feed = new OutputQueue(shown::add)) {
      lines.forEach(line -> feed.add(List.of(line)));
    }
    assertThat(lines()).isEqualTo(lines);
    assertThat(shown).hasSizeLessThan(lines.size() / 10);
  }

  @Test
  void aResultOfNoLinesHoldsUpNothing() {
    try (OutputQueue feed = new OutputQueue(shown::add)) {
      feed.add(now -> List.of());
      feed.flush();
      feed.add(List.of("next"));
      feed.flush();
      assertThat(lines()).containsExactly("next");
    }
  }

  /** How many lines a thread can add, of so many, before it has to wait for the screen. */
  private static int addedUntilItWaits(int lines, String line) throws InterruptedException {
    Semaphore screen = new Semaphore(0);
    AtomicInteger added = new AtomicInteger();
    try (OutputQueue feed = new OutputQueue(shown -> screen.acquireUninterruptibly())) {
      Thread adder =
          new Thread(
              () -> {
                for (int i = 0; i < lines; i++) {
                  feed.add(List.of(line));
                  added.incrementAndGet();
                }
              });
      adder.start();
      await().untilAsserted(() -> assertThat(adder.getState()).isEqualTo(Thread.State.WAITING));
      int before = added.get();
      screen.release(1_000_000);
      adder.join();
      assertThat(added).hasValue(lines);
      return before;
    }
  }

  @Test
  void whoAddsTooMuchWaitsForTheScreen() throws InterruptedException {
    assertThat(addedUntilItWaits(20_000, "line")).isBetween(10_000, 11_001);
  }

  @Test
  void longLinesFillItToo() throws InterruptedException {
    assertThat(addedUntilItWaits(100, "x".repeat(1 << 17))).isBetween(32, 35);
  }

  @Test
  void flushDoesNotWaitForWhatIsAddedLater() throws InterruptedException {
    AtomicBoolean enough = new AtomicBoolean();
    try (OutputQueue feed = new OutputQueue(lines -> {})) {
      Thread adder =
          new Thread(
              () -> {
                while (!enough.get()) {
                  feed.add(List.of("line"));
                }
              });
      adder.start();
      feed.flush();
      feed.flush();
      assertThat(adder.isAlive()).isTrue();
      enough.set(true);
      adder.join();
    }
  }

  @Test
  void theLogWaitsForNothing() {
    Semaphore screen = new Semaphore(0);
    try (OutputQueue feed =
        new OutputQueue(
            lines -> {
              screen.acquireUninterruptibly();
              shown.add(lines);
            })) {
      IntStream.range(0, 20_000).forEach(i -> feed.log("line"));
      screen.release(1_000_000);
    }
    assertThat(lines()).hasSizeBetween(10_000, 11_001);
  }

  @Test
  void whatIsPendingHoldsUpWhatIsBehindIt() {
    CompletableFuture<List<String>> late = new CompletableFuture<>();
    try (OutputQueue feed = new OutputQueue(shown::add)) {
      feed.add(now -> late.getNow(null));
      feed.add(List.of("behind"));
      assertThat(shown).isEmpty();
      late.complete(List.of("late"));
      feed.changed();
      feed.flush();
      assertThat(lines()).containsExactly("late", "behind");
    }
  }

  /** When the screen ends, it still runs while it wakes up who waits. */
  @Test
  void flushDoesNotWaitForAScreenThatHasEnded() throws InterruptedException {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Semaphore handler = new Semaphore(0);
    OutputQueue feed =
        new OutputQueue(
            lines -> {
              Thread.currentThread()
                  .setUncaughtExceptionHandler(
                      (thread, e) -> {
                        failure.complete(e);
                        handler.acquireUninterruptibly();
                      });
              throw new IllegalStateException("no screen");
            });
    feed.add(List.of("line"));
    feed.flush();
    assertThat(failure.join()).hasMessage("no screen");
    handler.release();
    feed.close();
  }

  @Test
  void flushWaitsUntilAllIsShown() {
    try (OutputQueue feed = new OutputQueue(shown::add)) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String line = "line " + i;
        expected.add(line);
        feed.add(List.of(line));
        feed.flush();
        assertThat(lines()).isEqualTo(expected);
      }
    }
  }
}
