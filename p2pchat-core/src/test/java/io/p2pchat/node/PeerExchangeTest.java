package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.DiscoveryException;
import io.p2pchat.discovery.LoopbackExchange;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerExchange;
import io.p2pchat.discovery.Sink;
import io.p2pchat.discovery.StaticDiscovery;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.ScriptedSource;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that name peers to each other, each at a loopback address of its own. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class PeerExchangeTest {
  private static final String NODE = RandomIds.node(7, 7);

  private static TestNode start(String team, String ip) {
    return start(team, ip, builder -> builder.discovery(LoopbackExchange.create()));
  }

  private static TestNode start(String team, String ip, UnaryOperator<PeerNodeBuilder> more) {
    return TestNode.start(team, builder -> more.apply(builder.bindAddress(ip)));
  }

  private static PeerAddress address(TestNode node, String ip) {
    return new PeerAddress(ip, node.port());
  }

  private static List<String> listed(TestNode node) {
    return node.node().discoveredPeers().stream()
        .map(peer -> peer.teamName().orElse("?"))
        .sorted()
        .toList();
  }

  private static void meet(TestNode node, TestNode other, String ip) {
    result(node.node().send(address(other, ip), "hello"));
  }

  /** Begins a session or a visit from this address, and returns the answer. */
  private static String hello(BareSession peer, String more) {
    peer.say("HELLO:1|NODE:" + NODE + "|LIMIT:65536|LISTENING_PORT:9|TEAM_NAME:M|PEERS:1" + more);
    return read(peer);
  }

  private static String read(BareSession peer) {
    String line = peer.read();
    // The node greets whoever is slow.
    return line.startsWith("GREETING:") ? peer.read() : line;
  }

  /** Waits until a node lets visitors in. */
  private static void awaitBegin(TestNode node) {
    eventually(
        () -> {
          try (BareSession peer = BareSession.dial(node.port())) {
            assertThat(hello(peer, "|VISIT:1")).startsWith("WELCOME:1");
          }
        });
  }

  @Test
  void threeNodesListEachOtherThroughOne() {
    try (TestNode one = start("One", "127.1.0.1");
        TestNode two = start("Two", "127.1.0.2");
        TestNode three = start("Three", "127.1.0.3")) {
      meet(two, one, "127.1.0.1");
      meet(three, one, "127.1.0.1");
      eventually(() -> assertThat(listed(one)).containsExactly("Three", "Two"));
      eventually(() -> assertThat(listed(two)).containsExactly("One", "Three"));
      eventually(() -> assertThat(listed(three)).containsExactly("One", "Two"));
      DiscoveredPeer found = named(two, "Three");
      assertThat(found.addresses()).containsExactly(address(three, "127.1.0.3"));
      assertThat(found.keyHint()).isPresent();
      assertThat(found.sources()).containsExactly("exchange");
      // Nobody became an active peer by that.
      assertThat(two.active()).containsExactly(address(one, "127.1.0.1"));
      assertThat(three.active()).containsExactly(address(one, "127.1.0.1"));
      assertThat(two.log().of(PeerEvent.PeerPinned.class)).isEmpty();
    }
  }

  /** Anybody on the network can announce a peer, and then say goodbye in its name. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void peerThatIsSaidToHaveGoneStaysListedWhileItIsThere(boolean isThere) {
    ScriptedSource lan = new ScriptedSource("lan");
    String ip = isThere ? "127.11.0.3" : "127.12.0.3";
    try (TestNode one = start("One", "127.11.0.1");
        TestNode two =
            start("Two", "127.11.0.2", node -> node.discovery(LoopbackExchange.create(), lan));
        TestNode three = start("Three", ip)) {
      meet(two, one, "127.11.0.1");
      meet(three, one, "127.11.0.1");
      eventually(() -> assertThat(listed(two)).containsExactly("One", "Three"));
      if (!isThere) {
        three.node().close();
      }
      DiscoveredPeer found = named(two, "Three");
      lan.found(
          PeerCandidate.builder("said")
              .address(found.addresses().get(0))
              .node(found.node().orElseThrow())
              .keyHint(found.keyHint().orElseThrow())
              .build(),
          Duration.ofHours(1));
      eventually(() -> assertThat(named(two, "Three").sources()).contains("lan"));
      lan.lost("said");
      if (isThere) {
        eventually(() -> assertThat(named(two, "Three").sources()).containsExactly("exchange"));
      } else {
        eventually(() -> assertThat(listed(two)).containsExactly("One"));
      }
    }
  }

  private static DiscoveredPeer named(TestNode node, String team) {
    return node.node().discoveredPeers().stream()
        .filter(peer -> peer.teamName().equals(Optional.of(team)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void threeNodesListEachOtherThoughTwoKnowOneAddress() {
    try (TestNode one = start("One", "127.10.0.1")) {
      PeerAddress seed = address(one, "127.10.0.1");
      try (TestNode two = startWith(seed, "Two", "127.10.0.2");
          TestNode three = startWith(seed, "Three", "127.10.0.3")) {
        eventually(() -> assertThat(listed(one)).containsExactly("Three", "Two"));
        eventually(() -> assertThat(listed(two)).containsExactly("One", "Three"));
        eventually(() -> assertThat(listed(three)).containsExactly("One", "Two"));
        three.node().close();
        eventually(() -> assertThat(listed(one)).containsExactly("Two"));
        assertThat(two.active()).isEmpty();
      }
    }
  }

  private static TestNode startWith(PeerAddress seed, String team, String ip) {
    return start(
        team,
        ip,
        builder -> builder.discovery(StaticDiscovery.of(List.of(seed)), LoopbackExchange.create()));
  }

  @Test
  void whoDoesNotTakePartIsNotNamed() {
    try (TestNode one = start("One", "127.2.0.1");
        TestNode two = start("Two", "127.2.0.2");
        TestNode three = start("Three", "127.2.0.3");
        TestNode out = start("Out", "127.2.0.4", builder -> builder);
        TestNode brief =
            start(
                "Brief",
                "127.2.0.5",
                builder -> builder.brief().discovery(LoopbackExchange.create()));
        TestNode usual =
            start("Usual", "127.2.0.6", builder -> builder.discovery(new PeerExchange()))) {
      meet(out, one, "127.2.0.1");
      meet(one, out, "127.2.0.4");
      meet(brief, one, "127.2.0.1");
      meet(usual, one, "127.2.0.1");
      meet(two, one, "127.2.0.1");
      meet(three, one, "127.2.0.1");
      eventually(() -> assertThat(listed(two)).contains("Three"));
      eventually(() -> assertThat(listed(three)).contains("Two"));
      assertThat(listed(one)).doesNotContain("Out", "Brief");
      assertThat(listed(two)).doesNotContain("Out", "Brief");
      assertThat(listed(three)).doesNotContain("Out", "Brief");
      assertThat(listed(out)).isEmpty();
      assertThat(listed(brief)).isEmpty();
      // Without the rule for tests, loopback addresses are neither believed nor dialed.
      assertThat(listed(usual)).isEmpty();
    }
  }

  @Test
  void victimOfLiesSeesOneSilentDial() throws IOException {
    InetAddress victim = InetAddress.getByName("127.3.0.9");
    try (TestNode node = start("One", "127.0.0.1");
        ServerSocket port = new ServerSocket(0, 50, victim);
        ServerSocket other = new ServerSocket(0, 50, victim);
        TestNode last = start("Last", "127.3.0.3");
        BareSession liar = BareSession.dial("127.3.0.66", node.port())) {
      assertThat(hello(liar, "")).startsWith("WELCOME:1").endsWith("|PEERS:1");
      String line = "PEERS:" + "x".repeat(26) + ",,127.3.0.9:" + port.getLocalPort();
      line += ";" + NODE + ",0123456789abcdef,127.3.0.9:" + other.getLocalPort();
      for (int i = 0; i <= 1000; i++) { // Those that come before the exchange has begun are unread.
        liar.say(line);
      }
      liar.roundTrip();
      // A visitor is let in and visited meanwhile, so the liar's line was worked on.
      meet(last, node, "127.0.0.1");
      eventually(() -> assertThat(listed(node)).contains("Last"));
      port.setSoTimeout(500);
      other.setSoTimeout(500);
      assertThat(dials(port) + dials(other)).isEqualTo(1);
      // The other port of the victim was not dialed, so it may be listed for ten minutes.
      eventually(() -> assertThat(listed(node)).containsOnlyOnce("?"));
    }
  }

  /** Returns how many connections came. What they say ends them, so it is nothing. */
  private static int dials(ServerSocket port) throws IOException {
    int dials = 0;
    while (true) {
      try (Socket dial = port.accept()) {
        dials++;
        dial.getOutputStream().write("GREETING:1|TLS:no|NODE:nobody\n".getBytes(UTF_8));
        dial.setSoTimeout(10_000);
        assertThat(dial.getInputStream().read()).isEqualTo(-1);
      } catch (SocketTimeoutException e) {
        return dials;
      }
    }
  }

  @Test
  void peerWithAnotherKeyGetsNoHello() {
    try (TestNode node = start("One", "127.0.0.1");
        TestNode bob = start("Bob", "127.0.0.1", builder -> builder);
        TestNode last = start("Last", "127.4.0.3");
        BareSession asks = BareSession.dial(bob.port());
        BareSession liar = BareSession.dial("127.4.0.66", node.port())) {
      String bobs = asks.read().replaceAll(".*NODE:", "");
      hello(liar, "");
      // Bob's NODE at Bob's address, with a hint of another key.
      liar.say("PEERS:" + bobs + ",0123456789abcdef,127.0.0.1:" + bob.port());
      liar.roundTrip();
      eventually(() -> assertThat(bob.node().metrics().bytesSent()).isGreaterThan(500));
      meet(last, node, "127.0.0.1");
      eventually(() -> assertThat(listed(node)).containsExactly("Last"));
      assertThat(bob.log().all()).isEmpty();
      assertThat(bob.node().metrics().sessionConnections()).isZero();
    }
  }

  /** The lines of each key count, whoever repeats its {@code NODE}. */
  @Test
  void whoRepeatsANodeDoesNotKeepItsLinesFromBeingRead() throws IOException {
    NodeSettings settings = TestNode.notGreeting().build();
    try (TestNode node =
            start(
                "One",
                "127.0.0.1",
                builder -> builder.settings(settings).discovery(LoopbackExchange.create()));
        ServerSocket named = new ServerSocket(0, 50, InetAddress.getByName("127.5.0.2"));
        BareSession first =
            BareSession.dial("127.5.0.66", node.port()).secure(BareTls.anybody(), false);
        BareSession second = BareSession.dial(node.port()).secure(BareTls.anybody(), false)) {
      String line = "PEERS:" + "x".repeat(26) + ",0123456789abcdef,127.5.0.";
      assertThat(hello(first, "")).startsWith("WELCOME:1");
      first.say(line + "1:9").roundTrip();
      assertThat(hello(second, "")).startsWith("WELCOME:1");
      second.say(line + "2:" + named.getLocalPort()).roundTrip();
      named.setSoTimeout(60_000);
      named.accept().close(); // It is visited.
    }
  }

  @Test
  void oldNodeIsNotDisturbedByTheLine() {
    try (TestNode old = start("Old", "127.0.0.1", builder -> builder);
        BareSession peer = BareSession.dial("127.5.0.66", old.port())) {
      assertThat(hello(peer, "")).startsWith("WELCOME:1").doesNotContain("PEERS");
      peer.say("PEERS:" + NODE + ",,192.0.2.1:7001");
      peer.roundTrip();
      assertThat(old.log().of(PeerEvent.ProtocolViolation.class)).isEmpty();
    }
  }

  @Test
  void visitToANodeThatDoesNotTakePartLearnsNothing() {
    try (TestNode old = start("Old", "127.0.0.1", builder -> builder);
        BareSession peer = BareSession.dial("127.6.0.66", old.port())) {
      assertThat(hello(peer, "|VISIT:1")).isEqualTo("BYE:closing");
      assertThat(peer.readToEnd()).isEmpty();
      assertThat(old.active()).isEmpty();
    }
  }

  @Test
  void visitIsNoSession() {
    try (TestNode node = start("One", "127.0.0.1");
        BareSession peer = BareSession.dial("127.7.0.66", node.port())) {
      awaitBegin(node);
      assertThat(hello(peer, "|VISIT:1"))
          .startsWith("WELCOME:1|")
          .contains("|TEAM_NAME:One|")
          .endsWith("|PEERS:1");
      assertThat(peer.read()).isEqualTo("PEERS:");
      peer.say("PEERS:").say("BYE:closing");
      assertThat(peer.readToEnd()).isEmpty();
      assertThat(node.active()).isEmpty();
      assertThat(node.log().all()).isEmpty();
    }
  }

  @Test
  void strictNodeAdmitsNoStrangerToAVisit(@TempDir Path directory) {
    try (TestNode node =
            start(
                "One",
                "127.0.0.1",
                builder ->
                    builder
                        .discovery(LoopbackExchange.create())
                        .security(
                            Security.opportunistic().with(Trust.pinned(directory).strict())));
        BareSession peer = BareSession.dial("127.8.0.66", node.port())) {
      assertThat(hello(peer, "|VISIT:1")).startsWith("BYE:trust");
      assertThat(peer.readToEnd()).isEmpty();
      assertThat(node.log().all()).isEmpty();
    }
  }

  @Test
  void visitsOfAFloodAreTurnedAway() {
    try (TestNode node = start("One", "127.0.0.1")) {
      awaitBegin(node);
      int busy = 0;
      for (int i = 0; i < 256; i++) {
        try (BareSession peer = BareSession.dial("127.9.0.66", node.port())) {
          busy += hello(peer, "|VISIT:1").equals("BYE:busy") ? 1 : 0;
        }
      }
      assertThat(busy).isPositive();
    }
  }

  @Test
  void sourceBelongsToOneNode() {
    PeerExchange source = new PeerExchange();
    Advertisement self = Advertisement.builder(NODE, "One", 7001).build();
    Sink sink =
        new Sink() {
          @Override
          public void found(PeerCandidate candidate, Duration lease) {}

          @Override
          public void lost(String id) {}
        };
    assertThatThrownBy(() -> source.start(self, sink))
        .isInstanceOf(DiscoveryException.class)
        .hasMessageContaining("PeerNodeBuilder.discovery");
    try (TestNode node = TestNode.start("One", builder -> builder.discovery(source))) {
      assertThatThrownBy(() -> TestNode.start("Two", builder -> builder.discovery(source)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(node.node().discoveredPeers()).isEmpty();
    }
  }
}
