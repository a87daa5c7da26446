package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.TooManyPeersException;
import io.p2pchat.testing.netty.MemoryChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What many peers of one host can take of a node, in virtual time. */
class PeersOfOneHostTest {
  private static final String CONNECT = "manual connection message";
  private static final PeerAddress HONEST = PeerAddress.of(MemoryNode.at(9, 7000));

  @SuppressWarnings(
      "NullAway.Init") // Each test makes it on its own thread, to which the loop belongs
  private MemoryNode node;

  private void turn() {
    node.net.turn();
    node.net.loop.pass(1);
    node.listen();
    node.complete();
    node.net.turn();
  }

  private void pass(long millis) {
    node.net.loop.pass(millis);
    turn();
  }

  private static byte[] line(int port, String text) {
    return ("LISTENING_PORT:" + port + "|TEAM_NAME:Many|" + text + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The next dial finds a program that says something other than a greeting, and takes the line.
   */
  private void takeLine() {
    MemoryChannel peer = Objects.requireNonNull(node.net.connect(), "no dial waits");
    turn();
    peer.arrive(new byte[] {'?'});
    turn();
    peer.end();
    turn();
    turn();
  }

  private CompletableFuture<Delivery> send(PeerAddress to, String text) {
    node.send(to, text);
    turn();
    return node.sends.get(node.sends.size() - 1);
  }

  private List<PeerAddress> connected() {
    return node.registry.connected().stream().map(Peer::address).toList();
  }

  private <E> List<E> events(Class<E> kind) {
    return node.events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void portsThatOneConnectionNamesConnectUpToTheBound() {
    node = new MemoryNode(NodeSettings.DEFAULTS);
    CompletableFuture<Delivery> honest = send(HONEST, CONNECT);
    takeLine();
    assertThat(honest).isCompletedWithValue(Delivery.WRITTEN);
    MemoryChannel attacker = node.net.accept(MemoryNode.at(5, 50_000));
    for (int port = 1; port <= 65_535; port++) {
      attacker.arrive(line(port, "connection message"));
      if (port % 1000 == 0) {
        turn();
      }
    }
    for (int i = 0; i < 1000; i++) {
      turn();
    }
    assertThat(connected()).hasSize(257).contains(HONEST);
    assertThat(node.registry.active()).hasSize(257);
    assertThat(events(PeerLeft.class)).isEmpty();
  }

  @Test
  void connectThatFindsNoRoomFailsAndSendsNothing() {
    node = new MemoryNode(NodeSettings.builder().maxPeersPerHost(1).build());
    CompletableFuture<Delivery> first = send(HONEST, CONNECT);
    takeLine();
    assertThat(first).isCompletedWithValue(Delivery.WRITTEN);
    PeerAddress second = PeerAddress.of(MemoryNode.at(9, 7001));
    assertThat(send(second, CONNECT))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(TooManyPeersException.class)
        .withMessage(
            second
                + " was not connected: the node has 1 peers of its host (maxPeersPerHost)"
                + " already");
    assertThat(node.net.isDialing()).isFalse();
    assertThat(connected()).containsExactly(HONEST);
    CompletableFuture<Delivery> message = send(second, "hello");
    takeLine();
    assertThat(message).isCompletedWithValue(Delivery.WRITTEN);
    send(HONEST, "exit");
    takeLine();
    CompletableFuture<Delivery> again = send(second, CONNECT);
    takeLine();
    assertThat(again).isCompletedWithValue(Delivery.WRITTEN);
    assertThat(connected()).containsExactly(second);
  }

  @Test
  void connectOverASessionThatFindsNoRoomFailsAndSendsNothing() {
    node = new MemoryNode(NodeSettings.builder().maxPeersPerHost(1).build());
    send(HONEST, CONNECT);
    takeLine();
    MemoryChannel peer = node.net.accept(MemoryNode.at(9, 50_000));
    peer.arrive(hello(7001));
    turn();
    peer.takeWritten();
    assertThat(send(PeerAddress.of(MemoryNode.at(9, 7001)), CONNECT))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(TooManyPeersException.class);
    send(PeerAddress.of(MemoryNode.at(9, 7001)), "hello");
    assertThat(new String(peer.takeWritten(), StandardCharsets.UTF_8))
        .endsWith("|hello\n")
        .doesNotContain(CONNECT);
    assertThat(connected()).containsExactly(HONEST);
  }

  @Test
  void connectsAtTheSameTimeThatFindNoRoomFail() {
    node = new MemoryNode(NodeSettings.builder().maxPeersPerHost(1).build());
    CompletableFuture<Delivery> first = send(HONEST, CONNECT);
    CompletableFuture<Delivery> second = send(PeerAddress.of(MemoryNode.at(9, 7001)), CONNECT);
    takeLine();
    takeLine();
    assertThat(first).isCompletedWithValue(Delivery.WRITTEN);
    assertThat(second)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(TooManyPeersException.class);
    assertThat(connected()).containsExactly(HONEST);
  }

  @Test
  void plainPeerThatStaysUnreachableDoesNotStayConnected() {
    node = new MemoryNode(NodeSettings.DEFAULTS);
    send(HONEST, CONNECT);
    takeLine();
    send(HONEST, "to nobody");
    assertThat(node.net.refuse()).isTrue();
    turn();
    assertThat(events(PeerUnreachable.class)).hasSize(1);
    pass(node.settings.sessionTimeout().toMillis() - 1000);
    assertThat(connected()).containsExactly(HONEST);
    pass(1000);
    assertThat(connected()).isEmpty();
    assertThat(node.registry.active())
        .singleElement()
        .satisfies(peer -> assertThat(peer.state()).isEqualTo(Peer.State.UNREACHABLE));
    assertThat(events(PeerLeft.class))
        .singleElement()
        .satisfies(left -> assertThat(left.reason()).isEqualTo(PeerLeft.Reason.GIVEN_UP));
    pass(600_000);
    assertThat(events(PeerLeft.class)).hasSize(1);
  }

  /** The next dial finds a node that says this after its greeting. */
  private MemoryChannel answer(String line) {
    MemoryChannel peer = Objects.requireNonNull(node.net.connect(), "no dial waits");
    turn();
    say(peer, "GREETING:1|TLS:no|NODE:" + "h".repeat(26));
    say(peer, line);
    return peer;
  }

  private void say(MemoryChannel peer, String line) {
    peer.arrive((line + '\n').getBytes(StandardCharsets.UTF_8));
    turn();
  }

  @Test
  void peerWhoseSessionEndsWhileItIsUnreachableDoesNotStayConnected() {
    node = new MemoryNode(NodeSettings.DEFAULTS);
    CompletableFuture<Delivery> connect = send(HONEST, CONNECT);
    MemoryChannel peer =
        answer(
            "WELCOME:1|NODE:"
                + "h".repeat(26)
                + "|SESSION:"
                + "s".repeat(13)
                + "|RECEIVED:0|LIMIT:65536|LISTENING_PORT:7000|TEAM_NAME:Honest");
    say(peer, "ACK:1");
    assertThat(connect).isCompletedWithValue(Delivery.ACKNOWLEDGED);
    peer.reset();
    turn();
    pass(1000);
    assertThat(node.net.refuse()).isTrue();
    turn();
    assertThat(events(ConnectionLost.class)).hasSize(1);
    pass(1000);
    answer("BYE:closing");
    assertThat(connected()).containsExactly(HONEST);
    pass(node.settings.sessionTimeout().toMillis());
    assertThat(connected()).isEmpty();
  }

  @Test
  void exitThatIsWithdrawnWhileItsDialFailsChangesNoList() {
    node = new MemoryNode(NodeSettings.DEFAULTS);
    send(HONEST, CONNECT);
    takeLine();
    send(HONEST, "exit").cancel(false);
    assertThat(node.net.refuse()).isTrue();
    turn();
    assertThat(connected()).containsExactly(HONEST);
    assertThat(events(PeerLeft.class)).isEmpty();
    send(HONEST, "exit");
    assertThat(node.net.refuse()).isTrue();
    turn();
    assertThat(connected()).isEmpty();
  }

  @Test
  void plainPeerThatIsHeardFromStaysConnected() {
    node = new MemoryNode(NodeSettings.DEFAULTS);
    send(HONEST, CONNECT);
    takeLine();
    long timeout = node.settings.sessionTimeout().toMillis();
    for (int i = 0; i < 5; i++) {
      send(HONEST, "to nobody");
      assertThat(node.net.refuse()).isTrue();
      pass(timeout - 1000);
      MemoryChannel peer = node.net.accept(MemoryNode.at(9, 50_000));
      peer.arrive(line(7000, "I am back"));
      turn();
      peer.end();
      turn();
    }
    assertThat(connected()).containsExactly(HONEST);
    assertThat(events(PeerReachable.class)).hasSize(5);
    pass(10 * timeout);
    assertThat(connected()).containsExactly(HONEST);
  }

  @Test
  void messagesToSilentPeersOfOneHostLeaveRoomForTheOthers() {
    node = new MemoryNode(NodeSettings.builder().outboundBytesInAll(64 * 1024).build());
    String text = "x".repeat(1000);
    List<CompletableFuture<Delivery>> queued = new ArrayList<>();
    CompletableFuture<Delivery> refused = null;
    for (int port = 1; refused == null; port++) {
      CompletableFuture<Delivery> next = send(PeerAddress.of(MemoryNode.at(5, port)), text);
      if (next.isDone()) {
        refused = next;
      } else {
        queued.add(next);
      }
    }
    assertThat(queued).hasSizeBetween(20, 32);
    assertThat(refused)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(OutboundQueueFullException.class)
        .withMessageContaining("outboundBytesInAll is 65536");
    CompletableFuture<Void> writable = node.whenWritable(PeerAddress.of(MemoryNode.at(5, 1)));
    assertThat(writable).isNotDone();
    assertThat(node.whenWritable(HONEST)).isDone();
    CompletableFuture<Delivery> honest = send(HONEST, text);
    assertThat(honest).isNotDone();
    while (node.net.refuse()) {
      turn();
    }
    assertThat(writable).isDone();
    assertThat(queued).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(node.endpoints.waiting()).containsExactly(0, 0);
    assertThat(send(PeerAddress.of(MemoryNode.at(5, 1)), text)).isNotDone();
  }

  /** One machine has a whole IPv6 network of addresses. */
  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::%d", "::%d:1", "10.0.0.2"})
  void connectionsAreBoundedByHost(String addresses) {
    NodeSettings settings = NodeSettings.builder().maxConnectionsPerIp(8).build();
    node = new MemoryNode(settings);
    MemoryChannel other = node.net.accept(new InetSocketAddress("2001:db8:0:1::1", 1));
    int refused = 0;
    for (int i = 1; i <= 50; i++) {
      try {
        node.net.accept(new InetSocketAddress(addresses.formatted(i), 1000 + i));
      } catch (IllegalStateException tooMany) {
        refused++;
      }
      turn();
    }
    assertThat(refused).isEqualTo(42);
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void peerThatFloodsAndTakesNothingIsGivenUp() {
    node = new MemoryNode(NodeSettings.builder().sessionTimeout(Duration.ofSeconds(30)).build());
    MemoryChannel peer = node.net.accept(MemoryNode.at(9, 50_000));
    peer.arrive(hello(7000));
    turn();
    CompletableFuture<Delivery> message = send(HONEST, "hello");
    byte[] pings = "PING:1\n".repeat(200).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 300; i++) {
      assertThat(i > 290 || !message.isDone()).isTrue();
      peer.arrive(pings);
      pass(100);
      peer.takeWritten();
    }
    assertThat(message)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(DeliveryUnknownException.class);
  }

  private static byte[] hello(int port) {
    return ("HELLO:1|NODE:"
            + "a".repeat(26)
            + "|LIMIT:65536|LISTENING_PORT:"
            + port
            + "|TEAM_NAME:T\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::%d", "10.0.0.2"})
  void sessionsByHelloAreBoundedByHost(String addresses) {
    NodeSettings settings =
        NodeSettings.builder().maxConnectionsPerIp(8).maxConnections(1000).build();
    node = new MemoryNode(settings);
    int busy = 0;
    for (int i = 1; i <= 20; i++) {
      MemoryChannel peer = node.net.accept(new InetSocketAddress(addresses.formatted(i), 1000 + i));
      peer.arrive(
          ("HELLO:1|NODE:"
                  + "a".repeat(24)
                  + (char) ('a' + i)
                  + "a|LIMIT:65536|LISTENING_PORT:"
                  + (2000 + i)
                  + "|TEAM_NAME:T\n")
              .getBytes(StandardCharsets.UTF_8));
      turn();
      turn();
      String answer = new String(peer.takeWritten(), StandardCharsets.UTF_8);
      busy += answer.contains("BYE:busy") ? 1 : 0;
      // The session outlives its connection.
      peer.reset();
      turn();
      turn();
    }
    assertThat(busy).isEqualTo(12);
  }
}
