package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DaemonThreadTest {
  @Test
  void whatEndsIsWaitedFor() {
    AtomicBoolean hasRun = new AtomicBoolean();
    assertThat(DaemonThread.run("ends", () -> hasRun.set(true), Duration.ofMinutes(1))).isTrue();
    assertThat(hasRun).isTrue();
  }

  @Test
  void whatHangsIsLeftAlone() {
    Semaphore hanging = new Semaphore(0);
    Runnable task = hanging::acquireUninterruptibly;
    assertThat(DaemonThread.run("hangs", task, Duration.ofMillis(1))).isFalse();
    assertThat(DaemonThread.of("hangs", task).isDaemon()).isTrue();
    hanging.release();
  }
}
