package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustException;
import io.p2pchat.TrustStore;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BarePeer.Opened;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody at the machine of a connected peer tries to be taken for it (SECURITY.md). */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class ImpostorTest {
  private static final String SESSION = "s".repeat(13);
  private static final String OTHER = RandomIds.node(8, 8);
  private static final NodeSettings PATIENT =
      NodeSettings.builder()
          .greetingTimeout(Duration.ofHours(1))
          .greetingDelay(Duration.ofHours(1))
          // Peers of these tests do not answer a node that leaves.
          .closeTimeout(Duration.ofMillis(50))
          .build();

  @TempDir private Path directory;

  private final BarePeer bob = BarePeer.open();
  private final BareTls right = BareTls.anybody();
  private final BareTls wrong = BareTls.anybody();
  private TestNode node;
  private Opened opened;
  private BareSession session;
  private Peer known;
  private int received;

  /** Bob is known, in a session, and connected. */
  @BeforeEach
  void start() {
    start(Trust.pinned(directory.resolve("p2pchat")));
  }

  private void start(Trust trust) {
    node =
        TestNode.start(
            "One",
            builder -> builder.settings(PATIENT).security(Security.opportunistic().with(trust)));
    session = bob.dial(node, right).say(bob.hello());
    opened = new Opened(session, session.read());
    session.say(bob.chat("connection message"));
    known = node.log().awaitFirst(PeerConnected.class).peer();
  }

  @AfterEach
  void stop() {
    node.close();
    bob.close();
  }

  private static String named(String team, String line) {
    return line.replace("TEAM_NAME:" + BarePeer.TEAM, "TEAM_NAME:" + team);
  }

  private static String anotherNode(String line) {
    return line.replaceAll("NODE:[a-z2-7]{26}", "NODE:" + RandomIds.node(7, 7));
  }

  private void assertGets(String text, CompletableFuture<?> sent) {
    String line = session.read();
    while (line.startsWith("ACK:")) {
      line = session.read();
    }
    assertThat(line).endsWith("|" + text);
    session.say("ACK:" + ++received);
    result(sent);
  }

  /** All that is meant for Bob reaches him, and his presence is as it was. */
  private void assertBobIsBob() {
    assertGets("to the peer", node.node().send(known, "to the peer"));
    assertGets("to the key", node.node().send(right.fingerprint(), "to the key"));
    assertGets("to the address", node.node().send(bob.address(), "to the address"));
    assertGets("to all", node.node().broadcast("to all"));
    assertThat(node.node().connectedPeers()).containsExactly(known);
    Peer now = node.node().connectedPeers().get(0);
    assertThat(now.state()).isEqualTo(Peer.State.REACHABLE);
    assertThat(now.fingerprint()).contains(right.fingerprint());
    assertThat(now.address()).isEqualTo(bob.address());
    assertThat(node.log().kinds())
        .doesNotContain("ConnectionLost", "SessionReset", "PeerLeft", "PeerStalled");
    assertThat(node.log().messages())
        .noneMatch(message -> message.peer().equals(known) && message.text().contains("forged"));
  }

  private void assertRefused(BareSession impostor) {
    assertThat(impostor.readToEnd()).contains("BYE:trust|REASON:key");
    node.log().awaitFirst(PeerRefused.class);
    assertBobIsBob();
    assertThat(node.node().activePeers()).containsExactly(known);
  }

  private void assertSomebodyElse(BareSession impostor) {
    assertThat(impostor.read()).startsWith("WELCOME:1|");
    impostor.say(named("Zed", bob.chat("forged")));
    eventually(() -> assertThat(node.log().texts()).contains("forged"));
    assertBobIsBob();
    assertThat(impostor.roundTrip()).allMatch(line -> line.startsWith("ACK:"));
  }

  // ---- with TLS

  @ParameterizedTest
  @ValueSource(strings = {"Bare", "BARE", "Ｂａｒｅ", " bare "})
  void nameOfThePeerIsRefusedAtItsAddress(String name) {
    assertRefused(bob.dial(node, wrong).say(named(name, anotherNode(bob.hello()))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"|BRIEF:1", "|KEY:temporary", "|BRIEF:1|KEY:temporary"})
  void nameOfThePeerIsRefusedWhateverElseIsSaid(String more) {
    assertRefused(bob.dial(node, wrong).say(anotherNode(bob.hello()) + more));
  }

  @ParameterizedTest
  @CsvSource({"Carol, false", "Bare, false", "Carol, true", "Bare, true"})
  void knownKeyIsRefusedUnderTheNameOfThePeerAtItsAddress(String name, boolean strict) {
    TrustStore store = TrustStore.open(directory.resolve("p2pchat"));
    store.accept(name, new PeerAddress("192.0.2.7", 7070), wrong.fingerprint());
    if (strict) {
      node.close();
      start(Trust.pinned(directory.resolve("p2pchat")).strict());
    }
    assertRefused(bob.dial(node, wrong).say(anotherNode(bob.hello())));
    assertThat(store.knownPeers())
        .filteredOn(pin -> pin.address().equals(bob.address()))
        .extracting(KnownPeer::fingerprint)
        .containsExactly(right.fingerprint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "|BRIEF:1", "|KEY:temporary"})
  void claimOfTheAddressUnderAnotherNameChangesNothing(String more) {
    String hello = named("Zed", anotherNode(bob.hello())) + more;
    assertSomebodyElse(bob.dial(node, wrong).say(hello));
  }

  @Test
  void copyOfTheNodeIsRefusedAtTheAddress() {
    assertRefused(bob.dial(node, wrong).say(named("Zed", bob.hello())));
  }

  @Test
  void copyOfTheNodeElsewhereIsSomebodyElse() {
    String port = "LISTENING_PORT:" + bob.address().port();
    String hello = named("Zed", bob.hello()).replace(port, "LISTENING_PORT:1");
    BareSession impostor = bob.dial(node, wrong).say(hello);
    assertThat(impostor.read()).startsWith("WELCOME:1|");
    assertBobIsBob();
    assertThat(impostor.roundTrip()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sessionIsResumedByItsKeyOnly(boolean sameNode) {
    String hello = named("Zed", bob.hello(opened.field("SESSION"), 0));
    BareSession impostor = bob.dial(node, wrong).say(sameNode ? hello : anotherNode(hello));
    if (sameNode) {
      assertRefused(impostor);
    } else {
      assertSomebodyElse(impostor);
      assertThat(opened.field("SESSION")).isNotEmpty();
    }
  }

  @Test
  void renameInALaterHelloIsRefused() {
    String hello = named("Zed", anotherNode(bob.hello()));
    BareSession first = bob.dial(node, wrong).say(hello);
    assertThat(first.read()).startsWith("WELCOME:1|");
    BareSession again = bob.dial(node, wrong).say(named(BarePeer.TEAM, anotherNode(bob.hello())));
    assertThat(again.readToEnd()).contains("BYE:trust|REASON:key");
    assertBobIsBob();
  }

  @Test
  void renameInALineIsNoRename() {
    String hello = named("Zed", anotherNode(bob.hello()));
    BareSession impostor = bob.dial(node, wrong).say(hello);
    assertThat(impostor.read()).startsWith("WELCOME:1|");
    impostor.say(bob.chat("forged")).awaitEnd();
    node.log().awaitFirst(ProtocolViolation.class);
    assertThat(node.log().messages()).isEmpty();
    assertBobIsBob();
  }

  private static String atPort(int port, String line) {
    return line.replaceFirst("LISTENING_PORT:[0-9]+", "LISTENING_PORT:" + port);
  }

  /** Bob restarts elsewhere so soon that his new address has no line in the file. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addressWithoutALineIsNoLessThatOfThePeer(boolean inSession) {
    BareSession moved = bob.dial(node, right).say(atPort(1, anotherNode(bob.hello())));
    assertThat(moved.read()).startsWith("WELCOME:1|");
    if (!inSession) {
      moved.say("BYE:closing").awaitEnd();
    }
    String hello = atPort(1, bob.hello()).replaceAll("NODE:[a-z2-7]{26}", "NODE:" + OTHER);
    assertThat(bob.dial(node, wrong).say(hello).readToEnd()).contains("BYE:trust|REASON:key");
    assertThat(TrustStore.open(directory.resolve("p2pchat")).knownPeers())
        .extracting(KnownPeer::fingerprint)
        .containsOnly(right.fingerprint());
  }

  /** The same without TLS, in a line and in a session. */
  @Test
  void addressWithoutALineIsNotThatOfAPlainProgram() {
    bob.dial(node, right).say(atPort(1, anotherNode(bob.hello()))).say("BYE:closing").awaitEnd();
    session.say("BYE:closing").awaitEnd();
    bob.dial(node).say(atPort(1, bob.chat("forged"))).endOutput().awaitEnd();
    assertThat(node.log().awaitFirst(PeerRefused.class).reason().refusal().known())
        .contains(right.fingerprint());
    String hello = atPort(1, bob.hello()).replaceAll("NODE:[a-z2-7]{26}", "NODE:" + OTHER);
    assertThat(bob.dial(node).say(hello).readToEnd()).contains("BYE:trust|REASON:key");
    assertThat(node.log().messages()).isEmpty();
  }

  /** A message to an address at which the peer was, though that has no line, is for it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageToAnAddressWithoutALineIsForThePeer(boolean encrypts) {
    try (BarePeer there = BarePeer.open(OTHER)) {
      there.dial(node, right).say(there.hello()).say("BYE:closing").awaitEnd();
      session.say("BYE:closing").awaitEnd();
      CompletableFuture<Delivery> sent = node.node().send(there.address(), "secret");
      if (encrypts) {
        BareSession asked = there.acceptAndSecure(wrong);
        assertThat(asked.read()).startsWith("HELLO:1|");
        asked.say(named("Zed", there.welcome(SESSION, 0)));
        assertThat(asked.readToEnd()).noneMatch(line -> line.contains("secret"));
      } else {
        assertThat(there.acceptAndGreet().readToEnd()).isEmpty();
      }
      assertThat(failure(sent)).hasMessageContaining(right.fingerprint().toString());
    }
  }

  /** Somebody is at the next port of Bob, under his name, before he is. */
  @Test
  void whoHurriesToAPlaceDoesNotKeepThePeerFromIt() {
    BareSession hurried = bob.dial(node, wrong).say(atPort(1, anotherNode(bob.hello())));
    assertThat(hurried.read()).startsWith("WELCOME:1|");
    session.say("BYE:closing").awaitEnd();
    session = bob.dial(node, right).say(atPort(1, bob.hello()));
    assertThat(session.read()).startsWith("WELCOME:1|");
    assertGets("to the key", node.node().send(right.fingerprint(), "to the key"));
    assertThat(hurried.roundTrip()).isEmpty();
  }

  /** Bob was also reached at another address, in his session. */
  @Test
  void addressAtWhichThePeerHasAnsweredIsNotTakenByAClaim() {
    try (BarePeer alias = BarePeer.open()) {
      CompletableFuture<Delivery> first = node.node().send(alias.address(), "to the alias");
      alias.acceptAndSecure(right).readToEnd();
      assertGets("to the alias", first);
      BareSession impostor = alias.dial(node, wrong).say(named("Zed", anotherNode(alias.hello())));
      assertThat(impostor.read()).startsWith("WELCOME:1|");
      CompletableFuture<Delivery> sent = node.node().send(alias.address(), "secret");
      assertThat(impostor.roundTrip()).isEmpty();
      assertGets("secret", sent);
      assertBobIsBob();
    }
  }

  @Test
  void onlyOneOfManyThatMeetAtOnceHasTheName() {
    try (BarePeer elsewhere = BarePeer.open()) {
      List<BareSession> all =
          Stream.generate(() -> elsewhere.dial(node, BareTls.anybody())).limit(8).toList();
      for (int i = 0; i < all.size(); i++) {
        String other = "NODE:" + RandomIds.node(i, 5);
        all.get(i).say(named("Zed", elsewhere.hello()).replaceAll("NODE:[a-z2-7]{26}", other));
      }
      assertThat(all.stream().map(BareSession::read).toList())
          .filteredOn(answer -> answer.equals("BYE:trust|REASON:key"))
          .hasSize(7);
    }
    assertBobIsBob();
  }

  @Test
  void exitOfAnotherAtTheAddressIsOnlyItsOwn() {
    BareSession impostor = bob.dial(node, wrong).say(named("Zed", anotherNode(bob.hello())));
    assertThat(impostor.read()).startsWith("WELCOME:1|");
    impostor.say(named("Zed", bob.chat("connection message")));
    eventually(() -> assertThat(node.node().connectedPeers()).hasSize(2));
    impostor.say(named("Zed", bob.chat("exit")));
    eventually(() -> assertThat(node.node().connectedPeers()).containsExactly(known));
    assertGets("to the peer", node.node().send(known, "to the peer"));
    assertGets("to the address", node.node().send(bob.address(), "to the address"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"B\u0430re", "Bare\u200b", "\u0412are"})
  void lookAlikeIsTakenWithAWarning(String name) {
    try (BarePeer elsewhere = BarePeer.open()) {
      BareSession impostor = elsewhere.dial(node, wrong).say(named(name, elsewhere.hello()));
      assertThat(impostor.read()).startsWith("WELCOME:1|");
      eventually(() -> assertThat(node.log().of(PeerPinned.class)).hasSize(2));
      assertThat(node.log().of(PeerPinned.class).get(1).lookAlikes())
          .extracting(KnownPeer::fingerprint)
          .containsExactly(right.fingerprint());
      assertBobIsBob();
    }
  }

  // ---- the session waits

  @Test
  void whoAnswersWhileTheSessionWaitsGetsNothingOfIt() {
    session.reset();
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    CompletableFuture<Delivery> byKey = node.node().send(right.fingerprint(), "secret");
    BareSession impostor = bob.dial(node, wrong).say(named("Zed", anotherNode(bob.hello())));
    assertThat(impostor.read()).startsWith("WELCOME:1|");
    assertThat(bob.acceptAndSecure(wrong).readToEnd()).isEmpty();
    BareSession plain = bob.accept().say(bob.greeting("no"));
    assertThat(plain.readToEnd()).isEmpty();
    assertThat(bob.dial(node).say(bob.hello()).readToEnd()).contains("BYE:trust|REASON:key");
    assertThat(sent).isNotDone();
    assertThat(byKey).isNotDone();
    assertThat(impostor.roundTrip()).isEmpty();
    session = bob.dial(node, right).say(bob.hello(opened.field("SESSION"), 0));
    assertThat(session.read()).startsWith("WELCOME:1|");
    assertGets("secret", sent);
    assertGets("secret", byKey);
    assertThat(node.node().connectedPeers()).containsExactly(known);
  }

  @Test
  void messageForWhoeverIsThereIsNotForWhoAnswersWhileTheSessionWaits() {
    session.reset();
    CompletableFuture<Delivery> sent = node.node().send(bob.address(), "secret");
    assertThat(bob.acceptAndSecure(wrong).readToEnd()).isEmpty();
    BareSession asked = bob.acceptAndSecure(wrong);
    assertThat(asked.read()).startsWith("HELLO:1|");
    asked.say(named("Zed", anotherNode(bob.welcome(SESSION, 0))));
    assertThat(asked.readToEnd()).noneMatch(line -> line.contains("secret"));
    assertThat(failure(sent)).hasMessageContaining(right.fingerprint().toString());
  }

  /** Else who sends the text again would accept it in the place of Bob (USING.md). */
  @Test
  void whoIsKnownElsewhereByTheNameIsRefusedAtTheAddressOfThePeer() {
    session.say("BYE:closing").awaitEnd();
    try (BarePeer elsewhere = BarePeer.open(OTHER)) {
      BareSession impostor = elsewhere.dial(node, wrong).say(elsewhere.hello());
      assertThat(impostor.read()).startsWith("WELCOME:1|");
      CompletableFuture<Delivery> sent = node.node().send(bob.address(), "secret");
      BareSession asked = bob.accept().say(elsewhere.greeting("offered"));
      assertThat(asked.secure(wrong, true).readToEnd()).isEmpty();
      assertThat(failure(sent)).isInstanceOf(TrustException.class);
      assertThat(((TrustException) failure(sent)).refusal().reason())
          .isEqualTo(TrustException.Reason.KEY);
      assertThat(impostor.roundTrip()).isEmpty();
    }
  }

  // ---- without TLS

  @ParameterizedTest
  @ValueSource(strings = {"forged", "exit", "connection message"})
  void plainLinesFromItsAddressAreNotOfThePeer(String text) {
    for (String team : List.of(BarePeer.TEAM, "Zed", "bare")) {
      bob.dial(node).say(named(team, bob.chat(text))).endOutput().awaitEnd();
    }
    assertThat(node.log().messages()).allMatch(message -> message.raw());
    assertBobIsBob();
    assertThat(node.node().activePeers()).containsExactly(known);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void plainSessionFromItsAddressIsRefused(boolean sameNode) {
    String hello = named("Zed", bob.hello(opened.field("SESSION"), 0));
    BareSession impostor = bob.dial(node).say(sameNode ? hello : anotherNode(hello));
    assertRefused(impostor);
  }

  // ---- without pins

  @ParameterizedTest
  @CsvSource({"Bare, false", "Zed, false", "Bare, true", "Zed, true"})
  void withoutPinsALiveSessionIsNotTakenOver(String name, boolean sameNode) {
    node.close();
    start(Trust.any());
    String hello = named(name, sameNode ? bob.hello() : anotherNode(bob.hello()));
    BareSession impostor = bob.dial(node, wrong).say(hello);
    if (sameNode) {
      assertThat(impostor.readToEnd()).contains("BYE:trust|REASON:key");
    } else {
      assertThat(impostor.read()).startsWith("WELCOME:1|");
      assertThat(impostor.roundTrip()).isEmpty();
    }
    assertBobIsBob();
    assertThat(sameNode || impostor.roundTrip().isEmpty()).isTrue();
  }

  @Test
  void withoutPinsAPlainSessionDoesNotTakeOverAnEncryptedOne() {
    node.close();
    start(Trust.any());
    assertThat(bob.dial(node).say(anotherNode(bob.hello())).readToEnd())
        .contains("BYE:trust|REASON:key");
    bob.dial(node).say(bob.chat("exit")).endOutput().awaitEnd();
    assertBobIsBob();
  }

  @Test
  void withoutPinsMessagesForAKeyAreNotForTheNextOneThere() {
    node.close();
    start(Trust.any());
    session.reset();
    CompletableFuture<Delivery> sent = node.node().send(right.fingerprint(), "secret");
    assertThat(bob.acceptAndSecure(wrong).readToEnd()).isEmpty();
    BareSession impostor = bob.dial(node, wrong).say(anotherNode(bob.hello()));
    assertThat(impostor.read()).startsWith("WELCOME:1|");
    assertThat(impostor.roundTrip()).isEmpty();
    assertThat(sent).isNotDone();
  }
}
