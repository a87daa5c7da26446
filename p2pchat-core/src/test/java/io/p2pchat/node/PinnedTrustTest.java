package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.groups.Tuple.tuple;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustStore;
import io.p2pchat.TrustStoreException;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is trusted, row by row, on dialing and on accepting (PROTOCOL.md section 7). */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class PinnedTrustTest {
  private static final String SESSION = "s".repeat(13);
  private static final String NODE_OF_STRANGER = "NODE:" + BarePeer.HIGHEST.replace('z', 'm');
  private static final NodeSettings PATIENT = greeted(Duration.ofHours(1));

  @TempDir private Path directory;

  private final BarePeer peer = BarePeer.open();
  private final BareTls right = BareTls.anybody();
  private final BareTls wrong = BareTls.anybody();
  private TrustStore store;
  private TestNode node;

  @BeforeEach
  void start() {
    store = TrustStore.open(directory.resolve("p2pchat"));
    node = start(trust());
  }

  @AfterEach
  void stop() {
    node.close();
    peer.close();
  }

  private Trust trust() {
    return Trust.pinned(directory.resolve("p2pchat"));
  }

  private static NodeSettings greeted(Duration timeout) {
    return NodeSettings.builder()
        .greetingTimeout(timeout)
        .greetingDelay(Duration.ofHours(1))
        // Peers of these tests do not answer a node that leaves.
        .closeTimeout(Duration.ofMillis(50))
        .build();
  }

  /** From now on the node does not wait long for a greeting. */
  private void hurry() {
    node.close();
    node = start(trust(), greeted(Duration.ofMillis(20)));
  }

  private static TestNode start(Trust trust) {
    return start(trust, PATIENT);
  }

  private static TestNode start(Trust trust, NodeSettings settings) {
    return TestNode.start(
        "One",
        builder -> builder.settings(settings).security(Security.opportunistic().with(trust)));
  }

  /** From now on the peer is known by the right key. */
  private void pin() {
    store.accept(BarePeer.TEAM, peer.address(), right.fingerprint());
  }

  private CompletableFuture<Delivery> send(String text) {
    return node.node().send(peer.address(), text);
  }

  /** What the peer says, said by a stranger that listens at the same port. */
  private static String stranger(String line) {
    return named("Stranger", line).replaceAll("NODE:[a-z2-7]{26}", NODE_OF_STRANGER);
  }

  private static String named(String team, String line) {
    return line.replace("TEAM_NAME:" + BarePeer.TEAM, "TEAM_NAME:" + team);
  }

  /** The peer answers the dial of the node, and is told this. */
  private void assertReaches(CompletableFuture<Delivery> sent, String text) {
    BareSession session = peer.acceptAndSecure(right);
    assertThat(session.read()).startsWith("HELLO:1|");
    session.say(peer.welcome(SESSION, 0));
    assertThat(session.read()).endsWith("|" + text);
    session.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  private void assertNothingWasTaken() {
    assertThat(node.log().messages()).isEmpty();
    assertThat(node.active()).isEmpty();
  }

  private void assertRefused(PeerRefused refused, Optional<Fingerprint> presented) {
    assertThat(refused.peer().address()).isEqualTo(peer.address());
    assertThat(refused.peer().teamName()).isEqualTo(refused.reason().refusal().teamName().get());
    assertThat(refused.peer().fingerprint()).isEqualTo(presented);
    assertThat(refused.reason().peer()).contains(peer.address());
    assertRefused(refused.reason(), presented);
  }

  private void assertRefused(Throwable failure, Optional<Fingerprint> presented) {
    assertThat(failure).isInstanceOf(TrustException.class);
    TrustException.Refusal refusal = ((TrustException) failure).refusal();
    assertThat(refusal.peer()).isEqualTo(peer.address());
    assertThat(refusal.teamName()).contains(BarePeer.TEAM);
    assertThat(refusal.known()).contains(right.fingerprint());
    assertThat(refusal.presented()).isEqualTo(presented);
    assertThat(failure).hasMessageContaining(right.fingerprint().toString());
    presented.ifPresent(key -> assertThat(failure).hasMessageContaining(key.toString()));
  }

  // ---- accepting

  @Test
  void newcomerIsTakenAndKnownFromThenOn() {
    BareSession session = peer.dial(node, right).say(peer.hello());
    assertThat(session.read()).startsWith("WELCOME:1|");
    session.say(peer.chat("hi"));
    assertThat(session.readTo("ACK:1")).isEmpty();
    PeerPinned pinned = node.log().awaitFirst(PeerPinned.class);
    assertThat(pinned.fingerprint()).isEqualTo(right.fingerprint());
    assertThat(pinned.peer().fingerprint()).contains(right.fingerprint());
    assertThat(pinned.peer().teamName()).isEqualTo(BarePeer.TEAM);
    assertThat(pinned.known()).isEmpty();
    assertThat(store.knownPeers())
        .singleElement()
        .satisfies(
            known -> {
              assertThat(known.teamName()).isEqualTo(BarePeer.TEAM);
              assertThat(known.address()).isEqualTo(peer.address());
              assertThat(known.fingerprint()).isEqualTo(right.fingerprint());
            });
  }

  @Test
  void whoIsKnownIsTaken() {
    pin();
    assertThat(peer.dial(node, right).say(peer.hello()).read()).startsWith("WELCOME:1|");
    assertThat(node.log().of(PeerPinned.class)).isEmpty();
  }

  @Test
  void nameWithAnotherKeyIsRefused() {
    pin();
    assertThat(peer.dial(node, wrong).say(peer.hello()).readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    assertRefused(node.log().awaitFirst(PeerRefused.class), Optional.of(wrong.fingerprint()));
    assertNothingWasTaken();
    assertThat(store.knownPeers())
        .extracting(KnownPeer::fingerprint)
        .containsExactly(right.fingerprint());
  }

  @Test
  void linesBehindARefusedHelloAreNotTaken() {
    pin();
    BareSession session =
        peer.dial(node, wrong).write(peer.hello() + "\n" + peer.chat("forged") + "\n");
    assertThat(session.readToEnd()).containsExactly("BYE:trust|REASON:key");
    node.log().awaitFirst(PeerRefused.class);
    assertNothingWasTaken();
  }

  @Test
  void linesBehindAHelloWaitUntilItIsJudged() {
    BareSession session = peer.dial(node, right).write(peer.hello() + "\nPING:early\n");
    assertThat(session.read()).startsWith("WELCOME:1|");
    assertThat(session.read()).isEqualTo("PONG:early");
  }

  @Test
  void nameWithoutTlsIsRefusedInASession() {
    pin();
    assertThat(peer.dial(node).say(peer.hello()).readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    assertRefused(node.log().awaitFirst(PeerRefused.class), Optional.empty());
    assertNothingWasTaken();
  }

  @Test
  void otherNameAtAPinnedAddressWithoutTlsGetsNothingThatWaitsThere() {
    pin();
    CompletableFuture<Delivery> sent = send("secret");
    BareSession stranger = peer.dial(node).say(stranger(peer.hello()));
    assertThat(stranger.read()).startsWith("WELCOME:1|");
    assertReaches(sent, "secret");
    assertThat(stranger.roundTrip()).isEmpty();
    assertThat(node.log().of(PeerRefused.class)).isEmpty();
  }

  @Test
  void otherNameAtAPinnedAddressWithoutTlsIsTakenWhenTheSessionThereHasEnded() {
    pin();
    BareSession session = peer.dial(node, right).say(peer.hello());
    assertThat(session.read()).startsWith("WELCOME:1|");
    assertThat(peer.dial(node).say(stranger(peer.hello())).readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    PeerRefused refused = node.log().awaitFirst(PeerRefused.class);
    assertThat(refused.peer().teamName()).isEqualTo("Stranger");
    assertThat(refused.reason().refusal().teamName()).contains("Stranger");
    assertThat(refused.reason().refusal().presentedTeamName()).contains("Stranger");
    assertThat(refused.reason().refusal().known()).contains(right.fingerprint());
    assertThat(refused.reason())
        .hasMessageContaining("team \"Stranger\"")
        .hasMessageContaining("it is taken when that has ended, or with encryption");
    session.say("BYE:closing").awaitEnd();
    eventually(
        () ->
            assertThat(peer.dial(node).say(stranger(peer.hello())).read())
                .startsWith("WELCOME:1|"));
  }

  @Test
  void otherNameAtAPinnedAddressDoesNotEndTheSessionThere() {
    node.close();
    node = start(trust().strict());
    pin();
    BareSession session = peer.dial(node, right).say(peer.hello());
    assertThat(session.read()).startsWith("WELCOME:1|");
    assertThat(peer.dial(node).say(stranger(peer.hello())).readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    assertThat(session.roundTrip()).isEmpty();
  }

  @Test
  void otherNameAtAPinnedAddressWithAnotherKeyGetsNothingThatWaitsThere() {
    pin();
    CompletableFuture<Delivery> sent = send("secret");
    BareSession stranger = peer.dial(node, wrong).say(stranger(peer.hello()));
    assertThat(stranger.read()).startsWith("WELCOME:1|");
    assertReaches(sent, "secret");
    assertThat(stranger.roundTrip()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherNameAtAPinnedAddressIsNotToldWhatIsSentThereLater(boolean knownElsewhere) {
    pin();
    if (knownElsewhere) {
      store.accept("Stranger", new PeerAddress("192.0.2.7", 7070), wrong.fingerprint());
    }
    assertThat(peer.dial(node, wrong).say(stranger(peer.hello())).read()).startsWith("WELCOME:1|");
    assertThat(store.knownPeers())
        .filteredOn(known -> known.address().equals(peer.address()))
        .first()
        .extracting(KnownPeer::fingerprint)
        .isEqualTo(right.fingerprint());
    CompletableFuture<Delivery> sent = send("secret");
    BareSession connection = peer.acceptAndSecure(wrong);
    // It answers with the key and the NODE of its own session, which gets no message for another.
    connection.say(named("Stranger", peer.welcome(SESSION, 0))).awaitEnd();
    assertThat(((TrustException) failure(sent)).refusal().reason())
        .isEqualTo(Reason.ADDRESS_CHANGED_HANDS);
  }

  /** Its {@code NODE} is public: the greeting tells it. */
  @Test
  void nodeOfADialedPeerAtAnotherPortGetsNothingThatWaitsForThePeer() {
    peer.restart(BarePeer.LOWEST);
    pin();
    CompletableFuture<Delivery> sent = send("secret");
    BareSession session = peer.acceptAndSecure(right);
    assertThat(session.read()).startsWith("HELLO:1|");
    String port = "LISTENING_PORT:" + peer.address().port();
    peer.dial(node).say(peer.hello().replace(port, "LISTENING_PORT:1")).read();
    session.say(peer.welcome(SESSION, 0));
    assertThat(session.read()).endsWith("|secret");
    session.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void plainLineInTheNameOfAPinnedTeamIsRefused() {
    peer.dial(node, right).say(peer.hello()).read();
    pin();
    node.close();
    node = start(trust());
    eventually(
        () -> {
          peer.dial(node).say(peer.chat("forged")).endOutput().awaitEnd();
          assertThat(node.log().of(PeerRefused.class)).isNotEmpty();
        });
    int taken = node.log().messages().size();
    peer.dial(node).say(peer.chat("exit")).endOutput().awaitEnd();
    assertThat(node.log().messages()).hasSize(taken);
    assertRefused(node.log().of(PeerRefused.class).get(0), Optional.empty());
  }

  @Test
  void strangerThatNamesTheNodeOfAPinnedPeerFirstDoesNotKeepItOut() {
    pin();
    try (BarePeer stranger = BarePeer.open()) {
      BareSession first = stranger.dial(node, wrong).say(named("Stranger", stranger.hello()));
      assertThat(first.read()).startsWith("WELCOME:1|");
      BareSession session = peer.dial(node, right).say(peer.hello());
      assertThat(session.read()).startsWith("WELCOME:1|");
      assertThat(session.roundTrip()).isEmpty();
      assertThat(first.roundTrip()).isEmpty();
    }
  }

  @Test
  void strangerThatNamesTheNodeOfAPinnedPeerFirstDoesNotKeepItFromBeingDialed() {
    pin();
    try (BarePeer stranger = BarePeer.open()) {
      BareSession first = stranger.dial(node, wrong).say(named("Stranger", stranger.hello()));
      assertThat(first.read()).startsWith("WELCOME:1|");
      assertReaches(send("secret"), "secret");
      assertThat(first.roundTrip()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "forged", "connection message"})
  void plainLineInAnotherNameAtAPinnedAddressIsOfAPeerOfItsOwn(String text) {
    pin();
    BareSession session = peer.dial(node, right).say(peer.hello());
    assertThat(session.read()).startsWith("WELCOME:1|");
    session.say(peer.chat("connection message")).say("BYE:closing").awaitEnd();
    node.log().awaitFirst(PeerConnected.class);
    eventually(() -> assertThat(node.node().metrics().sessionConnections()).isZero());
    peer.dial(node).say(stranger(peer.chat(text))).endOutput().awaitEnd();
    peer.dial(node).say(stranger(peer.chat("last"))).endOutput().awaitEnd();
    eventually(() -> assertThat(node.log().texts()).endsWith("last"));
    assertThat(node.log().messages()).noneMatch(MessageReceived::raw);
    assertThat(node.log().messages())
        .allMatch(message -> message.peer().fingerprint().isEmpty())
        .allMatch(message -> !message.peer().connected());
    assertThat(node.log().of(PeerLeft.class)).noneMatch(left -> left.peer().encrypted());
    assertThat(node.connected()).containsExactly(peer.address());
    assertThat(node.node().connectedPeers())
        .extracting(Peer::teamName)
        .containsExactly(BarePeer.TEAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "forged", "connection message"})
  void sessionWithoutTlsAtAPinnedAddressIsOfAPeerOfItsOwn(String text) {
    pin();
    BareSession session = peer.dial(node, right).say(peer.hello());
    assertThat(session.read()).startsWith("WELCOME:1|");
    session.say(peer.chat("connection message")).say("BYE:closing").awaitEnd();
    node.log().awaitFirst(PeerConnected.class);
    eventually(() -> assertThat(node.node().metrics().sessionConnections()).isZero());
    BareSession first = peer.dial(node).say(stranger(peer.hello()));
    assertThat(first.read()).startsWith("WELCOME:1|");
    first.say(stranger(peer.chat(text)));
    assertThat(first.readTo("ACK:1")).isEmpty();
    first.say("BYE:closing").awaitEnd();
    eventually(() -> assertThat(node.node().metrics().sessionConnections()).isZero());
    BareSession second = peer.dial(node).say(stranger(peer.hello()));
    assertThat(second.read()).startsWith("WELCOME:1|");
    second.say(stranger(peer.chat("last")));
    eventually(() -> assertThat(node.log().texts()).endsWith("last"));
    assertThat(node.log().messages())
        .allMatch(message -> message.peer().teamName().equals("Stranger"))
        .allMatch(message -> message.peer().fingerprint().isEmpty())
        .allMatch(message -> !message.peer().connected());
    assertThat(node.log().of(PeerLeft.class)).noneMatch(left -> left.peer().encrypted());
    assertThat(node.log().of(PeerRefused.class)).isEmpty();
    assertThat(node.node().connectedPeers())
        .extracting(Peer::teamName)
        .containsExactly(BarePeer.TEAM);
    Peer stranger = node.log().messages().get(0).peer();
    CompletableFuture<Delivery> sent = node.node().send(stranger, "for you");
    String greeting = peer.greeting("no").replaceAll("NODE:[a-z2-7]{26}", NODE_OF_STRANGER);
    assertThat(peer.accept().say(greeting).readToEnd()).isEmpty();
    assertIsNotForTheStranger(sent, second);
    // What is for the stranger is not for the peer that is back.
    BareSession back = peer.dial(node, right).say(peer.hello());
    assertThat(back.read()).startsWith("WELCOME:1|");
    assertIsNotForTheStranger(node.node().send(stranger, "for you"), back);
    assertThat(node.node().activePeers())
        .extracting(Peer::teamName)
        .containsExactlyInAnyOrder(BarePeer.TEAM, "Stranger");
  }

  private static void assertIsNotForTheStranger(CompletableFuture<?> sent, BareSession session) {
    TrustException reason = (TrustException) failure(sent);
    assertThat(reason.refusal().reason()).isEqualTo(Reason.ADDRESS_CHANGED_HANDS);
    assertThat(reason.refusal().teamName()).contains(BarePeer.TEAM);
    assertThat(reason.refusal().presentedTeamName()).contains("Stranger");
    assertThat(session.roundTrip()).noneMatch(line -> line.contains("for you"));
  }

  @Test
  void teamKnownByOtherKeysElsewhereIsFlagged() {
    PeerAddress elsewhere = new PeerAddress("192.0.2.7", 7070);
    store.accept(BarePeer.TEAM, elsewhere, wrong.fingerprint());
    peer.dial(node, right).say(peer.hello()).read();
    assertThat(node.log().awaitFirst(PeerPinned.class).known())
        .extracting(KnownPeer::address, KnownPeer::fingerprint)
        .containsExactly(tuple(elsewhere, wrong.fingerprint()));
  }

  @Test
  void knownKeyAtANewAddressIsTakenAndTheAddressRecorded() throws IOException {
    store.accept(BarePeer.TEAM, new PeerAddress("192.0.2.7", 7070), right.fingerprint());
    // A line a minute is recorded for a key.
    Path file = directory.resolve("p2pchat").resolve("known_peers");
    Files.writeString(
        file, Files.readString(file).replaceAll("[0-9]{4}-[0-9T:-]+Z", "2026-01-31T09:30:00Z"));
    assertThat(peer.dial(node, right).say(peer.hello()).read()).startsWith("WELCOME:1|");
    assertThat(store.knownPeers()).extracting(KnownPeer::address).contains(peer.address());
    assertThat(node.log().of(PeerPinned.class)).isEmpty();
  }

  @Test
  void strictTrustTakesNobodyNew() {
    node.close();
    node = start(trust().strict());
    assertThat(peer.dial(node, right).say(peer.hello()).readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    TrustException reason = node.log().awaitFirst(PeerRefused.class).reason();
    assertThat(reason).hasMessageContaining(right.fingerprint().toString());
    assertThat(reason.refusal().known()).isEmpty();
    pin();
    assertThat(peer.dial(node, right).say(peer.hello()).read()).startsWith("WELCOME:1|");
  }

  @Test
  void oneHostCannotFillTheFileWithNames() {
    for (int i = 0; i < 64; i++) {
      store.accept(
          "Team " + i, new PeerAddress("127.0.0.1", 1 + i), BareTls.anybody().fingerprint());
    }
    assertThat(peer.dial(node, right).say(peer.hello()).readToEnd())
        .containsExactly("BYE:trust|REASON:full");
    assertThat(node.log().awaitFirst(PeerRefused.class).reason().refusal().reason())
        .isEqualTo(Reason.FULL);
    assertThat(store.knownPeers()).hasSize(64);
  }

  /** As the nodes of {@link Trust#any}, which begin again and again. */
  @Test
  void temporaryKeysDoNotFillTheFile() {
    for (int i = 0; i < 70; i++) {
      BareSession session = peer.dial(node, BareTls.anybody()).say(temporary(2000 + i));
      assertThat(session.read()).startsWith("WELCOME:1|");
      session.say("BYE:closing").awaitEnd();
    }
    eventually(
        () ->
            assertThat(node.log().of(PeerPinned.class))
                .hasSize(70)
                .allMatch(PeerPinned::temporary));
    assertThat(node.log().of(PeerRefused.class)).isEmpty();
    assertThat(store.knownPeers()).isEmpty();
    // While such a key is remembered, no other can take its address.
    assertThat(peer.dial(node, wrong).say(temporary(2069)).readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    assertThat(peer.dial(node, right).say(peer.hello()).read()).startsWith("WELCOME:1|");
    assertThat(store.knownPeers()).hasSize(1);
  }

  private String temporary(int port) {
    return peer.hello()
            .replaceFirst("LISTENING_PORT:[0-9]+", "LISTENING_PORT:" + port)
            .replaceFirst("NODE:[a-z2-7]{26}", "NODE:" + RandomIds.node(port, port))
        + "|KEY:temporary";
  }

  @Test
  void nodeThatTrustsAnySaysThatItsKeyIsTemporary() {
    try (TestNode any = TestNode.start("Any");
        TestNode pinned = start(Trust.pinned(directory.resolve("other")), NodeSettings.DEFAULTS)) {
      assertThat(result(any.send(pinned, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(pinned.log().awaitFirst(PeerPinned.class).temporary()).isTrue();
      assertThat(TrustStore.open(directory.resolve("other")).knownPeers()).isEmpty();
    }
  }

  @Test
  void temporaryKeyIsNoWayToThePlaceOfAKnownPeer() {
    pin();
    assertThat(peer.dial(node, wrong).say(peer.hello() + "|KEY:temporary").readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    // Under another name it is a peer of its own, and the place stays that of the known one.
    assertThat(peer.dial(node, wrong).say(stranger(peer.hello()) + "|KEY:temporary").read())
        .startsWith("WELCOME:1|");
    assertThat(store.knownPeers())
        .extracting(KnownPeer::fingerprint)
        .containsExactly(right.fingerprint());
    assertThat(peer.dial(node, wrong).say(peer.hello() + "|KEY:temporary").readToEnd())
        .containsExactly("BYE:trust|REASON:key");
    assertNothingWasTaken();
  }

  // ---- dialing

  @Test
  void dialedNewcomerIsTakenAndKnownFromThenOn() {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession session = peer.acceptAndSecure(right);
    assertThat(session.read()).startsWith("HELLO:1|");
    session.say(peer.welcome(SESSION, 0));
    assertThat(session.read()).endsWith("|hi");
    session.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().awaitFirst(PeerPinned.class).peer().address()).isEqualTo(peer.address());
    assertThat(store.knownPeers()).hasSize(1);
  }

  @Test
  void dialedAddressWithAnotherKeyIsToldNoMessage() {
    pin();
    CompletableFuture<Delivery> sent = send("hi");
    assertAnswersInPlaceOf("BYE:trust|REASON:key", peer.welcome(SESSION, 0));
    assertRefused(failure(sent), Optional.of(wrong.fingerprint()));
    assertRefused(node.log().awaitFirst(PeerRefused.class), Optional.of(wrong.fingerprint()));
  }

  /** A node with the wrong key answers the dial, and gets this. */
  private void assertAnswersInPlaceOf(String end, String welcome) {
    BareSession connection = peer.acceptAndSecure(wrong);
    assertThat(connection.read()).startsWith("HELLO:1|");
    assertThat(connection.say(welcome).readToEnd()).containsExactly(end);
  }

  @Test
  void messageToAnAddressThatHasChangedHandsFailsAndSaysWhoIsThere() {
    pin();
    CompletableFuture<Delivery> first = send("secret");
    CompletableFuture<Delivery> second = send("another");
    assertAnswersInPlaceOf("BYE:closing", named("Carol", peer.welcome(SESSION, 0)));
    for (CompletableFuture<Delivery> sent : List.of(first, second)) {
      TrustException.Refusal refusal = ((TrustException) failure(sent)).refusal();
      assertThat(refusal.reason()).isEqualTo(Reason.ADDRESS_CHANGED_HANDS);
      assertThat(refusal.peer()).isEqualTo(peer.address());
      assertThat(refusal.teamName()).contains(BarePeer.TEAM);
      assertThat(refusal.known()).contains(right.fingerprint());
      assertThat(refusal.presented()).contains(wrong.fingerprint());
      assertThat(refusal.presentedTeamName()).contains("Carol");
    }
    assertNothingWasTaken();
  }

  /** It has a session already, because it said {@code HELLO} first and claimed the address. */
  @Test
  void messageToAnAddressDoesNotJoinTheSessionOfAnotherPeerThatClaimsIt() {
    pin();
    BareSession session = peer.dial(node, wrong).say(named("Carol", peer.hello()));
    assertThat(session.read()).startsWith("WELCOME:1|");
    CompletableFuture<Delivery> sent = send("secret");
    peer.acceptAndSecure(wrong).awaitEnd();
    TrustException.Refusal refusal = ((TrustException) failure(sent)).refusal();
    assertThat(refusal.reason()).isEqualTo(Reason.ADDRESS_CHANGED_HANDS);
    assertThat(refusal.presented()).contains(wrong.fingerprint());
    assertThat(refusal.presentedTeamName()).contains("Carol");
    store.accept(peer.address(), wrong.fingerprint());
    CompletableFuture<Delivery> accepted = send("for you");
    peer.acceptAndSecure(wrong).awaitEnd();
    assertThat(session.read()).endsWith("|for you");
    session.say("ACK:1");
    assertThat(result(accepted)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void consentIsForThatKeyAndTheNextMessageGoesThere() {
    pin();
    CompletableFuture<Delivery> refused = send("secret");
    assertAnswersInPlaceOf("BYE:closing", named("Carol", peer.welcome(SESSION, 0)));
    assertThat(failure(refused)).isInstanceOf(TrustException.class);
    store.accept(peer.address(), wrong.fingerprint());
    CompletableFuture<Delivery> sent = send("for you");
    BareSession session = peer.acceptAndSecure(wrong);
    assertThat(session.read()).startsWith("HELLO:1|");
    session.say(named("Carol", peer.welcome(SESSION, 0)));
    assertThat(session.read()).endsWith("|for you");
    session.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void allMessagesThatWaitForARefusedPeerFail() {
    pin();
    CompletableFuture<Delivery> first = send("one");
    CompletableFuture<Delivery> second = send("two");
    peer.acceptAndSecure(wrong).say(peer.welcome(SESSION, 0)).awaitEnd();
    assertRefused(failure(first), Optional.of(wrong.fingerprint()));
    assertRefused(failure(second), Optional.of(wrong.fingerprint()));
  }

  @Test
  void welcomeInTheNameOfAnotherPinnedTeamIsRefused() {
    Fingerprint other = BareTls.anybody().fingerprint();
    store.accept("Other", peer.address(), other);
    pin();
    CompletableFuture<Delivery> sent = send("hi");
    BareSession session = peer.acceptAndSecure(right);
    session.read();
    session.say(peer.welcome(SESSION, 0).replace("TEAM_NAME:" + BarePeer.TEAM, "TEAM_NAME:Other"));
    assertThat(session.readToEnd()).containsExactly("BYE:trust|REASON:key");
    assertThat(failure(sent))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining(other.toString())
        .hasMessageContaining(right.fingerprint().toString());
    assertThat(node.log().awaitFirst(PeerRefused.class).reason().refusal().known()).contains(other);
  }

  @Test
  void greetingThatIsSwallowedIsNoWayAroundTls() {
    hurry();
    pin();
    CompletableFuture<Delivery> sent = send("hi");
    CompletableFuture<Delivery> another = send("hi again");
    assertThat(peer.accept().readToEnd()).isEmpty();
    // It may be asleep. It has shown no key, so nothing is said of keys, and nothing is to accept.
    for (CompletableFuture<Delivery> each : List.of(sent, another)) {
      assertThat(failure(each))
          .isInstanceOf(PeerUnreachableException.class)
          .hasMessage(
              "Could not reach "
                  + peer.address()
                  + ": it did not answer; a peer that encrypts is known there, so nothing was sent"
                  + " without encryption");
      assertThat(((PeerUnreachableException) failure(each)).reason())
          .isEqualTo(PeerUnreachableException.Reason.TIMED_OUT);
    }
    assertThat(node.log().of(PeerRefused.class)).isEmpty();
  }

  @Test
  void greetingWithoutTlsIsNoWayAroundIt() {
    pin();
    CompletableFuture<Delivery> sent = send("hi");
    assertThat(peer.acceptAndGreet().readToEnd()).isEmpty();
    assertRefused(failure(sent), Optional.empty());
  }

  @Test
  void addressThatIsPinnedLaterIsNotDialedPlainAnyMore() {
    hurry();
    CompletableFuture<Delivery> plain = send("hi");
    assertThat(peer.accept().readToEnd()).hasSize(1);
    assertThat(result(plain)).isEqualTo(Delivery.WRITTEN);
    pin();
    assertRefused(failure(send("secret")), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "'', UNKNOWN, does not say why",
    "|REASON:later, UNKNOWN, does not say why",
    "|REASON:key, KEY, it knows another key",
    "|REASON:full, FULL, accepts no more new keys",
    "|REASON:storage, STORAGE, 'cannot read or record its known peers, perhaps because its disk'"
  })
  void whoIsNotTrustedThereIsToldWhy(String detail, Reason reason, String words) {
    CompletableFuture<Delivery> sent = send("hi");
    BareSession session = peer.acceptAndSecure(right);
    session.read();
    session.say("BYE:trust" + detail);
    assertThat(failure(sent))
        .isInstanceOfSatisfying(
            TrustException.class,
            e -> {
              assertThat(e).hasMessageContaining(words);
              // That its disk is full is no matter of trust.
              boolean isOfTrust = reason != Reason.STORAGE;
              String message = String.valueOf(e.getMessage());
              assertThat(message.startsWith("Not trusted: ")).isEqualTo(isOfTrust);
              assertThat(message.contains(store.fingerprint().toString())).isEqualTo(isOfTrust);
              assertThat(e.refusal().reason()).isEqualTo(reason);
              assertThat(e.refusal().byPeer()).isTrue();
              assertThat(e.refusal().presented()).contains(store.fingerprint());
            });
  }

  // ---- sessions keep the security that they have

  @Test
  void sessionIsNotResumedByAnotherKey() {
    TestNode any = TestNode.start("Any", PATIENT);
    try (any) {
      BareSession session = peer.dial(any, right).say(peer.hello());
      String sid = new BarePeer.Opened(session, session.read()).field("SESSION");
      session.close();
      assertThat(peer.dial(any, wrong).say(peer.hello(sid, 0)).readToEnd())
          .containsExactly("BYE:trust|REASON:key");
      assertThat(peer.dial(any).say(peer.hello(sid, 0)).readToEnd())
          .containsExactly("BYE:trust|REASON:key");
      assertThat(peer.dial(any, right).say(peer.hello(sid, 0)).read()).contains("SESSION:" + sid);
    }
  }

  @Test
  void linesOfAnEncryptedSessionDoNotGoOnInPlain() {
    NodeSettings quick =
        NodeSettings.builder()
            .greetingTimeout(Duration.ofHours(1))
            .redialDelay(Duration.ofMillis(1))
            .build();
    try (TestNode any = TestNode.start("Any", quick)) {
      CompletableFuture<Delivery> sent = any.node().send(peer.address(), "secret");
      BareSession session = peer.acceptAndSecure(right);
      session.read();
      session.say(peer.welcome(SESSION, 0)).read();
      session.reset();
      assertThat(peer.acceptAndGreet().readToEnd()).isEmpty();
      BareSession back = peer.acceptAndSecure(right);
      assertThat(back.read()).contains("SESSION:" + SESSION);
      back.say(peer.welcome(SESSION, 0));
      assertThat(back.read()).endsWith("|secret");
      back.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  // ---- the store

  @Test
  void nodeHasTheKeyOfTheStore() {
    assertThat(node.node().fingerprint()).contains(store.fingerprint());
    try (TestNode second = start(trust())) {
      assertThat(second.node().fingerprint()).contains(store.fingerprint());
    }
  }

  @Test
  void brokenFileIsNamedAtTheStart() throws IOException {
    pin();
    Files.writeString(directory.resolve("p2pchat/known_peers"), "# mine\nnonsense\n");
    assertThatExceptionOfType(TrustStoreException.class)
        .isThrownBy(() -> start(trust()))
        .withMessageContaining("known_peers")
        .withMessageContaining("line 2");
  }

  @Test
  void nobodyIsTrustedWhileTheFileIsBroken() throws IOException {
    pin();
    Path file = directory.resolve("p2pchat/known_peers");
    String whole = Files.readString(file);
    Files.writeString(file, "nonsense\n");
    assertThat(peer.dial(node, right).say(peer.hello()).readToEnd())
        .containsExactly("BYE:trust|REASON:storage");
    assertThat(node.log().awaitFirst(PeerRefused.class).reason().refusal().reason())
        .isEqualTo(Reason.STORAGE);
    CompletableFuture<Delivery> sent = send("hi");
    assertThat(peer.acceptAndSecure(right).readToEnd()).isEmpty();
    assertThat(failure(sent)).isInstanceOf(TrustException.class).hasMessageContaining("line 1");
    Files.writeString(file, whole);
    assertThat(peer.dial(node, right).say(peer.hello()).read()).startsWith("WELCOME:1|");
  }

  @Test
  void anyoneCannotBeStrict() {
    assertThatIllegalStateException().isThrownBy(() -> Trust.any().strict());
  }

  @Test
  void keysAreNotShown() {
    PeerNode running = node.node();
    assertThat(running.toString() + trust() + store + Security.required())
        .doesNotContain("PRIVATE");
  }
}
