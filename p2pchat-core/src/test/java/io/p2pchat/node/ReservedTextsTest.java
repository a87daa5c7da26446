package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.testing.peers.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reserved texts between two nodes. */
class ReservedTextsTest {
  private TestNode one;
  private TestNode two;

  @BeforeEach
  void start() {
    one = TestNode.start("One");
    two = TestNode.start("Two");
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void messageMakesBothActiveAndNeitherConnected() {
    result(one.send(two, "hello"));
    two.log().awaitTexts(1);
    assertThat(one.active()).containsExactly(two.address());
    assertThat(two.active()).containsExactly(one.address());
    assertThat(one.connected()).isEmpty();
    assertThat(two.connected()).isEmpty();
    assertThat(two.log().kinds()).containsExactly("PeerActive", "MessageReceived");
    assertThat(two.log().messages().get(0).peer().teamName()).isEqualTo("One");
  }

  @Test
  void manualConnectionConnectsBothSides() {
    result(one.node().connect(two.address()));
    assertThat(one.connected()).containsExactly(two.address());
    assertConnected(one, true, false);
    assertConnected(two, true, true);
    assertThat(two.connected()).containsExactly(one.address());
    assertThat(two.active()).containsExactly(one.address());
  }

  @Test
  void automaticConnectionConnectsBothSides() {
    result(two.send(one, "hello"));
    one.log().awaitTexts(1);
    result(one.node().connectAll());
    assertConnected(one, false, false);
    assertConnected(two, false, true);
    assertThat(one.connected()).containsExactly(two.address());
    assertThat(two.connected()).containsExactly(one.address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"manual connection message", " Manual Connection MESSAGE\n"})
  void sendingTheManualConnectionTextIsConnecting(String text) {
    result(one.send(two, text));
    assertConnected(one, true, false);
    assertConnected(two, true, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection message", "\tCONNECTION message "})
  void sendingTheAutomaticConnectionTextIsConnecting(String text) {
    result(one.send(two, text));
    assertConnected(one, false, false);
    assertConnected(two, false, true);
  }

  @Test
  void connectingTwiceIsOneEvent() {
    result(one.node().connect(two.address()));
    result(one.node().connect(two.address()));
    result(two.node().connectAll());
    result(two.send(one, "done"));
    one.log().awaitTexts(1);
    assertThat(one.log().of(PeerConnected.class)).hasSize(1);
    assertThat(two.log().of(PeerConnected.class)).hasSize(1);
  }

  @Test
  void disconnectingRemovesEachFromTheOthersLists() {
    result(one.node().connect(two.address()));
    result(one.node().disconnect(two.address()));
    assertLeft(one, Reason.DISCONNECTED);
    assertLeft(two, Reason.SAID_EXIT);
    assertThat(one.log().messages()).isEmpty();
    assertThat(two.log().messages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", " EXIT \n", "eXit"})
  void sendingExitIsDisconnecting(String text) {
    result(one.send(two, "hello"));
    result(one.send(two, text));
    assertLeft(one, Reason.DISCONNECTED);
    assertLeft(two, Reason.SAID_EXIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit!", "exit exit", "connection  message", "the connection message"})
  void otherTextsAreMessages(String text) {
    result(one.send(two, text));
    assertThat(two.log().awaitTexts(1)).containsExactly(text);
    assertThat(two.active()).containsExactly(one.address());
    assertThat(two.connected()).isEmpty();
  }

  @Test
  void exitToSomeoneUnknownIsNoEvent() {
    result(one.node().disconnect(two.address()));
    result(one.send(two, "after"));
    two.log().awaitTexts(1);
    assertThat(two.log().kinds()).containsExactly("PeerActive", "MessageReceived");
    eventually(() -> assertThat(one.log().kinds()).containsExactly("PeerActive"));
  }

  @Test
  void plainTextsAreStrippedAndKeepTheirLineBreaks() {
    try (TestNode plain = TestNode.start("Plain", TestNode.plain().build());
        TestNode silent = TestNode.start("Silent", TestNode.notGreeting().build())) {
      result(plain.send(silent, "  a\r\nb\rc\nd|\u001b[0m \n"));
      result(plain.send(silent, " \n "));
      assertThat(silent.log().awaitTexts(2)).containsExactly("a\nb\nc\nd|\u001b[0m", "");
    }
  }

  private static void assertConnected(TestNode node, boolean manual, boolean incoming) {
    PeerConnected event = node.log().awaitFirst(PeerConnected.class);
    assertThat(event.manual()).isEqualTo(manual);
    assertThat(event.incoming()).isEqualTo(incoming);
    assertThat(event.peer().connected()).isTrue();
  }

  private static void assertLeft(TestNode node, Reason reason) {
    assertThat(node.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(reason);
    assertThat(node.active()).isEmpty();
    assertThat(node.connected()).isEmpty();
  }
}
