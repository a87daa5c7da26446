package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FairExecutorTest {
  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final FairExecutor<String> turns = new FairExecutor<>(thread::add);
  private final List<String> ran = new ArrayList<>();

  private Runnable task(String owner, int number) {
    Runnable task = () -> ran.add(owner + number);
    turns.execute(owner, task);
    return task;
  }

  private void runThread() {
    for (Runnable next = thread.poll(); next != null; next = thread.poll()) {
      next.run();
    }
  }

  @Test
  void whoHasManyKeepsOthersWaitingForOneOfThem() {
    for (int i = 0; i < 5; i++) {
      task("many", i);
    }
    task("one", 0);
    task("two", 0);
    task("two", 1);
    runThread();
    assertThat(ran)
        .containsExactly("many0", "one0", "two0", "many1", "two1", "many2", "many3", "many4");
  }

  @Test
  void whoComesBackHasNotLostItsTurn() {
    turns.execute("one", () -> task("one", 1));
    task("many", 0);
    task("many", 1);
    runThread();
    assertThat(ran).containsExactly("many0", "one1", "many1");
  }

  @Test
  void oneWithdrawnIsNotRunAndNotKept() {
    task("one", 0);
    turns.drop("one", task("one", 1));
    turns.drop("two", task("two", 0));
    assertThat(turns.size()).isOne();
    runThread();
    assertThat(ran).containsExactly("one0");
    assertThat(turns.size()).isZero();
  }

  @Test
  void threadIsAskedForOnceHoweverMuchThereIs() {
    for (int i = 0; i < 1000; i++) {
      turns.drop("one", task("one", i));
    }
    assertThat(thread).hasSize(1);
  }

  @Test
  void oneThatFailsHoldsUpNoOther() {
    turns.execute(
        "one",
        () -> {
          throw new IllegalStateException("on purpose");
        });
    task("two", 0);
    runThread();
    task("two", 1);
    runThread();
    assertThat(ran).containsExactly("two0", "two1");
  }

  @Test
  void whatTheThreadDoesNotTakeIsSaid() {
    FairExecutor<String> ended =
        new FairExecutor<>(
            task -> {
              throw new RejectedExecutionException("ended");
            });
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> ended.execute("one", () -> ran.add("never")));
    assertThat(ended.size()).isZero();
  }

  /** No thread can be created, for one moment. */
  @Test
  void afterAnErrorOfTheExecutorOthersGoOn() {
    Queue<OutOfMemoryError> errors = new ArrayDeque<>(List.of(new OutOfMemoryError("a test")));
    FairExecutor<String> after =
        new FairExecutor<>(
            task -> {
              if (!errors.isEmpty()) {
                throw errors.remove();
              }
              thread.add(task);
            });
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> after.execute("one", () -> ran.add("lost")));
    after.execute("one", () -> ran.add("one"));
    after.execute("two", () -> ran.add("two"));
    runThread();
    assertThat(ran).containsExactly("one", "two");
    assertThat(after.size()).isZero();
  }
}
