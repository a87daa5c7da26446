package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A user has a chat and other nodes with one key (PROTOCOL.md section 1). */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class OneUserTest {
  private static final int SENDS = 10;

  @TempDir private Path directory;

  private final List<TestNode> nodes = new ArrayList<>();
  private TestNode friend;
  private TestNode chat;

  @BeforeEach
  void connect() {
    friend = start("Friend", "Friend", builder -> builder);
    chat = ofUser(builder -> builder);
    result(chat.node().connect(friend.address()));
    friend.log().awaitFirst(PeerConnected.class);
    result(chat.send(friend, "from the chat"));
  }

  @AfterEach
  void stop() {
    nodes.forEach(TestNode::close);
  }

  private TestNode ofUser(UnaryOperator<PeerNodeBuilder> more) {
    return start("User", "User", more);
  }

  private TestNode start(String person, String team, UnaryOperator<PeerNodeBuilder> more) {
    Security security = Security.opportunistic().with(Trust.pinned(directory.resolve(person)));
    TestNode node = TestNode.start(team, builder -> more.apply(builder.security(security)));
    nodes.add(node);
    return node;
  }

  private List<String> knownPeers() throws IOException {
    return Files.readAllLines(directory.resolve("Friend").resolve("known_peers"));
  }

  private Peer userOfFriend() {
    assertThat(friend.node().activePeers()).hasSize(1);
    return friend.node().activePeers().get(0);
  }

  private void assertUntouched() {
    String[] disturbed = {
      "ConnectionLost",
      "ConnectionRestored",
      "SessionReset",
      "PeerLeft",
      "PeerUnreachable",
      "PeerRefused",
      "PeerRenamed",
      "PeerStalled",
      "ProtocolViolation"
    };
    assertThat(friend.log().kinds()).doesNotContain(disturbed);
    assertThat(chat.log().kinds()).doesNotContain(disturbed);
  }

  @Test
  void sendsOfTheUserDoNotDisturbTheChat() throws IOException {
    Peer user = userOfFriend();
    List<String> before = knownPeers();
    for (int i = 0; i < SENDS; i++) {
      TestNode send = ofUser(PeerNodeBuilder::brief);
      CompletableFuture<Delivery> sent = send.send(friend, "from send " + i);
      CompletableFuture<Delivery> answer = friend.node().send(user, "to the chat " + i);
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      // The send is the last that the friend has heard from.
      CompletableFuture<Delivery> again = friend.node().send(user, "again " + i);
      CompletableFuture<Delivery> byKey =
          friend.node().send(user.fingerprint().orElseThrow(), "by key " + i);
      CompletableFuture<?> all = friend.node().broadcast("to all " + i);
      List.of(answer, again, byKey, all).forEach(each -> result(each));
      assertThat(userOfFriend()).isEqualTo(user);
      assertThat(userOfFriend().addresses()).containsExactly(chat.address());
      send.close();
      assertThat(send.log().messages()).isEmpty();
    }
    assertThat(chat.log().awaitTexts(4 * SENDS)).hasSize(4 * SENDS);
    assertThat(friend.log().texts()).hasSize(1 + SENDS);
    assertThat(knownPeers()).isEqualTo(before);
    assertThat(friend.node().connectedPeers()).containsExactly(user);
    assertThat(friend.node().activePeers()).containsExactly(user);
    assertUntouched();
    assertThat(result(chat.send(friend, "still here"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(friend.node().metrics().reconnects()).isZero();
  }

  @Test
  void sendUnderAnotherNameDoesNotRenameTheChat() throws IOException {
    Peer user = userOfFriend();
    List<String> before = knownPeers();
    TestNode send = start("User", "Script", PeerNodeBuilder::brief);
    assertThat(result(send.send(friend, "from a script"))).isEqualTo(Delivery.ACKNOWLEDGED);
    send.close();
    assertThat(friend.log().awaitTexts(2)).endsWith("from a script");
    assertThat(friend.node().connectedPeers()).containsExactly(user);
    assertThat(knownPeers()).isEqualTo(before);
    assertThat(friend.log().kinds()).doesNotContain("PeerRenamed");
  }

  @Test
  void sendUnderANameToWarnOfIsReported() {
    TestNode send = start("User", "Us\u0435r", PeerNodeBuilder::brief);
    assertThat(result(send.send(friend, "a Cyrillic e"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(friend.log().awaitFirst(PeerRenamed.class).suspiciousName()).isTrue();
  }

  @Test
  void listeningNodesOfTheUserDoNotDisturbTheChat() throws IOException {
    Peer user = userOfFriend();
    TestNode first = ofUser(builder -> builder);
    TestNode second = ofUser(builder -> builder);
    result(first.send(friend, "from the first"));
    result(second.send(friend, "from the second"));
    assertThat(userOfFriend()).isEqualTo(user);
    for (int i = 0; i < SENDS; i++) {
      TestNode send = ofUser(PeerNodeBuilder::brief);
      result(send.send(friend, "from send " + i));
      send.close();
      assertThat(send.log().messages()).isEmpty();
    }
    result(friend.node().send(second.address(), "to the second"));
    result(friend.node().send(first.address(), "to the first"));
    result(friend.node().send(chat.address(), "to the chat"));
    assertThat(second.log().awaitTexts(1)).containsExactly("to the second");
    assertThat(first.log().awaitTexts(1)).containsExactly("to the first");
    assertThat(chat.log().awaitTexts(1)).containsExactly("to the chat");
    second.close();
    first.close();
    eventually(() -> assertThat(userOfFriend().address()).isEqualTo(chat.address()));
    result(friend.node().send(user, "to who is left"));
    assertThat(chat.log().awaitTexts(2)).endsWith("to who is left");
    eventually(() -> assertThat(friend.node().metrics().sessionConnections()).isEqualTo(1));
    assertThat(friend.node().connectedPeers()).containsExactly(user);
    assertThat(friend.node().activePeers()).containsExactly(user);
    assertThat(knownPeers().stream().filter(line -> line.contains("User")).count())
        .isLessThanOrEqualTo(3);
    assertUntouched();
  }

  @Test
  void nodesOfOneKeyTalkToEachOther() {
    TestNode other = ofUser(builder -> builder);
    assertThat(result(chat.send(other, "to myself"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(other.log().awaitTexts(1)).containsExactly("to myself");
    Peer self = other.log().messages().get(0).peer();
    assertThat(self.fingerprint()).isEqualTo(chat.node().fingerprint());
    assertThat(result(other.node().send(self, "and back"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(chat.log().awaitTexts(1)).containsExactly("and back");
    assertThat(result(other.node().send(self.fingerprint().orElseThrow(), "by key")))
        .isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(chat.log().awaitTexts(2)).endsWith("by key");
    assertUntouched();
  }

  @Test
  void messageForAPeerGoesToAnotherNodeWhenOneHasLeft() {
    Peer user = userOfFriend();
    TestNode other = ofUser(builder -> builder);
    result(other.send(friend, "I am here too"));
    result(friend.node().send(user, "to the last heard"));
    assertThat(other.log().awaitTexts(1)).containsExactly("to the last heard");
    other.close();
    eventually(() -> assertThat(friend.node().metrics().sessionConnections()).isEqualTo(1));
    result(friend.node().send(user, "to the chat"));
    assertThat(chat.log().awaitTexts(1)).containsExactly("to the chat");
    assertUntouched();
  }

  @Test
  void nodeOfAnotherTeamWithTheSameKeyIsARowOfItsOwn() {
    Peer user = userOfFriend();
    TestNode other = start("User", "Work", builder -> builder);
    result(other.send(friend, "from work"));
    Peer work = friend.log().messages().get(1).peer();
    assertThat(work).isNotEqualTo(user);
    assertThat(friend.node().activePeers()).containsExactlyInAnyOrder(user, work);
    assertThat(friend.node().connectedPeers()).containsExactly(user);
    result(friend.node().send(user, "to the user"));
    result(friend.node().send(work, "to work"));
    assertThat(chat.log().awaitTexts(1)).containsExactly("to the user");
    assertThat(other.log().awaitTexts(1)).containsExactly("to work");
    PeerAddress at = other.address();
    other.close();
    eventually(() -> assertThat(friend.node().activePeers()).containsExactly(user));
    assertThat(friend.node().activePeers()).noneMatch(peer -> peer.address().equals(at));
    result(friend.node().send(user, "still"));
    assertThat(chat.log().awaitTexts(2)).endsWith("still");
  }
}
