package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.message.ChatLine;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Drives an outbox by hand: the test is the courier, and runs the completions when it says so. */
class OutboxTest {
  private final List<String> underWay = new ArrayList<>();
  private final List<String> abandoned = new ArrayList<>();
  private final Queue<Consumer<SendResult>> answers = new ArrayDeque<>();
  private final Queue<Runnable> completions = new ArrayDeque<>();
  private final Budget budget = new Budget(3, 1000);
  private int unused;
  private final Outbox outbox =
      new Outbox(budget, new TestCourier(), completions::add, () -> unused++);

  private final class TestCourier implements Courier {
    @Override
    public void deliver(Item item, Consumer<SendResult> done) {
      underWay.add(item.line().text());
      answers.add(done);
    }

    @Override
    public void abandon(Item item) {
      abandoned.add(item.line().text());
    }
  }

  private CompletableFuture<Delivery> send(String text) {
    Item item = new Item(new ChatLine(1, "T", text), 10, new CompletableFuture<>());
    assertThat(budget.reserve(item.bytes())).isTrue();
    outbox.add(item);
    return item.future();
  }

  private void answer(SendResult result) {
    answers.remove().accept(result);
  }

  private void complete() {
    while (!completions.isEmpty()) {
      completions.remove().run();
    }
  }

  private static SendResult failed(Throwable cause) {
    return SendResult.failed(new PeerUnreachableException("not there", cause));
  }

  private static Throwable failure(CompletableFuture<Delivery> future) {
    return future.handle((delivery, failure) -> failure).join();
  }

  @Test
  void messagesGoOneAfterTheOther() {
    CompletableFuture<Delivery> first = send("1");
    CompletableFuture<Delivery> second = send("2");
    assertThat(underWay).containsExactly("1");
    answer(SendResult.WRITTEN);
    assertThat(underWay).containsExactly("1", "2");
    answer(failed(new ConnectException()));
    complete();
    assertThat(first).isCompletedWithValue(Delivery.WRITTEN);
    assertThat(failure(second)).isInstanceOf(PeerUnreachableException.class);
    assertThat(unused).isEqualTo(1);
  }

  @Test
  void whatWaitedForAnAttemptThatTimedOutFailsWithIt() {
    send("1");
    CompletableFuture<Delivery> second = send("2");
    CompletableFuture<Delivery> third = send("exit");
    answer(failed(new ConnectTimeoutException()));
    complete();
    assertThat(failure(second))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessage("not there")
        .isNotSameAs(failure(third));
    assertThat(abandoned).containsExactly("2", "exit");
    assertThat(underWay).containsExactly("1");
  }

  @Test
  void roomIsGivenBackWithTheCompletionAndNotBefore() {
    send("1");
    send("2");
    send("3");
    answer(SendResult.WRITTEN);
    assertThat(budget.reserve(10)).isFalse();
    completions.remove().run();
    assertThat(budget.reserve(10)).isTrue();
  }

  @Test
  void closingFailsWhatWaitsAndWhatIsUnderWayEachInItsWay() {
    CompletableFuture<Delivery> first = send("1");
    CompletableFuture<Delivery> second = send("2");
    outbox.stop();
    outbox.close();
    complete();
    assertThat(failure(first)).isInstanceOf(DeliveryUnknownException.class);
    assertThat(failure(second)).isInstanceOf(NodeClosedException.class);
    answer(SendResult.WRITTEN);
    complete();
    assertThat(first).isCompletedExceptionally();
  }
}
