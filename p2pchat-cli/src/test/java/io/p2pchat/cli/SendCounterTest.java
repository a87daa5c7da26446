package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendCounterTest {
  private final SendCounter counter = new SendCounter();

  @Test
  void itCountsByHowMessagesEnded() {
    countOneOfEach();
    assertThat(counter.acknowledged()).isEqualTo(1);
    assertThat(counter.written()).isEqualTo(1);
    assertThat(counter.failed()).isEqualTo(1);
  }

  @Test
  void nothingIsWaitedForWhereAllHaveEnded() {
    countOneOfEach();
    assertThat(counter.whenAll(3)).isDone();
  }

  @Test
  void itWaitsForTheLast() {
    countOneOfEach();
    CompletableFuture<Void> waiting = counter.whenAll(4);
    assertThat(waiting).isNotDone();
    counter.countFailed();
    assertThat(waiting).isDone();
  }

  private void countOneOfEach() {
    counter.countSent(Delivery.ACKNOWLEDGED);
    counter.countSent(Delivery.WRITTEN);
    counter.countFailed();
  }
}
