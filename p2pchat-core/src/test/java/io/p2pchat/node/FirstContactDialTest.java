package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a dialer finds out what listens, without asking (PROTOCOL.md section 3). */
class FirstContactDialTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final String SESSION = "s".repeat(13);

  private final BarePeer peer = BarePeer.open();
  private TestNode node;

  /** Waits for a greeting as long as it takes, and for the end of a connection too. */
  @BeforeEach
  void start() {
    node =
        TestNode.start(
            "One", NodeSettings.builder().greetingTimeout(NEVER).peerCloseTimeout(NEVER).build());
  }

  @AfterEach
  void stop() {
    peer.close();
    node.close();
  }

  private CompletableFuture<Delivery> send(String text) {
    return node.node().send(peer.address(), text);
  }

  /** The system refuses to connect to a broadcast address. */
  @Test
  void reasonOfTheSystemHasNoAddressInTheFormOfJava() {
    assertThat(failure(node.node().send(new PeerAddress("127.255.255.255", 7001), "hi")))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageStartingWith("Could not reach 127.255.255.255:7001: ")
        .hasMessageNotContaining("/");
  }

  @Test
  void dialerSaysNothingBeforeItIsGreeted() throws IOException {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.accept();
    assertThat(failure(node.node().send(SilentServer.nobody(), "elsewhere")))
        .isInstanceOf(PeerUnreachableException.class);
    assertThat(connection.isSilent()).isTrue();
    connection.say(peer.greeting());
    assertThat(connection.read())
        .matches(
            "HELLO:1\\|NODE:[a-z2-7]{26}\\|LIMIT:65536\\|LISTENING_PORT:"
                + node.port()
                + "\\|TEAM_NAME:One\\|EXACT:1\\|KEY:temporary");
    assertThat(connection.isSilent()).isTrue();
    connection.say(peer.welcome(SESSION, 0));
    assertThat(connection.read()).isEqualTo(node.line("hi"));
    assertThat(sent).isNotDone();
    connection.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void greetingMayComeByteForByte() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.accept().writeByteForByte(peer.greeting() + "\n");
    assertThat(connection.read()).startsWith("HELLO:1|");
    connection.writeByteForByte(peer.welcome(SESSION, 0) + "\n");
    assertThat(connection.read()).isEqualTo(node.line("hi"));
    connection.writeByteForByte("ACK:1\n");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void greetingOfALaterVersionIsAnswered() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.accept();
    connection.say(peer.greeting().replace("GREETING:1", "GREETING:7") + "|LATER:x");
    assertThat(connection.read()).startsWith("HELLO:1|");
    assertThat(sent).isNotDone();
  }

  @Test
  void silenceIsLevelZeroOnTheSameConnection() {
    try (TestNode quick = TestNode.start("Two", quick())) {
      CompletableFuture<Delivery> sent = quick.node().send(peer.address(), "hi");
      BareSession connection = peer.accept();
      assertThat(connection.readToEnd()).containsExactly(quick.line("hi"));
      connection.close();
      assertThat(result(sent)).isEqualTo(Delivery.WRITTEN);
      assertThat(quick.node().activePeers())
          .singleElement()
          .satisfies(known -> assertThat(known.level()).isEqualTo(Peer.Level.PLAIN));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Welcome to my chat, who are you?\n",
        "X",
        "GREETINGS, stranger",
        "GREETING:1|TLS:no|NODE:short\n",
        "GREETING:1|TLS:no\n",
        "GREETING:1|TLS:maybe|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "GREETING:0|TLS:no|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "GREETING:one|TLS:no|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        "\n"
      })
  void anythingElseIsLevelZeroAtOnce(String said) {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.accept().write(said);
    assertThat(connection.readToEnd()).containsExactly(node.line("hi"));
    connection.close();
    assertThat(result(sent)).isEqualTo(Delivery.WRITTEN);
  }

  @Test
  void greetingWithoutAnEndIsLevelZero() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.accept().write("GREETING:1|TLS:no|PAD:" + "x".repeat(600));
    assertThat(connection.readToEnd()).containsExactly(node.line("hi"));
    connection.close();
    assertThat(result(sent)).isEqualTo(Delivery.WRITTEN);
  }

  @Test
  void levelZeroIsRememberedUntilTheAddressSaysHello() {
    fallBack("first");
    CompletableFuture<Delivery> second = send("second");
    BareSession plain = peer.accept();
    assertThat(plain.readToEnd()).containsExactly(node.line("second"));
    plain.close();
    assertThat(result(second)).isEqualTo(Delivery.WRITTEN);

    BareSession session = peer.open(node).connection();
    session.say("BYE:closing");
    assertThat(session.readToEnd()).isEmpty();
    BareSession.settle(node.port());

    CompletableFuture<Delivery> third = send("third");
    BareSession greeted = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(greeted.read()).isEqualTo(node.line("third"));
    greeted.say("ACK:1");
    assertThat(result(third)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void levelZeroIsRememberedUntilTheAddressGreetsAfterAll() {
    CompletableFuture<Delivery> first = send("first");
    BareSession late = peer.accept().write("X\n");
    assertThat(late.readToEnd()).containsExactly(node.line("first"));
    late.say(peer.greeting()).close();
    assertThat(result(first)).isEqualTo(Delivery.WRITTEN);
    assertThat(node.log().awaitTexts(1)).containsExactly("X");
    assertThat(node.log().messages()).allMatch(MessageReceived::raw);

    CompletableFuture<Delivery> second = send("second");
    BarePeer.Opened greeted = peer.acceptAndWelcome(SESSION, 0);
    assertThat(greeted.answer()).startsWith("HELLO:1|");
    assertThat(greeted.connection().read()).isEqualTo(node.line("second"));
    greeted.connection().say("ACK:1");
    assertThat(result(second)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().messages()).hasSize(1);
  }

  /** It was too busy to greet in time. */
  @Test
  void greetingAfterSilenceIsNoMessageAndTheNextSendIsASession() {
    try (TestNode quick = TestNode.start("Two", quick())) {
      CompletableFuture<Delivery> first = quick.node().send(peer.address(), "first");
      BareSession late = peer.accept();
      assertThat(late.readToEnd()).containsExactly(quick.line("first"));
      late.say(peer.greeting()).close();
      assertThat(result(first)).isEqualTo(Delivery.WRITTEN);
      CompletableFuture<Delivery> second = quick.node().send(peer.address(), "second");
      BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
      assertThat(session.read()).isEqualTo(quick.line("second"));
      session.say("ACK:1");
      assertThat(result(second)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(quick.log().messages()).isEmpty();
    }
  }

  @Test
  void addressThatHasGreetedIsBusyAndNotAtLevelZero() throws IOException {
    // The peer must greet in time once.
    try (TestNode quick = TestNode.start("Two", silentAfter(Duration.ofMillis(500)));
        SilentServer other = SilentServer.open()) {
      CompletableFuture<Delivery> first = quick.node().send(peer.address(), "first");
      BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
      assertThat(session.read()).isEqualTo(quick.line("first"));
      session.say("ACK:1").say("BYE:closing");
      assertThat(session.readToEnd()).isEmpty();
      assertThat(result(first)).isEqualTo(Delivery.ACKNOWLEDGED);
      // Otherwise the next message could still fail with the session that ends.
      BareSession.settle(quick.port());

      CompletableFuture<Delivery> second = quick.node().send(peer.address(), "second");
      BareSession busy = peer.accept();
      quick.node().send(other.address(), "elsewhere");
      try (Socket plain = other.accept()) {
        assertThat(plain.getInputStream().readAllBytes()).isNotEmpty();
      }
      assertThat(busy.isSilent()).isTrue();
      busy.say(peer.greeting());
      assertThat(busy.read()).startsWith("HELLO:1|");
      busy.say(peer.welcome("t".repeat(13), 0));
      assertThat(busy.read()).isEqualTo(quick.line("second"));
      busy.say("ACK:1");
      assertThat(result(second)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  private static NodeSettings quick() {
    return silentAfter(Duration.ofMillis(20));
  }

  private static NodeSettings silentAfter(Duration greetingTimeout) {
    return NodeSettings.builder().greetingTimeout(greetingTimeout).build();
  }

  private void fallBack(String text) {
    CompletableFuture<Delivery> sent = send(text);
    BareSession connection = peer.accept().write("X");
    assertThat(connection.readToEnd()).containsExactly(node.line(text));
    connection.close();
    assertThat(result(sent)).isEqualTo(Delivery.WRITTEN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endBeforeAnyByteIsAFailureOfWhichNothingIsRemembered(boolean reset) {
    CompletableFuture<Delivery> first = send("first");
    CompletableFuture<Delivery> second = send("second");
    if (reset) {
      peer.accept().reset();
    } else {
      peer.accept().endOutput();
    }
    assertThat(failure(first))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining(peer.address().toString());
    BareSession connection = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(connection.read()).isEqualTo(node.line("second"));
    connection.say("ACK:1");
    assertThat(result(second)).isEqualTo(Delivery.ACKNOWLEDGED);
    node.log().awaitFirst(PeerActive.class);
    assertThat(node.log().kinds()).containsExactly("PeerActive");
  }

  @Test
  void messagesSentMeanwhileGoInOrderInTheSession() {
    List<CompletableFuture<Delivery>> sends = List.of(send("1"), send("2"), send("3"));
    BareSession connection = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(List.of(connection.read(), connection.read(), connection.read()))
        .containsExactly(node.line("1"), node.line("2"), node.line("3"));
    connection.say("ACK:3");
    assertThat(sends).allSatisfy(s -> assertThat(result(s)).isEqualTo(Delivery.ACKNOWLEDGED));
  }

  @Test
  void messagesSentMeanwhileGoInOrderAtLevelZero() {
    List<CompletableFuture<Delivery>> sends = List.of(send("1"), send("2"), send("3"));
    BareSession first = peer.accept().write("X");
    assertThat(first.readToEnd()).containsExactly(node.line("1"));
    first.close();
    for (String text : List.of("2", "3")) {
      BareSession next = peer.accept();
      assertThat(next.readToEnd()).containsExactly(node.line(text));
      next.close();
    }
    assertThat(sends).allSatisfy(s -> assertThat(result(s)).isEqualTo(Delivery.WRITTEN));
  }

  @Test
  void sendAtLevelZeroHoldsBackTheFirstLineOfASession() {
    CompletableFuture<Delivery> first = send("first");
    CompletableFuture<Delivery> second = send("second");
    BareSession plain = peer.accept().write("X");
    assertThat(plain.readToEnd()).containsExactly(node.line("first"));
    BareSession session = peer.open(node).connection();
    assertThat(session.roundTrip()).isEmpty();
    assertThat(first).isNotDone();
    plain.close();
    assertThat(session.read()).isEqualTo(node.line("second"));
    assertThat(result(first)).isEqualTo(Delivery.WRITTEN);
    session.say("ACK:1");
    assertThat(result(second)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void helloThatComesWhileDialingIsTheSessionOnceTheDialedNodeIsTheSame() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession dialed = peer.accept();
    BareSession session = peer.open(node).connection();
    assertThat(session.roundTrip()).isEmpty();
    dialed.say(peer.greeting());
    assertThat(dialed.readToEnd()).isEmpty();
    assertThat(session.read()).isEqualTo(node.line("hi"));
    session.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  /** Takes the 5 seconds that the specification gives a greeting. */
  @Test
  void silenceToADialerWithASessionIsAFailureAndNotLevelZero() {
    CompletableFuture<Delivery> first = send("first");
    BareSession connection = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(connection.read()).isEqualTo(node.line("first"));
    connection.close();
    CompletableFuture<Delivery> second = send("second");
    BareSession silent = peer.accept();
    assertThat(silent.readToEnd()).isEmpty();
    BarePeer.Opened again = peer.acceptAndWelcome(SESSION, 1);
    assertThat(again.field("SESSION")).isEqualTo(SESSION);
    assertThat(again.connection().read()).isEqualTo(node.line("second"));
    again.connection().say("ACK:2");
    assertThat(result(first)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(second)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void nodeThatAnswersAtItsOwnAddressUnderAnotherNameIsNoPeer() {
    PeerAddress self = new PeerAddress("127.0.0.1", node.port());
    assertThat(failure(node.node().send(self, "hi"))).isInstanceOf(IllegalArgumentException.class);
  }
}
