package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.testing.Eventually;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.TestNode;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer must not say in a session (PROTOCOL.md section 4). */
class SessionWireViolationTest {
  private static final int LIMIT = 512;
  private static final String SESSION = "s".repeat(13);

  private final BarePeer peer = BarePeer.open();
  private final TestNode node =
      TestNode.start("One", TestNode.unhurried().maxFrameBytes(LIMIT).build());

  @AfterEach
  void stop() {
    peer.close();
    node.close();
  }

  private CompletableFuture<Delivery> send(String text) {
    return node.node().send(peer.address(), text);
  }

  private void assertRefused(BareSession connection) {
    assertThat(connection.readToEnd()).containsExactly("BYE:protocol");
    assertViolation(connection.localPort());
  }

  private void assertViolation(int port) {
    Eventually.eventually(
        () ->
            assertThat(node.log().of(ProtocolViolation.class))
                .singleElement()
                .satisfies(
                    event -> {
                      assertThat(event.peer().address())
                          .isEqualTo(new PeerAddress("127.0.0.1", port));
                      assertThat(event.description()).isNotBlank();
                    }));
    assertThat(node.node().metrics().violations()).isEqualTo(1);
    assertThat(node.log().texts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ACK:1",
        "ACK:999999999999999999",
        "ACK:1000000000000000000",
        "ACK:-1",
        "ACK:",
        "ACK:x",
        "ACK",
        "PING:\u0007",
        "PONG:\u0007",
        "GREETING:1|TLS:no|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "GREETING:",
        "HELLO:",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:x",
        "WELCOME:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|SESSION:aaaaaaaaaaaaa|RECEIVED:0"
            + "|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:x",
        "WELCOME:1",
        "LISTENING_PORT:1|TEAM_NAME:Bare|another port",
        "LISTENING_PORT:x|TEAM_NAME:Bare|no port",
        "LISTENING_PORT:1",
        "LISTENING_PORT:"
      })
  void lineOutOfPlaceEndsTheSession(String bad) {
    BareSession session = peer.open(node).connection();
    session.say(bad).say(peer.chat("too late"));
    assertRefused(session);
  }

  @Test
  void ownHelloAgainEndsTheSession() {
    BareSession session = peer.open(node).connection();
    assertRefused(session.say(peer.hello()).say(peer.chat("too late")));
  }

  @Test
  void chatLineOfAnotherTeamEndsTheSession() {
    BareSession session = peer.open(node).connection();
    assertRefused(session.say(peer.chat("x").replace(BarePeer.TEAM, "Other")));
  }

  @Test
  void chatLineThatAddsSpaceToTheTeamEndsTheSession() {
    BareSession session = peer.open(node).connection();
    assertRefused(session.say(peer.chat("x").replace(BarePeer.TEAM, BarePeer.TEAM + " ")));
  }

  @Test
  void longestLineIsTakenAndOneByteMoreEndsTheSession() {
    BareSession session = peer.open(node).connection();
    String text = "x".repeat(LIMIT - 1 - peer.chat("").length());
    assertThat(session.say(peer.chat(text)).readTo("ACK:1")).isEmpty();
    assertThat(node.log().texts()).containsExactly(text);
    session.say(peer.chat(text + "x"));
    assertThat(session.readToEnd()).containsExactly("BYE:protocol");
    assertThat(node.log().awaitFirst(ProtocolViolation.class).description()).contains("" + LIMIT);
    assertThat(node.log().texts()).containsExactly(text);
  }

  @Test
  void lineThatIsTooLongEndsTheSessionBeforeItsEndHasCome() {
    BareSession session = peer.open(node).connection();
    assertRefused(session.write("X".repeat(LIMIT)));
  }

  @Test
  void helloThatIsTooLongIsRefused() {
    assertRefused(peer.dial(node).write(peer.hello() + "|PAD:" + "x".repeat(LIMIT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HELLO:1",
        "HELLO:0|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:x",
        "HELLO:1|NODE:AAAAAAAAAAAAAAAAAAAAAAAAAA|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:x",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:0|LISTENING_PORT:1|TEAM_NAME:x",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1|LISTENING_PORT:1|TEAM_NAME:x",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:511|LISTENING_PORT:1|TEAM_NAME:x",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1000|LISTENING_PORT:0|TEAM_NAME:x",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:x"
            + "|SESSION:short|RECEIVED:0",
        "HELLO:1|NODE:aaaaaaaaaaaaaaaaaaaaaaaaaa|LIMIT:1000|LISTENING_PORT:1|TEAM_NAME:x"
            + "|SESSION:aaaaaaaaaaaaa"
      })
  void malformedHelloIsRefused(String hello) {
    assertRefused(peer.dial(node).say(hello).say(peer.chat("too late")));
    assertThat(node.active()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "ACK:0", "ACK:1", "PING:1", "greeting", "hello", "WELCOME:1"})
  void dialedPeerMustSayWelcomeFirst(String said) {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.acceptAndGreet();
    assertThat(connection.read()).startsWith("HELLO:1|");
    String bad =
        switch (said) {
          case "chat" -> peer.chat("too early");
          case "greeting" -> peer.greeting();
          case "hello" -> peer.hello();
          default -> said;
        };
    connection.say(bad).say(peer.welcome(SESSION, 0));
    assertThat(connection.readToEnd()).containsExactly("BYE:protocol");
    assertThat(failure(sent)).isInstanceOf(PeerUnreachableException.class);
    Eventually.eventually(() -> assertThat(node.log().of(ProtocolViolation.class)).hasSize(1));
  }

  @Test
  void welcomeOfAnotherNodeThanTheGreetingIsRefused() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.acceptAndGreet();
    assertThat(connection.read()).startsWith("HELLO:1|");
    peer.restart(BarePeer.HIGHEST);
    connection.say(peer.welcome(SESSION, 0));
    assertThat(connection.readToEnd()).containsExactly("BYE:protocol");
    assertThat(failure(sent)).isInstanceOf(PeerUnreachableException.class);
    Eventually.eventually(() -> assertThat(node.log().of(ProtocolViolation.class)).hasSize(1));
  }

  @Test
  void welcomeForANewSessionWithLinesReceivedIsRefused() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession connection = peer.acceptAndWelcome(SESSION, 5).connection();
    assertThat(connection.readToEnd()).containsExactly("BYE:protocol");
    assertThat(failure(sent)).isInstanceOf(PeerUnreachableException.class);
    Eventually.eventually(() -> assertThat(node.log().of(ProtocolViolation.class)).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 999_999_999})
  void resumptionWithAnImpossibleCountIsRefused(long received) {
    BarePeer.Opened opened = peer.open(node);
    BareSession session = opened.connection();
    CompletableFuture<Delivery> first = send("1");
    CompletableFuture<Delivery> second = send("2");
    assertThat(session.readTo(node.line("2"))).containsExactly(node.line("1"));
    session.say("ACK:1");
    assertThat(result(first)).isEqualTo(Delivery.ACKNOWLEDGED);
    BareSession again = peer.dial(node).say(peer.hello(opened.field("SESSION"), received));
    assertRefused(again);
    assertThat(failure(second)).isInstanceOf(DeliveryUnknownException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3})
  void welcomeBackWithAnImpossibleCountIsRefused(long received) {
    CompletableFuture<Delivery> first = send("1");
    CompletableFuture<Delivery> second = send("2");
    BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(session.readTo(node.line("2"))).containsExactly(node.line("1"));
    session.say("ACK:1");
    assertThat(result(first)).isEqualTo(Delivery.ACKNOWLEDGED);
    session.close();
    BarePeer.Opened again = peer.acceptAndWelcome(SESSION, received);
    assertThat(again.field("RECEIVED")).isEqualTo("0");
    assertThat(again.connection().readToEnd()).containsExactly("BYE:protocol");
    assertThat(failure(second)).isInstanceOf(DeliveryUnknownException.class);
    Eventually.eventually(() -> assertThat(node.log().of(ProtocolViolation.class)).hasSize(1));
  }

  @Test
  void acknowledgementOfWhatWasNotYetWrittenFailsWhatWaits() {
    BareSession session = peer.open(node).connection();
    CompletableFuture<Delivery> first = send("1");
    assertThat(session.read()).isEqualTo(node.line("1"));
    assertRefused(session.say("ACK:2"));
    assertThat(failure(first)).isInstanceOf(DeliveryUnknownException.class);
  }

  @Test
  void noOtherConnectionIsDisturbed() {
    try (BarePeer other = BarePeer.open(BarePeer.HIGHEST)) {
      BareSession good = other.open(node).connection();
      BareSession bad = peer.open(node).connection();
      assertRefused(bad.say("ACK:1"));
      assertThat(good.roundTrip()).isEmpty();
      CompletableFuture<Delivery> sent = node.node().send(other.address(), "hi");
      assertThat(good.read()).isEqualTo(node.line("hi"));
      good.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }
}
