package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.Submission;
import io.p2pchat.Trust;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.TrustStore;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.MovingNodes;
import io.p2pchat.testing.peers.TestNode;
import io.p2pchat.testing.stores.MemoryStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody else sits down at the machine of a known peer, with its address and port (PROTOCOL.md
 * sections 5 and 7).
 */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class ChangedHandsTest {
  private static final int OWN = 0;
  private static final int OF_BOB = 1;
  private static final int ELSEWHERE = 2;
  private static final int UNUSED = 3;

  @TempDir private Path directory;

  private final MovingNodes nodes = MovingNodes.open(4);
  private TestNode alice;
  private TestNode bob;

  /** Alice and Bob know each other. */
  @BeforeEach
  void meet() {
    alice = start("Alice", OWN);
    bob = start("Bob", OF_BOB);
    result(alice.node().send(nodes.place(OF_BOB), "to Bob"));
    assertThat(bob.log().awaitTexts(1)).containsExactly("to Bob");
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private TestNode start(String name, int place) {
    return start(name, name, place);
  }

  /** Starts a node with the key of this person, whatever it calls itself. */
  private TestNode start(String person, String team, int place) {
    Trust trust = Trust.pinned(directory.resolve(person));
    return nodes.start(
        team, place, builder -> builder.security(Security.opportunistic().with(trust)));
  }

  /** As Alice sees Bob. */
  private Peer bobOfAlice() {
    return alice.node().activePeers().stream()
        .filter(peer -> peer.fingerprint().equals(bob.node().fingerprint()))
        .findFirst()
        .orElseThrow();
  }

  /** As somebody sees Alice. */
  private static Peer onlyPeer(TestNode node) {
    assertThat(node.node().activePeers()).hasSize(1);
    return node.node().activePeers().get(0);
  }

  private TestNode carolTakesThePlace() {
    TestNode carol = start("Carol", OF_BOB);
    moveBob(ELSEWHERE);
    return carol;
  }

  /** What is written into a connection that is already lost would wait for the session. */
  private void moveBob(int place) {
    boolean inSession = alice.node().metrics().sessionConnections() > 0;
    nodes.move(bob, place);
    if (inSession) {
      alice.log().awaitFirst(ConnectionLost.class);
    }
  }

  private void bobLeaves() {
    result(bob.node().disconnect(onlyPeer(bob)));
    eventually(() -> assertThat(alice.node().metrics().sessionConnections()).isZero());
  }

  private void assertChangedHands(Throwable failure, TestNode now) {
    assertThat(failure).isInstanceOf(TrustException.class);
    Refusal refusal = ((TrustException) failure).refusal();
    assertThat(refusal.reason()).isEqualTo(Reason.ADDRESS_CHANGED_HANDS);
    assertThat(refusal.peer()).isEqualTo(nodes.place(OF_BOB));
    assertThat(refusal.teamName()).contains("Bob");
    assertThat(refusal.known()).isEqualTo(bob.node().fingerprint());
    assertThat(refusal.presented()).isEqualTo(now.node().fingerprint());
    assertThat(refusal.presentedTeamName()).contains(now.node().teamName());
    assertThat(failure)
        .hasMessageContaining("Bob")
        .hasMessageContaining(now.node().teamName())
        .hasMessageContaining(bob.node().fingerprint().orElseThrow().toString())
        .hasMessageContaining(
            now.node().fingerprint().map(Object::toString).orElse("without a key"));
  }

  private static void assertGotNothing(TestNode node) {
    assertThat(node.log().messages()).isEmpty();
  }

  private static void assertGets(
      TestNode node, String text, CompletableFuture<Delivery> sent, int count) {
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().awaitTexts(count)).hasSize(count).endsWith(text);
  }

  // ---- the newcomer

  @Test
  void newcomerWritesAndIsWrittenTo() {
    TestNode carol = carolTakesThePlace();
    assertGets(alice, "I am Carol", carol.node().send(nodes.place(OWN), "I am Carol"), 1);
    Peer peer = alice.log().messages().get(0).peer();
    assertThat(peer.teamName()).isEqualTo("Carol");
    assertThat(peer.fingerprint()).isEqualTo(carol.node().fingerprint());
    assertGets(carol, "hi Carol", alice.node().send(peer, "hi Carol"), 1);
    CompletableFuture<Delivery> byKey =
        alice.node().send(carol.node().fingerprint().orElseThrow(), "hi again");
    assertGets(carol, "hi again", byKey, 2);
    assertThat(alice.log().of(PeerRefused.class)).isEmpty();
    assertThat(carol.log().of(PeerRefused.class)).isEmpty();
    assertThat(bob.log().texts()).containsExactly("to Bob");
  }

  @Test
  void newcomerWithoutTlsIsHeardAndWrittenToWhenThePeerIsForgottenThere() {
    bobLeaves();
    TestNode carol =
        nodes.start("Carol", OF_BOB, builder -> builder.security(Security.plaintext()));
    moveBob(ELSEWHERE);
    assertGets(alice, "I am Carol", carol.node().send(nodes.place(OWN), "I am Carol"), 1);
    Peer peer = alice.log().messages().get(0).peer();
    assertThat(peer.teamName()).isEqualTo("Carol");
    assertThat(peer.encrypted()).isFalse();
    assertChangedHands(failure(alice.node().send(peer, "hi")), carol);
    assertChangedHands(failure(alice.node().send(nodes.place(OF_BOB), "hi")), carol);
    assertGotNothing(carol);
    assertThat(alice.log().of(PeerRefused.class)).isEmpty();
    assertThat(carol.log().of(PeerRefused.class)).isEmpty();
    TrustStore.open(directory.resolve("Alice")).remove("Bob", nodes.place(OF_BOB));
    assertGets(carol, "hi Carol", alice.node().send(peer, "hi Carol"), 1);
  }

  /** A store keeps nothing for the known peer that was said to the newcomer. */
  @Test
  void replyToANewcomerWithoutTlsIsNotKeptForTheKnownPeer() {
    alice.close();
    Trust trust = Trust.pinned(directory.resolve("Alice"));
    alice =
        nodes.start(
            "Alice",
            OWN,
            builder ->
                builder
                    .security(Security.opportunistic().with(trust))
                    .store(new MemoryStore(new MemoryStore.Disk())));
    TestNode carol =
        nodes.start("Carol", OF_BOB, builder -> builder.security(Security.plaintext()));
    moveBob(ELSEWHERE);
    assertGets(alice, "I am Carol", carol.node().send(nodes.place(OWN), "I am Carol"), 1);
    Peer peer = alice.log().messages().get(0).peer();
    Submission reply = alice.node().submit(peer, "hi Carol", SendOptions.defaults());
    assertChangedHands(failure(reply.delivered()), carol);
    assertChangedHands(failure(reply.kept()), carol);
    assertGets(alice, "I moved", bob.node().send(nodes.place(OWN), "I moved"), 2);
    assertThat(result(alice.node().send(bobOfAlice(), "for Bob"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().texts()).containsExactly("to Bob", "for Bob");
    assertGotNothing(carol);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageForWhoeverIsThereFailsUntilThatIsAccepted(boolean inSession) {
    if (!inSession) {
      bobLeaves();
    }
    TestNode carol = carolTakesThePlace();
    assertChangedHands(failure(alice.node().send(nodes.place(OF_BOB), "hello?")), carol);
    assertChangedHands(failure(alice.node().send(nodes.place(OF_BOB), "hello??")), carol);
    assertThat(failure(alice.node().connect(nodes.place(OF_BOB))))
        .isInstanceOf(TrustException.class);
    assertGotNothing(carol);
    assertThat(carol.node().connectedPeers()).isEmpty();
    assertThat(alice.node().connectedPeers()).isEmpty();
    TrustStore.open(directory.resolve("Alice"))
        .accept(nodes.place(OF_BOB), carol.node().fingerprint().orElseThrow());
    CompletableFuture<Delivery> sent = alice.node().send(nodes.place(OF_BOB), "hello Carol");
    assertGets(carol, "hello Carol", sent, 1);
    assertThat(bob.log().texts()).containsExactly("to Bob");
  }

  @Test
  void messagesThatWaitForWhoeverIsThereFailWhenSomebodyElseAnswers() {
    nodes.vacate(OF_BOB);
    nodes.cut(bob);
    alice.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> waits = alice.node().send(nodes.place(OF_BOB), "waits");
    CompletableFuture<Delivery> waitsToo = alice.node().send(nodes.place(OF_BOB), "waits too");
    TestNode carol = carolTakesThePlace();
    assertChangedHands(failure(waits), carol);
    assertChangedHands(failure(waitsToo), carol);
    assertGotNothing(carol);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageForWhoeverIsThereIsNotForAKnownPeerThatIsThereNow(boolean waits) {
    TestNode carol = start("Carol", ELSEWHERE);
    assertGets(alice, "I am Carol", carol.node().send(nodes.place(OWN), "I am Carol"), 1);
    result(bob.node().disconnect(onlyPeer(bob)));
    eventually(() -> assertThat(alice.node().metrics().sessionConnections()).isEqualTo(1));
    nodes.move(bob, UNUSED);
    nodes.move(carol, OF_BOB);
    if (!waits) {
      assertGets(alice, "moved", carol.node().send(onlyPeer(carol), "moved"), 2);
    }
    assertChangedHands(failure(alice.node().send(nodes.place(OF_BOB), "secret")), carol);
    Peer peer = alice.log().messages().get(0).peer();
    assertGets(carol, "for Carol", alice.node().send(peer, "for Carol"), 1);
    assertThat(alice.log().of(PeerRefused.class)).isEmpty();
  }

  // ---- the one who has moved

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sessionGoesOnWhereItsPeerIsFound(boolean pinned) {
    TestNode other = pinned ? alice : nodes.start("Any", UNUSED, builder -> builder);
    if (!pinned) {
      meet(other);
    }
    int before = bob.log().messages().size();
    Peer known = other.node().activePeers().get(0);
    nodes.move(bob, ELSEWHERE);
    nodes.vacate(OF_BOB);
    CompletableFuture<Delivery> waits = other.node().send(known, "waits");
    CompletableFuture<Delivery> bare = other.node().send(nodes.place(ELSEWHERE), "whoever");
    assertThat(result(waits)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(bare)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(before + 2)).endsWith("waits", "whoever");
    assertThat(other.log().kinds()).doesNotContain("SessionReset", "PeerLeft");
    assertThat(other.node().activePeers())
        .singleElement()
        .satisfies(peer -> assertThat(peer.address()).isEqualTo(nodes.place(ELSEWHERE)));
  }

  @Test
  void messageForThePeerReachesItWhereItIsNow() {
    Peer known = bobOfAlice();
    TestNode carol = carolTakesThePlace();
    CompletableFuture<Delivery> waits = alice.node().send(known, "for Bob");
    CompletableFuture<Delivery> byKey =
        alice.node().send(bob.node().fingerprint().orElseThrow(), "for his key");
    assertGets(alice, "I moved", bob.node().send(onlyPeer(bob), "I moved"), 1);
    assertThat(result(waits)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(byKey)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(3)).containsExactly("to Bob", "for Bob", "for his key");
    assertThat(bobOfAlice().addresses())
        .containsExactly(nodes.place(ELSEWHERE), nodes.place(OF_BOB));
    assertThat(bobOfAlice()).isEqualTo(known);
    assertGotNothing(carol);
    assertThat(alice.log().kinds()).doesNotContain("SessionReset", "PeerLeft", "PeerRefused");
  }

  @Test
  void messageForThePeerFindsItAtAnotherKnownAddress() {
    nodes.move(bob, ELSEWHERE);
    assertGets(alice, "from there", bob.node().send(nodes.place(OWN), "from there"), 1);
    Peer known = bobOfAlice();
    result(bob.node().disconnect(onlyPeer(bob)));
    nodes.move(bob, OF_BOB);
    TestNode carol = start("Carol", ELSEWHERE);
    assertGets(bob, "back home", alice.node().send(known, "back home"), 2);
    assertGotNothing(carol);
  }

  @Test
  void messageForAPeerThatIsNotFoundFailsAndSaysWhy() {
    Peer known = bobOfAlice();
    bobLeaves();
    TestNode carol = carolTakesThePlace();
    nodes.vacate(ELSEWHERE);
    assertThat(failure(alice.node().send(known, "for Bob")))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another peer answers at its address");
    assertThat(failure(alice.node().send(bob.node().fingerprint().orElseThrow(), "for Bob")))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another peer answers at its address");
    assertGotNothing(carol);
  }

  @Test
  void messagesForAPeerThatLeavesMeanwhileAreNotForTheNewcomer() {
    Peer known = bobOfAlice();
    TestNode carol = start("Carol", OF_BOB);
    List<CompletableFuture<?>> sent = new ArrayList<>();
    CompletableFuture<?> left = bob.node().disconnect(onlyPeer(bob));
    for (int i = 0; i < 1000 && alice.node().metrics().sessionConnections() > 0; i++) {
      sent.add(alice.node().send(known, "for Bob").exceptionally(failure -> null));
    }
    result(left);
    sent.forEach(each -> result(each));
    assertGotNothing(carol);
    assertThat(carol.node().activePeers()).isEmpty();
    assertThat(carol.log().all()).isEmpty();
  }

  @Test
  void messagesForAPeerThatHasLeftFailAfterOneAttempt() {
    Peer known = bobOfAlice();
    TestNode carol = start("Carol", OF_BOB);
    bobLeaves();
    List<CompletableFuture<?>> failures = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      failures.add(alice.node().send(known, "for Bob").handle((done, failure) -> failure));
    }
    failures.forEach(
        each ->
            assertThat(result(each))
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("another peer answers at its address"));
    assertGotNothing(carol);
    // A handshake with TLS has more bytes than this for each message.
    assertThat(carol.node().metrics().bytesReceived()).isLessThan(500 * 100);
  }

  // ---- the impostor

  @ParameterizedTest
  @ValueSource(strings = {"Bob", "BOB", "Ｂｏｂ"})
  void impostorThatIsDialedIsRefused(String name) {
    Peer known = bobOfAlice();
    TestNode mallory = start("Mallory", name, OF_BOB);
    moveBob(ELSEWHERE);
    nodes.vacate(ELSEWHERE);
    CompletableFuture<Delivery> toThePeer = alice.node().send(known, "secret");
    assertThat(failure(alice.node().send(nodes.place(OF_BOB), "secret")))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining(bob.node().fingerprint().orElseThrow().toString())
        .hasMessageContaining(mallory.node().fingerprint().orElseThrow().toString());
    assertThat(toThePeer).isNotDone();
    assertGotNothing(mallory);
    assertThat(mallory.node().activePeers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Bob, true", "BOB, true", "Ｂｏｂ, true", "Bob, false"})
  void impostorThatDialsIsRefused(String name, boolean inSession) {
    if (!inSession) {
      bobLeaves();
    }
    TestNode mallory = start("Mallory", name, OF_BOB);
    moveBob(ELSEWHERE);
    Throwable refused = failure(mallory.node().send(nodes.place(OWN), "I am Bob"));
    assertThat(refused).isInstanceOf(TrustException.class);
    assertThat(((TrustException) refused).refusal().byPeer()).isTrue();
    assertThat(alice.log().awaitFirst(PeerRefused.class).peer().address())
        .isEqualTo(nodes.place(OF_BOB));
    assertGotNothing(alice);
    assertGotNothing(mallory);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void impostorWithoutTlsIsRefused(boolean inSession) {
    if (!inSession) {
      bobLeaves();
    }
    TestNode mallory =
        nodes.start("Bob", OF_BOB, builder -> builder.security(Security.plaintext()));
    moveBob(ELSEWHERE);
    nodes.vacate(ELSEWHERE);
    CompletableFuture<Delivery> sent = alice.node().send(nodes.place(OF_BOB), "secret");
    if (!inSession) {
      assertThat(failure(sent)).isInstanceOf(TrustException.class);
    }
    assertThat(failure(mallory.node().send(nodes.place(OWN), "I am Bob")))
        .isInstanceOf(TrustException.class);
    assertGotNothing(alice);
    assertGotNothing(mallory);
    String from = nodes.place(OF_BOB).host();
    String to = alice.node().localAddress().getHostString();
    for (String text : new String[] {"forged", "exit", "connection message"}) {
      try (BareConnection line = BareConnection.dial(from, to, nodes.port())) {
        line.write(BareConnection.line(nodes.port(), "Bob", text)).endOutput().readToEnd();
      }
    }
    assertThat(alice.log().messages()).noneMatch(message -> !message.raw());
    assertThat(alice.node().connectedPeers()).isEmpty();
    // What waits in a session waits for it.
    assertThat(sent.isDone()).isEqualTo(!inSession);
    assertGotNothing(mallory);
  }

  // ---- without pins

  @Test
  void withoutPinsAMessageForThePeerIsNotGivenToTheNewcomer() {
    TestNode any = nodes.start("Any", UNUSED, builder -> builder);
    Peer known = meet(any);
    TestNode carol = nodes.start("Carol", OF_BOB, builder -> builder);
    nodes.move(bob, ELSEWHERE);
    any.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> waits = any.node().send(known, "for Bob");
    assertGets(any, "hi", carol.node().send(nodes.place(UNUSED), "hi"), 2);
    assertGets(any, "I moved", bob.node().send(nodes.place(UNUSED), "I moved"), 3);
    assertThat(result(waits)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(2)).endsWith("for Bob");
    assertGets(carol, "whoever", any.node().send(nodes.place(OF_BOB), "whoever"), 1);
  }

  private Peer meet(TestNode any) {
    assertGets(any, "hello", bob.node().send(nodes.place(UNUSED), "hello"), 1);
    return any.log().messages().get(0).peer();
  }
}
