package io.p2pchat.internal.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleThreadExecutorTest {
  private final AtomicInteger failing = new AtomicInteger();
  private final Queue<Runnable> retries = new ArrayDeque<>();
  private final List<Integer> done = new CopyOnWriteArrayList<>();
  private final SingleThreadExecutor executor =
      new SingleThreadExecutor(this::thread, retries::add);

  /** The system has no thread left while {@link #failing} is above 0. */
  private Thread thread(Runnable task) {
    if (failing.getAndDecrement() > 0) {
      throw new OutOfMemoryError("unable to create native thread, as the test asked");
    }
    return new Thread(task);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void tasksWithoutAThreadRunInOrderWhenThereIsOne() {
    failing.set(3);
    executor.execute(() -> done.add(1));
    executor.execute(() -> done.add(2));
    assertThat(retries).hasSize(1);
    retries.remove().run();
    assertThat(done).isEmpty();
    assertThat(retries).hasSize(1);
    retries.remove().run();
    until("both tasks", () -> done.size() == 2);
    assertThat(done).containsExactly(1, 2);
    assertThat(retries).isEmpty();
  }

  @Test
  void nextTaskBringsTheThreadBackToo() {
    failing.set(1);
    executor.execute(() -> done.add(1));
    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> done.add(2), executor);
    assertThat(result(second)).isNull();
    assertThat(done).containsExactly(1, 2);
    retries.remove().run();
    assertThat(done).containsExactly(1, 2);
  }

  @Test
  void rejectsTasksAfterItsEnd() {
    executor.shutdown();
    assertThatThrownBy(() -> executor.execute(() -> done.add(1)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(executor.getQueue()).isEmpty();
  }
}
