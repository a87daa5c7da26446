package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageRefusedException;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageFailed;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import io.p2pchat.StoredMessage;
import io.p2pchat.Submission;
import io.p2pchat.testing.peers.TestNode;
import io.p2pchat.testing.stores.MemoryStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Messages that a store keeps, over real sockets (PROTOCOL.md section 9). */
@Execution(ExecutionMode.CONCURRENT)
class KeptMessagesTest extends StoreFixture {
  @Test
  void aMessageIsStoredOnBothSidesAndTaken() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    Submission hello = submit(ann, bob.address(), "hello");
    result(hello.kept());
    assertThat(result(hello.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(texts(bobsDisk, false)).containsExactly("hello");
    eventually(() -> assertThat(bob.log().texts()).contains("hello"));
    eventually(
        () ->
            assertThat(messages(bobsDisk, false))
                .allMatch(message -> message.state() == StoredMessage.State.TAKEN));
    eventually(
        () ->
            assertThat(messages(annsDisk, true))
                .allMatch(message -> message.state() == StoredMessage.State.DELIVERED));
    result(submit(bob, ann.address(), "hi").delivered());
    assertThat(texts(annsDisk, false)).containsExactly("hi");
  }

  @Test
  void manyMessagesArriveInOrder() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    List<String> texts = IntStream.range(0, 900).mapToObj(i -> "n" + i).toList();
    List<Submission> sent = texts.stream().map(text -> submit(ann, bob.address(), text)).toList();
    sent.forEach(message -> result(message.delivered()));
    assertThat(texts(bobsDisk, false).subList(1, 901)).isEqualTo(texts);
  }

  @Test
  void aMessageToOneWhoIsAwayWaitsAndArrivesAfterTheSenderWasStartedAnew() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    PeerAddress address = bob.address();
    bob.close();
    Submission away = submit(ann, address, "are you there?");
    result(away.kept());
    assertThat(away.delivered()).isNotDone();
    ann.close();
    assertThat(result(away.delivered())).isEqualTo(Delivery.KEPT);
    TestNode annAgain = start("Ann", 0, annsDisk);
    TestNode bobAgain = start("Bob", address.port(), bobsDisk);
    eventually(() -> assertThat(bobAgain.log().texts()).contains("are you there?"));
    assertThat(texts(bobsDisk, false)).containsExactly("first", "are you there?");
    eventually(
        () ->
            assertThat(messages(annsDisk, true))
                .allMatch(message -> message.state() == StoredMessage.State.DELIVERED));
    result(submit(annAgain, address, "good").delivered());
    assertThat(texts(bobsDisk, false)).containsExactly("first", "are you there?", "good");
  }

  @Test
  void whatTheListenerHasNotTakenItGetsAgainAtTheNextStart() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob =
        start(
            "Bob",
            0,
            bobsDisk,
            builder ->
                builder.onMessage(
                    message -> {
                      if (message.text().startsWith("no")) {
                        throw new MessageRefusedException("not now");
                      }
                    }));
    PeerAddress address = bob.address();
    for (String text : List.of("no 1", "yes", "no 2")) {
      assertThat(result(submit(ann, address, text).delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    }
    eventually(() -> assertThat(bob.log().texts()).contains("no 2"));
    bob.close();
    TestNode bobAgain = start("Bob", address.port(), bobsDisk);
    result(submit(ann, address, "new").delivered());
    eventually(() -> assertThat(bobAgain.log().texts()).containsExactly("no 1", "no 2", "new"));
    assertThat(bobAgain.log().messages().stream().map(MessageReceived::redelivered))
        .containsExactly(true, true, false);
    eventually(
        () ->
            assertThat(messages(bobsDisk, false))
                .allMatch(message -> message.state() == StoredMessage.State.TAKEN));
  }

  /** The known peers are read before the start returns. */
  @Test
  void aMessageToAnAddressIsKeptForItsKnownPeerAtOnceAfterAStart() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    result(submit(ann, address, "first").delivered());
    ann.close();
    bob.close();
    TestNode annAgain = start("Ann", 0, annsDisk);
    Submission away = submit(annAgain, address, "away");
    result(away.kept());
    annAgain.close();
    assertThat(result(away.delivered())).isEqualTo(Delivery.KEPT);
    assertThat(texts(annsDisk, true)).containsExactly("first", "away");
    start("Bob", address.port(), bobsDisk);
    result(submit(start("Ann", 0, annsDisk), address, "last").delivered());
    assertThat(texts(bobsDisk, false)).containsExactly("first", "away", "last");
  }

  @Test
  void aWithdrawnMessageDoesNotArrive() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    PeerAddress address = bob.address();
    bob.close();
    Submission one = submit(ann, address, "one");
    Submission two = submit(ann, address, "two");
    result(one.kept());
    result(two.kept());
    assertThat(one.withdraw()).isTrue();
    TestNode bobAgain = start("Bob", address.port(), bobsDisk);
    assertThat(result(two.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    eventually(() -> assertThat(bobAgain.log().texts()).contains("two"));
    assertThat(texts(bobsDisk, false)).containsExactly("first", "two");
  }

  @Test
  void withoutAStoreAtThePeerAMessageIsKeptUntilItIsAcknowledged() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, null);
    result(submit(ann, bob.address(), "first").delivered());
    PeerAddress address = bob.address();
    bob.close();
    Submission away = submit(ann, address, "later");
    result(away.kept());
    TestNode bobAgain = start("Bob", address.port(), null);
    assertThat(result(away.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    eventually(() -> assertThat(bobAgain.log().texts()).contains("later"));
  }

  /** Else it would be refused again at each dial, and nothing behind it would arrive. */
  @Test
  void aMessageThatAPeerWithoutAStoreRefusesFailsAndLetsTheNextPass() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob =
        start(
            "Bob",
            0,
            null,
            builder ->
                builder.onMessage(
                    message -> {
                      if (message.text().equals("no")) {
                        throw new MessageRefusedException("as the test asked");
                      }
                    }));
    result(submit(ann, bob.address(), "first").delivered());
    Submission refused = submit(ann, bob.address(), "no");
    Submission next = submit(ann, bob.address(), "next");
    assertThat(failure(refused.delivered()))
        .isInstanceOf(DeliveryUnknownException.class)
        .hasMessageContaining("refused");
    assertThat(result(next.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    eventually(
        () ->
            assertThat(messages(annsDisk, true))
                .extracting(StoredMessage::state)
                .containsExactly(
                    StoredMessage.State.DELIVERED,
                    StoredMessage.State.FAILED,
                    StoredMessage.State.DELIVERED));
  }

  @Test
  void aNodeWhoseKeyChangesHasNoStore() {
    assertThatIllegalStateException()
        .isThrownBy(() -> PeerNode.builder().teamName("T").store(new MemoryStore(annsDisk)).start())
        .withMessageContaining("Trust.pinned");
  }

  /** Its line is made anew with the name of the new start. */
  @Test
  void aMessageThatBecameTooLongWithALongerNameFailsAndLetsTheNextPass() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    PeerAddress address = bob.address();
    bob.close();
    result(submit(ann, address, "x".repeat(65_536 - 80)).kept());
    result(submit(ann, address, "next").kept());
    ann.close();
    TestNode renamed = start("Ann", 0, annsDisk, builder -> builder.teamName("Ann".repeat(20)));
    start("Bob", address.port(), bobsDisk);
    eventually(() -> assertThat(texts(bobsDisk, false)).containsExactly("first", "next"));
    assertThat(renamed.log().awaitFirst(MessageFailed.class).reason())
        .isInstanceOf(MessageTooLargeException.class);
  }
}
