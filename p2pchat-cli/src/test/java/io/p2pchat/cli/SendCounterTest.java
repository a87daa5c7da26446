package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendCounterTest {
  private final SendCounter tally = new SendCounter();

  @Test
  void itCountsByHowMessagesEnded() {
    countOneOfEach();
    assertThat(tally.acknowledged()).isEqualTo(1);
    assertThat(tally.written()).isEqualTo(1);
    assertThat(tally.failed()).isEqualTo(1);
  }

  @Test
  void nothingIsWaitedForWhereAllHaveEnded() {
    countOneOfEach();
    tally.awaitAll(3);
  }

  @Test
  void itWaitsForTheLast() {
    countOneOfEach();
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> tally.awaitAll(4));
    assertThat(waiting).isNotDone();
    tally.countFailed();
    waiting.join();
  }

  private void countOneOfEach() {
    tally.countSent(Delivery.ACKNOWLEDGED);
    tally.countSent(Delivery.WRITTEN);
    tally.countFailed();
  }
}
