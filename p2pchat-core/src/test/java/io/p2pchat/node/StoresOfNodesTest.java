package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.p2pchat.BindFailedException;
import io.p2pchat.Conversation;
import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.MessageDelivered;
import io.p2pchat.PeerEvent.MessageFailed;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.SendOutcome;
import io.p2pchat.StoreException;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.Submission;
import io.p2pchat.discovery.PeerExchange;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.faultproxy.FaultProxy;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import io.p2pchat.testing.stores.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What happens around messages that a store keeps, over real sockets (PROTOCOL.md section 9). */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class StoresOfNodesTest extends StoreFixture {
  private static List<String> delivered(TestNode node) {
    return node.log().of(MessageDelivered.class).stream().map(MessageDelivered::id).toList();
  }

  @Test
  void eventsTellOfTheEndOfEachKeptMessageAlsoOfAnEarlierRun() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    Submission first = submit(ann, address, "first");
    result(first.delivered());
    eventually(() -> assertThat(delivered(ann)).containsExactly(first.id()));
    MessageDelivered event = ann.log().awaitFirst(MessageDelivered.class);
    assertThat(event.peer().fingerprint()).isEqualTo(bob.node().fingerprint());
    assertThat(event.peer().teamName()).isEqualTo("Bob");
    bob.close();
    Submission away = submit(ann, address, "away");
    Submission withdrawn = submit(ann, address, "withdrawn");
    result(away.kept());
    result(withdrawn.kept());
    assertThat(withdrawn.withdraw()).isTrue();
    MessageFailed failed = ann.log().awaitFirst(MessageFailed.class);
    assertThat(failed.id()).isEqualTo(withdrawn.id());
    assertThat(failed.reason()).isInstanceOf(MessageWithdrawnException.class);
    ann.close();
    assertThat(delivered(ann)).containsExactly(first.id());
    TestNode annAgain = start("Ann", 0, annsDisk);
    start("Bob", address.port(), bobsDisk);
    eventually(() -> assertThat(delivered(annAgain)).containsExactly(away.id()));
    assertThat(texts(bobsDisk, false)).containsExactly("first", "away");
  }

  @Test
  void aBroadcastDoesNotWaitForPeersThatAreAway() throws IOException {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    TestNode carol = start("Carol", 0, new MemoryStore.Disk());
    try (FaultProxy proxy = FaultProxy.to(bob.port())) {
      result(ann.node().connect(proxy.address()));
      result(ann.node().connect(carol.address()));
      assertThat(deliveries(result(ann.node().broadcast("all"))))
          .containsExactly(Delivery.ACKNOWLEDGED, Delivery.ACKNOWLEDGED);
      proxy.refuse(true);
      proxy.cutNow();
      ann.log().awaitFirst(ConnectionLost.class);
      assertThat(deliveries(result(ann.node().broadcast("more"))))
          .containsExactlyInAnyOrder(Delivery.ACKNOWLEDGED, Delivery.KEPT);
      proxy.refuse(false);
      eventually(() -> assertThat(texts(bobsDisk, false)).containsExactly("all", "more"));
    }
  }

  private static List<Delivery> deliveries(List<SendOutcome> outcomes) {
    return outcomes.stream().map(outcome -> ((SendOutcome.Delivered) outcome).delivery()).toList();
  }

  /** One user has two nodes with one key and one store. */
  @Test
  void aNodeWhoseStoreIsAnothersTakesNothingThatIsKeptUntilItHasTheStore() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    TestNode bobsSecond = start("Bob", 0, bobsDisk);
    Fingerprint bobsKey = bob.node().fingerprint().orElseThrow();
    result(bobsSecond.node().send(ann.address(), "from the second"));
    result(bob.node().send(ann.address(), "from the first"));
    for (int i = 0; i < 10; i++) {
      result(ann.node().submit(bobsKey, "n" + i, SendOptions.defaults()).delivered());
    }
    assertThat(bob.log().awaitTexts(10)).hasSize(10);
    bob.close();
    Submission away = ann.node().submit(bobsKey, "later", SendOptions.defaults());
    result(away.kept());
    // It tries to get the store every 5 s.
    assertThat(result(away.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bobsSecond.log().awaitTexts(1)).containsExactly("later");
    assertThat(texts(bobsDisk, false)).hasSize(11).endsWith("later");
  }

  /** What came without its number, he could not know again. */
  @Test
  void whatIsKeptWaitsForASessionOfStoresIfTheStoreIsGotLater() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    ann.close();
    Instant yesterday = Instant.ofEpochMilli(System.currentTimeMillis()).minus(Duration.ofDays(1));
    store(annsDisk, keptFor(bob, "of yesterday", yesterday));
    MemoryStore other = new MemoryStore(annsDisk);
    other.claim();
    TestNode annAgain = start("Ann", 0, annsDisk);
    result(annAgain.node().send(bob.address(), "without the store"));
    other.close();
    // Ann tries to get it every 5 s.
    eventually(
        () ->
            assertThat(messages(bobsDisk, false))
                .extracting(
                    StoredMessage::text, message -> message.claimedTime().map(yesterday::equals))
                .containsExactly(
                    tuple("first", Optional.empty()),
                    tuple("without the store", Optional.empty()),
                    tuple("of yesterday", Optional.of(true))));
    result(submit(annAgain, bob.address(), "last").delivered());
    assertThat(texts(bobsDisk, false)).endsWith("of yesterday", "last");
  }

  /** Meanwhile it is sought where nothing answers. */
  @Test
  void whatWasSentToAnAbsentPeerBeforeTheStoreWasGotIsKeptFirst() throws IOException {
    NodeSettings settings =
        NodeSettings.builder()
            .connectTimeout(Duration.ofMinutes(1))
            .greetingTimeout(Duration.ofMinutes(1))
            .build();
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    Peer peer = ann.log().awaitFirst(MessageDelivered.class).peer();
    ann.close();
    bob.close();
    MemoryStore other = new MemoryStore(annsDisk);
    other.claim();
    Submission early;
    Submission late;
    try (ServerSocket silent = new ServerSocket()) {
      silent.bind(bob.node().localAddress());
      TestNode annAgain = start("Ann", 0, annsDisk, builder -> builder.settings(settings));
      early = annAgain.node().submit(peer, "early", SendOptions.defaults());
      // Ann tries to get the store every 5 s.
      other.close();
      TestNode carol = start("Carol", 0, null);
      eventually(
          () -> {
            result(annAgain.node().send(carol.address(), "is it there?"));
            assertThat(texts(annsDisk, true)).contains("is it there?");
          });
      late = annAgain.node().submit(peer, "late", SendOptions.defaults());
      result(late.kept());
    }
    assertThat(texts(annsDisk, true)).containsSubsequence("first", "early", "late");
    start("Bob", bob.port(), bobsDisk);
    result(early.delivered());
    result(late.delivered());
    assertThat(texts(bobsDisk, false)).containsExactly("first", "early", "late");
  }

  /** Who connected would take it for a plain program after a second, and write in plain. */
  @Test
  void nobodyConnectsToANodeThatWaitsForItsStore() {
    TestNode ann = start("Ann", 0, annsDisk);
    int port = ann.port();
    ann.close();
    CompletableFuture<Boolean> connects = new CompletableFuture<>();
    annsDisk.beforeClaim(
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            connects.complete(socket.isConnected());
          } catch (IOException e) {
            connects.complete(false);
          }
        });
    start("Ann", port, annsDisk);
    assertThat(result(connects)).isFalse();
  }

  @Test
  void aStartThatFailsGivesItsStoreUp() {
    PeerExchange source = new PeerExchange();
    TestNode ann = start("Ann", 0, null, builder -> builder.discovery(source));
    MemoryStore other = new MemoryStore(annsDisk);
    assertThatIllegalStateException()
        .isThrownBy(() -> start("Ann", 0, annsDisk, builder -> builder.discovery(source)))
        .withMessageContaining("a source belongs to one node");
    other.claim();
    other.close();
    assertThatExceptionOfType(BindFailedException.class)
        .isThrownBy(() -> start("Ann", ann.port(), annsDisk));
    other.claim();
    other.close();
  }

  private static StoredMessage keptFor(TestNode peer, String text, Instant time) {
    Fingerprint key = peer.node().fingerprint().orElseThrow();
    return StoredMessage.builder(Conversation.of(key), StoredMessage.State.KEPT, text, time)
        .address(peer.address())
        .expiry(time.plus(Duration.ofDays(7)))
        .id(text)
        .number("o".repeat(26), 1)
        .build();
  }

  /** The store comes between its {@code HELLO} and the {@code WELCOME}. */
  @Test
  void aSessionThatBeganWithoutTheStoreBeginsAnewIfThePeerHasOne() {
    MemoryStore other = new MemoryStore(annsDisk);
    other.claim();
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode carol = start("Carol", 0, null);
    BareTls tls = BareTls.anybody();
    try (BarePeer bob = BarePeer.open()) {
      CompletableFuture<Delivery> sent = ann.node().send(bob.address(), "hello");
      BareSession first = bob.acceptAndSecure(tls);
      assertThat(first.read()).startsWith("HELLO").doesNotContain("STORE:1");
      other.close();
      eventually(
          () -> {
            result(ann.node().send(carol.address(), "is it there?"));
            assertThat(texts(annsDisk, true)).isNotEmpty();
          });
      first.say(bob.welcome("s".repeat(13), 0) + "|EXACT:1|STORE:1");
      assertThat(first.readToEnd()).noneMatch(line -> line.contains("hello"));
      String again = bob.acceptAndSecure(tls).read();
      assertThat(again).startsWith("HELLO").contains("STORE:1", "SESSION:" + "s".repeat(13));
      assertThat(sent).isNotDone();
    }
  }

  /** It was killed, and what it had said was not read yet. The next start may have withdrawn it. */
  @Test
  void whatANodeHasSaidEndsWhenANodeOfItsKeyAsksForItsOutbox() {
    TestNode bob = start("Bob", 0, bobsDisk);
    BareTls tls = BareTls.anybody();
    String outbox = "o".repeat(26);
    try (BarePeer before = BarePeer.open(BarePeer.LOWEST);
        BarePeer after = BarePeer.open(BarePeer.HIGHEST);
        BarePeer other = BarePeer.open()) {
      BareSession old = asks(before, bob, tls, outbox, 0);
      old.say("NEXT:" + outbox + ":1").say(before.chat("one")).readTo("ACK:1");
      BareSession ofOther = asks(other, bob, tls, "p".repeat(26), 0);
      BareSession now = asks(after, bob, tls, outbox, 1);
      old.awaitEnd();
      now.say("NEXT:" + outbox + ":2").say(after.chat("two")).readTo("ACK:1");
      assertThat(ofOther.roundTrip()).isEmpty();
    }
    assertThat(texts(bobsDisk, false)).containsExactly("one", "two");
  }

  private static BareSession asks(
      BarePeer peer, TestNode to, BareTls tls, String outbox, int stored) {
    BareSession session = peer.dial(to, tls).say(peer.hello() + "|EXACT:1|STORE:1");
    session.say("OUTBOX:" + outbox).readTo("STORED:" + outbox + ":" + stored);
    return session;
  }

  @Test
  void aKeptMessageThatCannotBeSentDoesNotHoldUpTheOthers() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    ann.close();
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    store(annsDisk, keptFor(bob, "half a character: \ud800", now), keptFor(bob, "whole", now));
    start("Ann", 0, annsDisk);
    eventually(() -> assertThat(texts(bobsDisk, false)).containsExactly("first", "whole"));
  }

  /** As {@code p2pchat send} does. */
  @Test
  void aNodeThatRunsOnlyToSendTakesNothingThatIsKept() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    Fingerprint bobsKey = bob.node().fingerprint().orElseThrow();
    result(bob.node().send(ann.address(), "hello"));
    bob.close();
    TestNode brief = start("Bob", 0, new MemoryStore.Disk(), PeerNodeBuilder::brief);
    result(brief.node().send(ann.address(), "sent"));
    Submission away = ann.node().submit(bobsKey, "for the chat", SendOptions.defaults());
    result(away.kept());
    Submission answer = submit(ann, brief.address(), "an answer");
    TestNode bobAgain = start("Bob", address.port(), bobsDisk);
    result(away.delivered());
    result(answer.delivered());
    assertThat(bobAgain.log().awaitTexts(2)).containsExactly("for the chat", "an answer");
    assertThat(brief.log().texts()).isEmpty();
  }

  @Test
  void whatIsKeptForPeersThatAreAwayIsBoundedAndLeavesRoomForTheOthers() {
    NodeSettings settings = NodeSettings.builder().keptBytesInAll(4096).build();
    TestNode ann = start("Ann", 0, annsDisk, builder -> builder.settings(settings));
    TestNode bob = start("Bob", 0, bobsDisk);
    TestNode carol = start("Carol", 0, new MemoryStore.Disk());
    result(submit(ann, bob.address(), "first").delivered());
    Fingerprint bobsKey = bob.node().fingerprint().orElseThrow();
    bob.close();
    List<Submission> sent =
        IntStream.range(0, 10)
            .mapToObj(i -> ann.node().submit(bobsKey, "x".repeat(1000) + i, SendOptions.defaults()))
            .toList();
    sent.subList(0, 3).forEach(message -> result(message.kept()));
    for (Submission refused : sent.subList(3, 10)) {
      assertThat(failure(refused.kept())).isInstanceOf(OutboundQueueFullException.class);
      assertThat(failure(refused.delivered()))
          .isInstanceOf(OutboundQueueFullException.class)
          .hasMessageContaining("keptBytesInAll is 4096");
    }
    for (int i = 0; i < 5; i++) {
      result(submit(ann, carol.address(), "y".repeat(2000)).delivered());
    }
    start("Bob", bob.port(), bobsDisk);
    sent.subList(0, 3).forEach(message -> result(message.delivered()));
    result(ann.node().submit(bobsKey, "x".repeat(3000), SendOptions.defaults()).delivered());
  }

  @Test
  void whatIsSentToTheAddressOfAnAbsentPeerTakesTheRoomOfWhatIsKept() {
    NodeSettings settings = NodeSettings.builder().keptBytesInAll(4096).build();
    TestNode ann = start("Ann", 0, annsDisk, builder -> builder.settings(settings));
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    List<Submission> sent =
        IntStream.range(0, 10)
            .mapToObj(i -> submit(ann, bob.address(), "x".repeat(1000) + i))
            .toList();
    sent.subList(0, 3).forEach(message -> result(message.kept()));
    for (Submission refused : sent.subList(3, 10)) {
      assertThat(failure(refused.delivered()))
          .isInstanceOf(OutboundQueueFullException.class)
          .hasMessageContaining("keptBytesInAll is 4096");
    }
    assertThat(texts(annsDisk, true)).hasSize(4);
  }

  @Test
  void aMessageWhoseTimeIsOverFailsAndDoesNotArrive() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    Submission brief =
        ann.node()
            .submit(bob.address(), "brief", SendOptions.defaults().keepFor(Duration.ofMillis(1)));
    assertThat(failure(brief.delivered()))
        .isInstanceOf(MessageWithdrawnException.class)
        .hasMessageContaining("expired");
    start("Bob", bob.port(), bobsDisk);
    result(submit(ann, bob.address(), "last").delivered());
    assertThat(texts(bobsDisk, false)).containsExactly("first", "last");
  }

  /** The name has two addresses, and each is tried. */
  @Test
  void aMessageToAHostNameIsKeptForThePeerThere() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress name = new PeerAddress("localhost", bob.port());
    Submission first = submit(ann, name, "first");
    assertThat(result(first.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    result(first.kept());
    result(submit(ann, name, "second").delivered());
    assertThat(texts(annsDisk, true)).containsExactly("first", "second");
    assertThat(texts(bobsDisk, false)).containsExactly("first", "second");
  }

  @Test
  void theQueueOfAPeerThatIsAwayIsBoundedAndSaysWhenThereIsRoom() {
    NodeSettings settings = NodeSettings.builder().outboundLinesPerPeer(4).build();
    TestNode ann = start("Ann", 0, annsDisk, builder -> builder.settings(settings));
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    result(submit(ann, address, "first").delivered());
    bob.close();
    List<Submission> sent =
        IntStream.range(0, 4).mapToObj(i -> submit(ann, address, "n" + i)).toList();
    sent.forEach(message -> result(message.kept()));
    Submission refused = submit(ann, address, "refused");
    assertThat(refused.delivered()).isCompletedExceptionally();
    assertThat(failure(refused.kept())).isInstanceOf(OutboundQueueFullException.class);
    CompletableFuture<Void> writable = ann.node().whenWritable(address);
    assertThat(writable).isNotDone();
    start("Bob", address.port(), bobsDisk);
    result(writable);
    sent.forEach(message -> result(message.delivered()));
    assertThat(texts(annsDisk, true)).containsExactly("first", "n0", "n1", "n2", "n3");
  }

  private static void store(MemoryStore.Disk disk, StoredMessage... messages) {
    try (MemoryStore store = new MemoryStore(disk)) {
      store.claim();
      try (StoreTransaction transaction = store.begin()) {
        for (StoredMessage message : messages) {
          transaction.add(message);
        }
        transaction.commit();
      }
    }
  }

  @Test
  void aMessageOfYesterdayArrivesOnceWithItsTimeAndOneWhoseTimeIsOverFails() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    result(submit(ann, address, "first").delivered());
    ann.close();
    bob.close();
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    Instant yesterday = now.minus(Duration.ofDays(1));
    Fingerprint key = bob.node().fingerprint().orElseThrow();
    StoredMessage.Builder kept =
        StoredMessage.builder(
                Conversation.of(key), StoredMessage.State.KEPT, "of yesterday", yesterday)
            .address(address)
            .expiry(now.plus(Duration.ofDays(6)));
    StoredMessage.Builder over =
        StoredMessage.builder(Conversation.of(key), StoredMessage.State.KEPT, "over", yesterday)
            .address(address)
            .expiry(now.minus(Duration.ofHours(1)));
    store(
        annsDisk,
        over.id("over").number("o".repeat(26), 1).build(),
        kept.id("kept").number("o".repeat(26), 2).build());
    TestNode annAgain = start("Ann", 0, annsDisk);
    MessageFailed failed = annAgain.log().awaitFirst(MessageFailed.class);
    assertThat(failed.id()).isEqualTo("over");
    // Before the last start it may have been written.
    assertThat(failed.reason()).isInstanceOf(DeliveryUnknownException.class);
    TestNode bobAgain = start("Bob", address.port(), bobsDisk);
    assertThat(bobAgain.log().awaitTexts(1)).containsExactly("of yesterday");
    eventually(() -> assertThat(delivered(annAgain)).containsExactly("kept"));
    List<StoredMessage> received = messages(bobsDisk, false);
    assertThat(received).extracting(StoredMessage::text).containsExactly("first", "of yesterday");
    assertThat(received.get(1).claimedTime()).contains(yesterday);
    assertThat(received.get(1).time()).isAfterOrEqualTo(now);
    assertThat(bobAgain.log().messages())
        .extracting(MessageReceived::claimedTime)
        .containsExactly(Optional.of(yesterday));
  }

  @Test
  void aStoreThatWasCopiedToAnotherComputerUsesNoNumberTwice() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    result(submit(ann, address, "first").delivered());
    MemoryStore.Disk copy = annsDisk.copy();
    result(submit(ann, address, "second").delivered());
    TestNode other = start("Ann", 0, copy);
    result(submit(other, address, "of the copy").delivered());
    result(submit(ann, address, "third").delivered());
    result(submit(other, address, "of the copy again").delivered());
    ann.close();
    other.close();
    result(submit(start("Ann", 0, copy.copy()), address, "of a backup").delivered());
    assertThat(texts(bobsDisk, false))
        .containsExactly(
            "first", "second", "of the copy", "third", "of the copy again", "of a backup");
  }

  /** It lacks what it has acknowledged since. Its peers go on behind that. */
  @Test
  void aReceiverThatIsSetBackToABackupGoesOn() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    PeerAddress address = bob.address();
    result(submit(ann, address, "first").delivered());
    MemoryStore.Disk backup = bobsDisk.copy();
    result(submit(ann, address, "second").delivered());
    bob.close();
    start("Bob", address.port(), backup);
    result(submit(ann, address, "third").delivered());
    assertThat(texts(backup, false)).containsExactly("first", "third");
  }

  @Test
  void aFullStoreAcknowledgesNothingAndGoesOnWhenThereIsRoom() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    TestNode dave = start("Dave", 0, null, b -> b.security(Security.plaintext()));
    result(submit(ann, bob.address(), "first").delivered());
    bobsDisk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    Submission waits = submit(ann, bob.address(), "waits");
    result(waits.kept());
    result(dave.node().send(bob.address(), "in plain"));
    assertThat(bob.log().awaitTexts(2)).containsExactly("first", "in plain");
    assertThat(failure(submit(bob, ann.address(), "not stored").kept()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("The disk is full");
    assertThat(waits.delivered()).isNotDone();
    bobsDisk.fail(null);
    assertThat(result(waits.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(bob.log().awaitTexts(3)).containsExactly("first", "in plain", "waits");
    assertThat(texts(annsDisk, false)).isEmpty();
  }

  /** The store of Bob is slower than the end of the session. */
  @Test
  void whatIsCommittedAfterTheEndOfItsSessionIsOfThePeerThatSentIt() {
    NodeSettings settings = NodeSettings.builder().closeTimeout(Duration.ofMillis(100)).build();
    TestNode ann = start("Ann", 0, annsDisk, builder -> builder.settings(settings));
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    result(ann.node().connect(bob.address()));
    bobsDisk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    result(submit(ann, bob.address(), "late").kept());
    CompletableFuture<Delivery> exit = ann.node().disconnect(bob.address());
    ann.close();
    assertThat(failure(exit)).isInstanceOf(DeliveryUnknownException.class);
    TestNode annAgain = start("Ann", ann.port(), null);
    result(annAgain.node().connect(bob.address()));
    bobsDisk.fail(null);
    assertThat(bob.log().awaitTexts(2)).containsExactly("first", "late");
    assertThat(bob.log().of(MessageReceived.class))
        .allMatch(message -> message.peer().fingerprint().equals(ann.node().fingerprint()))
        .allMatch(message -> message.peer().teamName().equals("Ann"));
    // It is here, and was not made to leave by what its earlier start had said.
    assertThat(bob.connected()).containsExactly(ann.address());
    assertThat(result(submit(bob, ann.address(), "hello").delivered()))
        .isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void anExitThatIsCommittedAfterTheEndOfItsSessionStillCounts() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(ann.node().connect(bob.address()));
    assertThat(bob.connected()).containsExactly(ann.address());
    bobsDisk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    CompletableFuture<Delivery> exit = ann.node().disconnect(bob.address());
    // Ann does not wait for long.
    assertThat(failure(exit)).isInstanceOf(DeliveryUnknownException.class);
    eventually(() -> assertThat(bob.node().metrics().sessionConnections()).isZero());
    bobsDisk.fail(null);
    assertThat(bob.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(PeerLeft.Reason.SAID_EXIT);
    assertThat(bob.connected()).isEmpty();
  }

  @Test
  void aMessageIsWithdrawnWhenThatIsStored() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    eventually(() -> assertThat(ann.node().metrics().sessionConnections()).isZero());
    Submission stored = submit(ann, bob.address(), "withdrawn");
    Submission unstored = submit(ann, bob.address(), "withdrawn too late");
    result(stored.kept());
    result(unstored.kept());
    assertThat(stored.withdraw()).isTrue();
    assertThat(failure(stored.delivered())).isInstanceOf(MessageWithdrawnException.class);
    assertThat(messages(annsDisk, true))
        .extracting(StoredMessage::state)
        .containsExactly(
            StoredMessage.State.DELIVERED, StoredMessage.State.FAILED, StoredMessage.State.KEPT);
    annsDisk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    assertThat(unstored.withdraw()).isTrue();
    assertThat(unstored.withdraw()).isFalse();
    ann.close();
    assertThat(failure(unstored.delivered())).isInstanceOf(StoreException.class);
  }

  @Test
  void closingTellsThatAMessageIsKeptOnlyIfItIsStored() throws InterruptedException {
    CountDownLatch commits = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    annsDisk.beforeCommit(
        () -> {
          Blocking.until(go, commits);
          throw new StoreException(StoreException.Reason.FULL, "The disk is full.", null);
        });
    Submission lost = submit(ann, bob.address(), "lost");
    commits.await();
    ann.close(); // It waits 5 s for the store.
    assertThat(failure(lost.delivered()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("may be kept");
    assertThat(failure(lost.kept())).isInstanceOf(StoreException.class);
    go.countDown();
    assertThat(new MemoryStore(annsDisk).messages(HistoryQuery.first(10)))
        .extracting(StoredMessage::text)
        .containsExactly("first");
  }

  @Test
  void closingDoesNotTellThatAMessageIsKeptWhoseFileWasDamaged() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    result(submit(ann, bob.address(), "first").delivered());
    bob.close();
    Submission lost = submit(ann, bob.address(), "lost");
    result(lost.kept());
    annsDisk.beforeCommit(
        () -> {
          annsDisk.beforeCommit(() -> {});
          throw new StoreException(StoreException.Reason.CORRUPT, "It is damaged.", null);
        });
    assertThat(failure(submit(ann, bob.address(), "refused").kept()))
        .isInstanceOf(StoreException.class);
    Submission kept = submit(ann, bob.address(), "kept");
    result(kept.kept());
    ann.close();
    assertThat(failure(lost.delivered())).hasMessageContaining("It is damaged.");
    assertThat(result(kept.delivered())).isEqualTo(Delivery.KEPT);
  }

  @Test
  void nothingIsKeptByAStoreThatCannotBeOpened() {
    annsDisk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk);
    Submission sent = submit(ann, bob.address(), "not kept");
    assertThat(failure(sent.kept()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("The disk is full");
    assertThat(result(sent.delivered())).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void whatWaitsToBeStoredCountsToTheLimitOfWhatIsReceived() {
    NodeSettings settings =
        NodeSettings.builder().inboundBytesInAll(20_000).inboundBytesPerSource(1 << 20).build();
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode bob = start("Bob", 0, bobsDisk, builder -> builder.settings(settings));
    result(submit(ann, bob.address(), "first").delivered());
    bobsDisk.fail(new StoreException(StoreException.Reason.FULL, "The disk is full.", null));
    List<Submission> sent =
        IntStream.range(0, 100)
            .mapToObj(i -> submit(ann, bob.address(), "x".repeat(10_000)))
            .toList();
    eventually(
        () -> assertThat(bob.node().metrics().inboundBytes()).isGreaterThanOrEqualTo(20_000));
    bobsDisk.fail(null);
    sent.forEach(message -> result(message.delivered()));
    eventually(() -> assertThat(bob.node().metrics().inboundBytes()).isZero());
  }

  /** Else a peer would fill the disk while a slow listener gets what it has not taken before. */
  @Test
  void whatIsCommittedBehindUntakenMessagesCountsUntilTheListenerGetsIt() {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch taking = new CountDownLatch(1);
    TestNode ann = start("Ann", 0, annsDisk);
    Conversation with = Conversation.of(ann.node().fingerprint().orElseThrow());
    store(
        bobsDisk,
        StoredMessage.builder(with, StoredMessage.State.UNTAKEN, "before", Instant.now())
            .address(ann.address())
            .build());
    TestNode bob =
        start("Bob", 0, bobsDisk, builder -> builder.onMessage(next -> Blocking.until(go, taking)));
    result(submit(ann, bob.address(), "x".repeat(30_000)).delivered());
    assertThat(bob.node().metrics().inboundBytes()).isGreaterThanOrEqualTo(30_000);
    go.countDown();
    assertThat(bob.log().awaitTexts(2)).containsExactly("before", "x".repeat(30_000));
    eventually(() -> assertThat(bob.node().metrics().inboundBytes()).isZero());
    result(submit(ann, bob.address(), "then").delivered());
    assertThat(bob.log().awaitTexts(3)).endsWith("then");
  }

  @Test
  void whatIsSaidWithPeersWithoutAStoreIsInTheHistoryOnly() {
    TestNode ann = start("Ann", 0, annsDisk);
    TestNode carol = start("Carol", 0, null);
    TestNode dave = start("Dave", 0, null, b -> b.security(Security.plaintext()));
    result(ann.node().send(carol.address(), "to Carol"));
    result(carol.node().send(ann.address(), "of Carol"));
    result(ann.node().send(dave.address(), "to Dave"));
    result(dave.node().send(ann.address(), "of Dave"));
    Conversation withCarol = Conversation.of(carol.node().fingerprint().orElseThrow());
    Conversation withDave = Conversation.of(dave.address());
    eventually(
        () ->
            assertThat(new MemoryStore(annsDisk).messages(HistoryQuery.first(100)))
                .extracting(StoredMessage::conversation, StoredMessage::state, StoredMessage::text)
                .containsExactlyInAnyOrder(
                    tuple(withCarol, StoredMessage.State.DELIVERED, "to Carol"),
                    tuple(withCarol, StoredMessage.State.TAKEN, "of Carol"),
                    tuple(withDave, StoredMessage.State.DELIVERED, "to Dave"),
                    tuple(withDave, StoredMessage.State.TAKEN, "of Dave")));
  }

  @Test
  void whatIsSaidWithPlainProgramsIsInTheHistoryOnly() throws IOException {
    TestNode ann = start("Ann", 0, annsDisk);
    try (OneReadPeer plain = new OneReadPeer("Old")) {
      result(ann.node().send(plain.address(), "to them"));
      plain.send(ann.port(), "of them");
      Conversation with = Conversation.of(plain.address());
      eventually(
          () ->
              assertThat(new MemoryStore(annsDisk).messages(HistoryQuery.first(100)))
                  .extracting(
                      StoredMessage::conversation, StoredMessage::state, StoredMessage::text)
                  .containsExactlyInAnyOrder(
                      tuple(with, StoredMessage.State.WRITTEN, "to them"),
                      tuple(with, StoredMessage.State.TAKEN, "of them")));
    }
  }
}
