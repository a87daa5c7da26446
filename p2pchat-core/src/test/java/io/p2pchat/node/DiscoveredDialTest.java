package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustStore;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.StaticDiscovery;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.security.NodeIdentity;
import io.p2pchat.testing.Fingerprints;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.MovingNodes;
import io.p2pchat.testing.peers.ScriptedSource;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to discovered peers: who gets them, and who learns nothing. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class DiscoveredDialTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path directory;

  private final ScriptedSource source = new ScriptedSource("a");
  private final ScriptedSource ofBob = new ScriptedSource("b");
  private final ScriptedSource ofCarol = new ScriptedSource("c");
  private final ScriptedSource ofDave = new ScriptedSource("d");
  private TestNode alice;
  private TestNode bob;

  @BeforeEach
  void start() {
    Security pinned = Security.opportunistic().with(Trust.pinned(directory.resolve("alice")));
    alice = TestNode.start("Alice", builder -> builder.discovery(source).security(pinned));
    bob = TestNode.start("Bob", builder -> builder.discovery(ofBob));
  }

  @AfterEach
  void stop() {
    alice.close();
    bob.close();
  }

  private DiscoveredPeer discovered(PeerCandidate.Builder candidate, PeerAddress... addresses) {
    for (PeerAddress address : addresses) {
      candidate.address(address);
    }
    source.found(candidate.build(), HOUR);
    return alice.log().awaitFirst(PeerDiscovered.class).discovered();
  }

  /** What Bob announces. */
  private PeerCandidate.Builder announced() {
    Advertisement self = ofBob.awaitStart();
    return PeerCandidate.builder("bob")
        .node(self.node())
        .teamName("Bob")
        .level(1)
        .keyHint(self.keyHint().orElseThrow());
  }

  private PeerUnreachableException unreachable(CompletableFuture<Delivery> sent) {
    assertThat(failure(sent)).isInstanceOf(PeerUnreachableException.class);
    return (PeerUnreachableException) failure(sent);
  }

  /** Greets as a node, begins TLS with a key of its own, and wants the dialer's certificate. */
  private static void assertEndsBeforeTheCertificate(Socket taken, String node) throws IOException {
    String greeting = "GREETING:1|TLS:offered|NODE:" + node + "\n";
    taken.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
    try (SSLSocket tls =
        (SSLSocket)
            BareTls.context(NodeIdentity.generate())
                .getSocketFactory()
                .createSocket(taken, "127.0.0.1", taken.getPort(), true)) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"p2pc/1"});
      parameters.setNeedClientAuth(true);
      tls.setUseClientMode(false);
      tls.setSSLParameters(parameters);
      assertThatThrownBy(tls::startHandshake).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> tls.getSession().getPeerCertificates())
          .isInstanceOf(SSLPeerUnverifiedException.class);
    }
  }

  /** A sweep finds the NODE of Bob, which somebody at his IP address repeats with his port. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sessionThatClaimsTheNodeAndTheAddressOfAKnownPeerIsNotThatOfTheKnownPeer(boolean encrypts) {
    try (BarePeer bare = BarePeer.open()) {
      BareTls right = BareTls.anybody();
      bare.dial(alice, right).say(bare.hello()).say("BYE:closing").awaitEnd();
      String hello = bare.hello().replace("TEAM_NAME:" + BarePeer.TEAM, "TEAM_NAME:Zed");
      BareSession impostor =
          (encrypts ? bare.dial(alice, BareTls.anybody()) : bare.dial(alice)).say(hello);
      assertThat(impostor.read()).startsWith("WELCOME:1|");
      String node = bare.greeting().substring(bare.greeting().length() - 26);
      DiscoveredPeer found = discovered(PeerCandidate.builder("sweep").node(node), bare.address());
      CompletableFuture<Delivery> sent = alice.node().send(found, "secret");
      assertThat(impostor.roundTrip()).isEmpty();
      BareSession asked = bare.acceptAndSecure(right);
      assertThat(asked.read()).startsWith("HELLO:1|");
      asked.say(bare.welcome("s".repeat(13), 0));
      assertThat(asked.read()).endsWith("|secret");
      asked.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void nameThatLooksLikeThatOfAKnownPeerHasAWarningBeforeAnyMessage() {
    TrustStore store = TrustStore.open(directory.resolve("alice"));
    store.accept("Bob", new PeerAddress("192.0.2.7", 7070), store.fingerprint());
    discovered(
        PeerCandidate.builder("mallory").teamName("B0b"), new PeerAddress("192.0.2.8", 7070));
    eventually(
        () ->
            assertThat(alice.log().of(PeerDiscovered.class))
                .last()
                .satisfies(
                    event ->
                        assertThat(event.discovered().lookAlikes())
                            .extracting(KnownPeer::teamName)
                            .containsExactly("Bob")));
  }

  @Test
  void firstAddressThatAnswersAsAnnouncedGetsTheMessage() throws IOException {
    try (SilentServer unanswering = SilentServer.unanswering()) {
      DiscoveredPeer peer =
          discovered(announced(), SilentServer.nobody(), unanswering.address(), bob.address());
      assertThat(alice.active()).isEmpty();
      assertThat(result(alice.node().send(peer, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(bob.log().awaitTexts(1)).containsExactly("hi");
      assertThat(alice.active()).containsExactly(bob.address());
      assertThat(result(alice.node().connect(peer))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(alice.connected()).containsExactly(bob.address());
      assertThat(alice.node().metrics().sessionConnections()).isEqualTo(1);
    }
  }

  @Test
  void sessionThatExistsIsUsed() {
    assertThat(result(alice.send(bob, "one"))).isEqualTo(Delivery.ACKNOWLEDGED);
    DiscoveredPeer peer = discovered(announced(), PeerAddress.parse("192.0.2.1:1"));
    assertThat(result(alice.node().sendText(peer, "two"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(2)).containsExactly("one", "two");
    assertThat(alice.node().metrics().sessionConnections()).isEqualTo(1);
  }

  @Test
  void roomInTheQueueOfADiscoveredPeerIsTold() throws IOException {
    int most = NodeSettings.builder().build().outboundLinesPerPeer();
    try (SilentServer unanswering = SilentServer.unanswering()) {
      DiscoveredPeer peer = discovered(announced(), unanswering.address());
      assertThat(alice.node().whenWritable(peer)).isDone();
      List<CompletableFuture<Delivery>> sent = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        sent.add(alice.node().send(peer, "x"));
      }
      assertThat(alice.node().whenWritable(peer)).isNotDone();
      assertThat(alice.node().whenWritable(bob.address())).isDone();
      sent.forEach(each -> each.cancel(false));
      alice.node().whenWritable(peer).join();
    }
  }

  @Test
  void otherKeyLearnsNeitherNameNorKeyNorMessage() throws IOException {
    Advertisement self = ofBob.awaitStart();
    try (SilentServer mallory = SilentServer.open()) {
      DiscoveredPeer peer = discovered(announced(), mallory.address());
      CompletableFuture<Delivery> sent = alice.node().send(peer, "secret");
      assertEndsBeforeTheCertificate(mallory.accept(), self.node());
      unreachable(sent);
      assertThat(alice.active()).isEmpty();
      assertThat(TrustStore.open(directory.resolve("alice")).knownPeers()).isEmpty();
    }
  }

  @Test
  void otherNodeLearnsNothing() {
    try (BarePeer other = BarePeer.open(RandomIds.node(5, 5))) {
      DiscoveredPeer peer = discovered(announced(), other.address());
      CompletableFuture<Delivery> sent = alice.node().send(peer, "secret");
      assertThat(other.accept().say(other.greeting("offered")).readToEnd()).isEmpty();
      assertThat(unreachable(sent)).hasMessageContaining("another node");
    }
  }

  @Test
  void peerThatNamedAKeyIsNotWrittenToWithoutTls() {
    Advertisement self = ofBob.awaitStart();
    try (BarePeer mallory = BarePeer.open(self.node())) {
      DiscoveredPeer peer = discovered(announced(), mallory.address());
      CompletableFuture<Delivery> sent = alice.node().send(peer, "secret");
      assertThat(mallory.acceptAndGreet().readToEnd()).isEmpty();
      assertThat(unreachable(sent)).hasMessageContaining("does not encrypt");
    }
  }

  @Test
  void peerThatNamedANodeIsNeverWrittenToInPlain() throws IOException {
    try (SilentServer plain = SilentServer.open()) {
      DiscoveredPeer peer =
          discovered(PeerCandidate.builder("x").node(RandomIds.node(5, 5)), plain.address());
      CompletableFuture<Delivery> sent = alice.node().send(peer, "secret");
      try (Socket taken = plain.accept()) {
        assertThat(taken.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(unreachable(sent)).hasMessageContaining("greet");
      assertThat(alice.active()).isEmpty();
    }
  }

  @Test
  void candidateThatIsOnlyAnAddressIsWrittenToLikeOne() {
    DiscoveredPeer peer = discovered(PeerCandidate.builder("x"), bob.address());
    assertThat(result(alice.node().send(peer, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void exitWithoutASessionIsAFailureAndMovesNobody() {
    assertThat(result(alice.send(bob, "one"))).isEqualTo(Delivery.ACKNOWLEDGED);
    DiscoveredPeer peer =
        discovered(PeerCandidate.builder("x").node(RandomIds.node(5, 5)), bob.address());
    assertThat(unreachable(alice.node().send(peer, "exit"))).hasMessageContaining("no session");
    assertThat(alice.active()).containsExactly(bob.address());
    unreachable(alice.node().send(peer, "for another"));
    assertThat(alice.node().activePeers().get(0).state()).isEqualTo(Peer.State.REACHABLE);
  }

  // ---- hints of known keys

  private Fingerprint knowBobElsewhere() throws IOException {
    Fingerprint key = bob.node().fingerprint().orElseThrow();
    TrustStore.open(directory.resolve("alice")).accept("Bob", SilentServer.nobody(), key);
    return key;
  }

  private void awaitRecognized() {
    until(
        "the key is recognized",
        () -> alice.node().discoveredPeers().stream().anyMatch(peer -> peer.known().isPresent()));
  }

  @Test
  void knownPeerIsFoundWhereAHintSaysThatItIs() throws IOException {
    Fingerprint key = knowBobElsewhere();
    discovered(announced(), bob.address());
    awaitRecognized();
    assertThat(result(alice.node().send(key, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(1)).containsExactly("hi");
    assertThat(alice.active()).containsExactly(bob.address());
  }

  /** A {@code NODE} can be searched for, with much effort, whose hint is that of two keys. */
  @Test
  void sessionWithTheHintOfAKnownKeyIsNotThatOfTheKnownPeer() throws IOException {
    Fingerprint key = Fingerprints.random(new Random(1));
    PeerAddress nobody = SilentServer.nobody();
    TrustStore.open(directory.resolve("alice")).accept("Carol", nobody, key);
    assertThat(result(alice.send(bob, "one"))).isEqualTo(Delivery.ACKNOWLEDGED);
    Advertisement self = ofBob.awaitStart();
    DiscoveredPeer carol =
        DiscoveredPeer.builder(List.of(nobody), Instant.EPOCH)
            .node(self.node())
            .keyHint(self.keyHint().orElseThrow())
            .known(KnownPeer.of("Carol", nobody, key, Instant.EPOCH))
            .build();
    CompletableFuture<Throwable> failed =
        CompletableFuture.supplyAsync(() -> failure(alice.node().send(carol, "for Carol")));
    assertThat(result(failed)).isInstanceOf(PeerUnreachableException.class);
    assertThat(result(alice.send(bob, "two"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().texts()).containsExactly("one", "two");
  }

  @Test
  void forgedHintOfAKnownKeyGetsNothingAndIsNotDialedAgain() throws IOException {
    Fingerprint key = knowBobElsewhere();
    Advertisement self = ofBob.awaitStart();
    try (SilentServer mallory = SilentServer.open()) {
      discovered(announced(), mallory.address());
      awaitRecognized();
      CompletableFuture<Delivery> sent = alice.node().send(key, "secret");
      assertEndsBeforeTheCertificate(mallory.accept(), self.node());
      unreachable(sent);
      unreachable(alice.node().send(key, "secret"));
      source.found(announced().address(mallory.address()).address(bob.address()).build(), HOUR);
      eventually(
          () ->
              assertThat(alice.node().discoveredPeers().get(0).addresses())
                  .contains(bob.address()));
      // Had it been dialed again, it would have been the first of the two.
      assertThat(result(alice.node().send(key, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  /** The user has chosen the right one of many. */
  @Test
  void messageToADiscoveredPeerGoesWhereThatIsThoughOthersForgeItsHints() throws IOException {
    Fingerprint key = knowBobElsewhere();
    DiscoveredPeer right = discovered(announced(), bob.address());
    for (int i = 0; i < 20; i++) {
      String node = RandomIds.node(i, 5);
      PeerCandidate.Builder forged =
          PeerCandidate.builder("m" + i).node(node).address(SilentServer.nobody());
      source.found(forged.keyHint(PeerCandidate.keyHint(key, node)).build(), HOUR);
    }
    until(
        "all keys are recognized",
        () ->
            alice.node().discoveredPeers().stream().filter(peer -> peer.known().isPresent()).count()
                == 21);
    DiscoveredPeer chosen =
        alice.node().discoveredPeers().stream()
            .filter(peer -> peer.node().equals(right.node()))
            .findFirst()
            .orElseThrow();
    assertThat(result(alice.node().send(chosen, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void messageThatWaitsGoesToTheNewPlaceThatAHintNamesAtOnce() {
    // A node that waits for the time of its next redial waits longer than the test.
    NodeSettings patient = NodeSettings.builder().redialDelay(Duration.ofMinutes(10)).build();
    Security pinned = Security.opportunistic().with(Trust.pinned(directory.resolve("carol")));
    try (MovingNodes nodes = MovingNodes.open(3)) {
      TestNode dave = nodes.start("Dave", 0, builder -> builder.discovery(ofDave));
      TestNode carol =
          nodes.start(
              "Carol", 1, builder -> builder.discovery(ofCarol).settings(patient).security(pinned));
      assertThat(result(carol.node().send(nodes.place(0), "one"))).isEqualTo(Delivery.ACKNOWLEDGED);
      Fingerprint key = dave.node().fingerprint().orElseThrow();
      nodes.vacate(0);
      nodes.move(dave, 2);
      eventually(() -> assertThat(carol.node().metrics().sessionConnections()).isZero());
      CompletableFuture<Delivery> sent = carol.node().send(key, "two");
      Advertisement self = ofDave.awaitStart();
      ofCarol.found(
          PeerCandidate.builder("dave")
              .node(self.node())
              .keyHint(self.keyHint().orElseThrow())
              .address(nodes.place(2))
              .build(),
          HOUR);
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(dave.log().awaitTexts(2)).containsExactly("one", "two");
    }
  }

  // ---- chosen addresses

  private TestNode withList(PeerAddress... addresses) {
    return TestNode.start(
        "Carol", builder -> builder.discovery(StaticDiscovery.of(List.of(addresses))));
  }

  @Test
  void chosenAddressIsDialedAndItsPeerIsKnownButNotActive() {
    try (TestNode carol = withList(bob.address())) {
      eventually(
          () ->
              assertThat(carol.node().discoveredPeers())
                  .singleElement()
                  .extracting(DiscoveredPeer::teamName)
                  .isEqualTo(Optional.of("Bob")));
      assertThat(carol.active()).isEmpty();
      assertThat(bob.active()).isEmpty();
      DiscoveredPeer found = carol.node().discoveredPeers().get(0);
      assertThat(result(carol.node().send(found, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(carol.node().metrics().sessionConnections()).isEqualTo(1);
    }
  }

  @Test
  void chosenAddressIsDialedUntilSomebodyAnswers() throws IOException {
    PeerAddress later = SilentServer.nobody();
    try (TestNode carol = withList(later, new PeerAddress("localhost", bob.port()))) {
      eventually(
          () ->
              assertThat(carol.node().discoveredPeers())
                  .anyMatch(peer -> peer.teamName().isPresent()));
      assertThat(carol.node().discoveredPeers()).hasSize(2);
      assertThat(carol.active()).isEmpty();
    }
  }

  @Test
  void plainProgramAtAChosenAddressGetsNothingAndIsNotTakenForOne() throws IOException {
    try (SilentServer plain = SilentServer.open();
        TestNode carol = withList(plain.address())) {
      try (Socket taken = plain.accept()) {
        assertThat(taken.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(carol.active()).isEmpty();
      // A message still looks for a greeting first.
      CompletableFuture<String> sent =
          carol.node().send(plain.address(), "hi").handle((done, failure) -> "ended");
      try (Socket taken = plain.accept()) {
        assertThat(taken.getInputStream().read()).isPositive();
      }
      assertThat(result(sent)).isEqualTo("ended");
    }
  }

  @Test
  void ownAddressInTheListIsNotListed() {
    PeerAddress own = new PeerAddress("localhost", alice.port());
    PeerCandidate candidate = PeerCandidate.builder("self").address(own).chosen().build();
    source.found(candidate, HOUR);
    alice.log().awaitFirst(PeerDiscovered.class);
    eventually(() -> assertThat(alice.node().discoveredPeers()).isEmpty());
    source.found(candidate, HOUR);
    source.found(announced().address(bob.address()).build(), HOUR);
    eventually(() -> assertThat(alice.node().discoveredPeers()).hasSize(1));
    assertThat(alice.node().discoveredPeers().get(0).teamName()).contains("Bob");
  }
}
