package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Conversation;
import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.StoredMessage;
import io.p2pchat.Submission;
import io.p2pchat.TrustException;
import io.p2pchat.TrustStore;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.testing.peers.ScriptedSource;
import io.p2pchat.testing.peers.TestNode;
import io.p2pchat.testing.stores.MemoryStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** To whose key a message is bound that a store keeps (PROTOCOL.md section 9). */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class KeptMessageKeysTest extends StoreFixture {
  /** Lets one node discover another one by what that announces. */
  private static DiscoveredPeer discover(
      TestNode ann, ScriptedSource ofAnn, TestNode other, ScriptedSource ofOther) {
    Advertisement self = ofOther.awaitStart();
    ofAnn.found(
        PeerCandidate.builder("other")
            .node(self.node())
            .teamName(other.node().teamName())
            .level(1)
            .keyHint(self.keyHint().orElseThrow())
            .address(other.address())
            .build(),
        Duration.ofHours(1));
    return ann.log().awaitFirst(PeerDiscovered.class).discovered();
  }

  /** The first contact with a peer whose key is unknown until it opens a session. */
  @Test
  void theFirstMessageToADiscoveredPeerIsKeptWhenItsKeyIsKnown() {
    ScriptedSource ofAnn = new ScriptedSource("a");
    ScriptedSource ofBob = new ScriptedSource("b");
    TestNode ann = start("Ann", 0, annsDisk, builder -> builder.discovery(ofAnn));
    TestNode bob = start("Bob", 0, bobsDisk, builder -> builder.discovery(ofBob));
    DiscoveredPeer found = discover(ann, ofAnn, bob, ofBob);
    assertThat(found.known()).isEmpty();
    assertThat(result(ann.node().send(found, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(1)).containsExactly("hi");
    assertThat(texts(annsDisk, true)).containsExactly("hi");
    assertThat(texts(bobsDisk, false)).containsExactly("hi");
  }

  /** Bob's {@code listen}, without a store, acknowledges a message after his chat has started. */
  @Test
  void theProgramWithAStoreGetsAllThatIsSentWhenTheOtherHasAcknowledged() {
    CompletableFuture<Void> read = new CompletableFuture<>();
    CompletableFuture<Void> goesOn = new CompletableFuture<>();
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode listen =
        start(
            "Bob",
            0,
            null,
            builder ->
                builder.on(
                    MessageReceived.class,
                    (node, event) -> {
                      read.complete(null);
                      goesOn.join();
                    }));
    Submission first = submit(ann, listen.address(), "first");
    result(read);
    TestNode chat = start("Bob", 0, bobsDisk);
    result(chat.node().send(ann.address(), "hello"));
    goesOn.complete(null);
    result(first.delivered());
    Fingerprint bob = chat.node().fingerprint().orElseThrow();
    result(ann.node().submit(bob, "second", SendOptions.defaults()).delivered());
    assertThat(chat.log().awaitTexts(1)).containsExactly("second");
  }

  @Test
  void whatFailsAtTheAddressOfAKnownPeerIsNotInItsHistory() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    TestNode carol =
        start("Carol", bob.port(), null, builder -> builder.security(Security.plaintext()));
    result(carol.node().send(ann.address(), "I am Carol"));
    Peer toCarol = ann.log().awaitFirst(MessageReceived.class).peer();
    carol.close();
    result(start("Bob", bob.port(), bobsDisk).node().send(ann.address(), "I am back"));
    assertThat(failure(ann.node().send(toCarol, "for Carol"))).isInstanceOf(TrustException.class);
    eventually(
        () ->
            assertThat(messages(annsDisk, true))
                .filteredOn(message -> message.text().equals("for Carol"))
                .extracting(StoredMessage::conversation)
                .containsExactly(Conversation.of(bob.address())));
  }

  private TestNode carolTakesThePlaceOfBob(TestNode ann) {
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    return start("Carol", bob.port(), new MemoryStore.Disk());
  }

  @Test
  void aMessageToAnAddressFailsIfAnotherPeerAnswersThere() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode carol = carolTakesThePlaceOfBob(ann);
    result(carol.node().send(ann.address(), "hello"));
    Submission toBob = submit(ann, carol.address(), "for Bob");
    result(toBob.kept());
    assertChangedHands(failure(toBob.delivered()), carol);
    eventually(
        () ->
            assertThat(messages(annsDisk, true))
                .extracting(StoredMessage::state)
                .containsExactly(StoredMessage.State.DELIVERED, StoredMessage.State.FAILED));
    assertThat(carol.log().texts()).isEmpty();
  }

  /** Who is meant is told by what is announced, not by who had the address before. */
  @Test
  void aMessageToADiscoveredPeerIsNotForTheOneThatHadItsAddress() {
    ScriptedSource ofAnn = new ScriptedSource("a");
    ScriptedSource ofCarol = new ScriptedSource("c");
    TestNode ann = start("Ann", 0, annsDisk, builder -> builder.discovery(ofAnn));
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    TestNode carol =
        start("Carol", bob.port(), new MemoryStore.Disk(), builder -> builder.discovery(ofCarol));
    DiscoveredPeer found = discover(ann, ofAnn, carol, ofCarol);
    assertThat(result(ann.node().send(found, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(carol.log().awaitTexts(1)).containsExactly("hi");
  }

  private static void assertChangedHands(Throwable failure, TestNode now) {
    assertThat(failure).isInstanceOf(TrustException.class);
    TrustException.Refusal refusal = ((TrustException) failure).refusal();
    assertThat(refusal.reason()).isEqualTo(TrustException.Reason.ADDRESS_CHANGED_HANDS);
    assertThat(refusal.teamName()).contains("Bob");
    assertThat(refusal.presented()).isEqualTo(now.node().fingerprint());
    assertThat(refusal.presentedTeamName()).contains("Carol");
  }

  @Test
  void whatWasSentToAnAddressFailsWhenTheUserAcceptsAnotherKeyThere() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    result(submit(ann, address, "first").delivered());
    bob.close();
    Submission toBob = submit(ann, address, "for Bob");
    result(toBob.kept());
    TestNode carol = start("Carol", 0, new MemoryStore.Disk());
    result(carol.node().send(ann.address(), "hello"));
    carol.close();
    TrustStore.open(directory.resolve("Ann"))
        .accept("Carol", address, carol.node().fingerprint().orElseThrow());
    TestNode carolAgain = start("Carol", address.port(), new MemoryStore.Disk());
    assertThat(result(submit(ann, address, "for Carol").delivered()))
        .isEqualTo(Delivery.ACKNOWLEDGED);
    assertChangedHands(failure(toBob.delivered()), carol);
    assertThat(carolAgain.log().awaitTexts(1)).containsExactly("for Carol");
  }

  /** As after a new installation of the computer of the peer. */
  @Test
  void aMessageToAPeerFailsWhenTheUserAcceptsAnotherKeyInPlaceOfItsOnlyOne() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    Peer peer = ann.node().activePeers().get(0);
    bob.close();
    Submission toBob = ann.node().submit(peer, "for the old key", SendOptions.defaults());
    result(toBob.kept());
    Fingerprint newKey = TrustStore.open(directory.resolve("new key of Bob")).fingerprint();
    TrustStore.open(directory.resolve("Ann")).accept("Bob", bob.address(), newKey);
    Throwable failure = failure(toBob.delivered());
    assertThat(failure).isInstanceOf(TrustException.class);
    TrustException.Refusal refusal = ((TrustException) failure).refusal();
    assertThat(refusal.reason()).isEqualTo(TrustException.Reason.ADDRESS_CHANGED_HANDS);
    assertThat(refusal.presented()).contains(newKey);
    assertThat(refusal.teamName()).contains("Bob");
    eventually(
        () ->
            assertThat(messages(annsDisk, true))
                .extracting(StoredMessage::state)
                .containsExactly(StoredMessage.State.DELIVERED, StoredMessage.State.FAILED));
    // The key is known no more, so only what is stored tells who that was.
    assertThat(messages(annsDisk, true))
        .extracting(StoredMessage::teamName)
        .containsExactly(Optional.of("Bob"), Optional.of("Bob"));
  }

  @Test
  void aMessageToAPeerIsItsWhoeverHasItsAddress() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    Peer peer = ann.node().activePeers().get(0);
    bob.close();
    TestNode carol = start("Carol", bob.port(), new MemoryStore.Disk());
    result(carol.node().send(ann.address(), "hello"));
    Submission toBob = ann.node().submit(peer, "for Bob", SendOptions.defaults());
    result(toBob.kept());
    TestNode bobElsewhere = start("Bob", 0, bobsDisk);
    result(bobElsewhere.node().send(ann.address(), "here"));
    assertThat(result(toBob.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(carol.log().texts()).isEmpty();
  }
}
