package io.p2pchat.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HangWatchTest {
  private static final long MOST = 10;

  private final List<Boolean> told = new ArrayList<>();
  private final List<Long> due = new ArrayList<>();
  private final List<Runnable> tasks = new ArrayList<>();
  private long now;
  private final HangWatch watch =
      new HangWatch(
          Duration.ofNanos(MOST),
          told::add,
          () -> now,
          (task, nanos) -> {
            tasks.add(task);
            due.add(now + nanos);
          });

  private void pass(long nanos) {
    long until = now + nanos;
    while (!due.isEmpty() && due.get(0) <= until) {
      now = due.remove(0);
      tasks.remove(0).run();
    }
    now = until;
  }

  @Test
  void aCallThatHangsIsToldOnceAndThatItHasReturned() {
    watch.begin();
    pass(MOST - 1);
    assertThat(told).isEmpty();
    pass(1);
    pass(5 * MOST);
    assertThat(told).containsExactly(true);
    watch.end();
    assertThat(told).containsExactly(true, false);
  }

  @Test
  void neitherATimerNorAListenerThatFailsIsTheFailureOfACall() {
    List<Runnable> later = new ArrayList<>();
    HangWatch failing =
        new HangWatch(
            Duration.ofNanos(MOST),
            hangs -> {
              throw new IllegalStateException("as the test wants it");
            },
            () -> now,
            (task, nanos) -> {
              later.add(task);
              if (later.size() == 1) {
                throw new OutOfMemoryError("as the test wants it");
              }
            });
    failing.begin();
    failing.end();
    failing.begin();
    assertThat(later).as("tried again").hasSize(2);
    now += MOST;
    later.get(1).run();
    failing.end();
  }

  @Test
  void theNextHangIsToldAnew() {
    for (int i = 0; i < 2; i++) {
      watch.begin();
      pass(MOST);
      watch.end();
    }
    assertThat(told).containsExactly(true, false, true, false);
  }

  @Test
  void manyShortCallsDoNotHangAndNeedOneTimer() {
    for (int i = 0; i < 100; i++) {
      watch.begin();
      pass(1);
      assertThat(due).hasSize(1);
      watch.end();
    }
    pass(2 * MOST);
    assertThat(told).isEmpty();
    assertThat(due).as("while nothing is called").isEmpty();
  }

  @Test
  void aHangIsCountedFromTheBeginOfItsCall() {
    watch.begin();
    watch.end();
    pass(MOST - 1);
    watch.begin();
    pass(MOST - 1);
    assertThat(told).isEmpty();
    pass(1);
    assertThat(told).containsExactly(true);
  }
}
