package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.MessageRefusedException;
import io.p2pchat.testing.peers.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for each listener also holds for one on the event loop. */
class InlineListenerTest extends StoreFixture {
  private static final int MESSAGES = 200;

  private final List<String> handled = new CopyOnWriteArrayList<>();

  @Test
  void whatItHasHandledIsAcknowledgedInOrderAlsoIfItThrows() {
    try (TestNode two =
            TestNode.start(
                "Two",
                builder ->
                    builder
                        .inlineListener()
                        .onMessage(
                            message -> {
                              handled.add(message.text());
                              throw new IllegalStateException("as the test asked");
                            }));
        TestNode one = TestNode.start("One")) {
      List<CompletableFuture<Boolean>> sends = new ArrayList<>();
      for (String text : numbers()) {
        sends.add(
            one.send(two, text)
                .thenApply(
                    delivery -> delivery == Delivery.ACKNOWLEDGED && handled.contains(text)));
      }
      assertThat(sends).allMatch(sent -> result(sent));
      assertThat(handled).isEqualTo(numbers());
    }
  }

  @Test
  void withAStoreItGetsARefusedMessageAgainAtTheNextStart() {
    AtomicBoolean refuses = new AtomicBoolean(true);
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = startBob(0, refuses);
    result(submit(ann, bob.address(), "refused").delivered());
    result(submit(ann, bob.address(), "next").delivered());
    eventually(() -> assertThat(handled).containsExactly("refused", "next"));
    refuses.set(false);
    handled.clear();
    bob.close();
    startBob(bob.port(), refuses);
    eventually(() -> assertThat(handled).containsExactly("refused"));
  }

  private TestNode startBob(int port, AtomicBoolean refuses) {
    return start(
        "Bob",
        port,
        bobsDisk,
        builder ->
            builder
                .inlineListener()
                .onMessage(
                    message -> {
                      handled.add(message.text());
                      if (refuses.get() && message.text().equals("refused")) {
                        throw new MessageRefusedException("as the test asked");
                      }
                    }));
  }

  private static List<String> numbers() {
    return IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
  }
}
