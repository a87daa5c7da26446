package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class InlineExecutorTest {
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final List<String> warnings = new ArrayList<>();
  private long now;
  private final InlineExecutor executor = new InlineExecutor(loop::add, () -> now, warnings::add);

  @Test
  void runsATaskWhenTheLoopGetsToIt() {
    List<String> done = new ArrayList<>();
    executor.execute(() -> done.add("task"));
    assertThat(done).isEmpty();
    loop.remove().run();
    assertThat(done).containsExactly("task");
    assertThat(warnings).isEmpty();
  }

  @Test
  void warnsOfATaskThatTakesLongAlsoIfItFails() {
    executor.execute(() -> take(Duration.ofMillis(10)));
    executor.execute(() -> take(Duration.ofMillis(11)));
    executor.execute(
        () -> {
          take(Duration.ofSeconds(2));
          throw new IllegalStateException("failed");
        });
    loop.remove().run();
    assertThat(warnings).isEmpty();
    loop.remove().run();
    assertThat(warnings).singleElement().asString().contains(" 11 ms");
    assertThatThrownBy(loop.remove()::run).hasMessage("failed");
    assertThat(warnings).hasSize(2).last().asString().contains(" 2000 ms");
  }

  private void take(Duration time) {
    now += time.toNanos();
  }
}
