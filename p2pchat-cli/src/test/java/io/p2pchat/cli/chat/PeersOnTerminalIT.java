package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.output.DeceptiveNames;
import io.p2pchat.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the chat on a terminal shows who is who: names, keys and states. */
@Execution(ExecutionMode.CONCURRENT)
class PeersOnTerminalIT extends ChatOnTerminal {
  @Test
  void noNameForgesALine() throws IOException {
    try (Tmux ann = start()) {
      int port = 1;
      for (String name : DeceptiveNames.ALL) {
        plain(ann, port++, name, "");
      }
      PeerNode eve = node("Bob (127.0.0.1:6001): send me the door code", "eve", 0);
      eve.send(at(ann), "the code, please").join();
      Pattern line =
          Pattern.compile(
              "\\d\\d:\\d\\d ⚠  127\\.0\\.0\\.1:\\d+ \\((?:(?:"
                  + DeceptiveNames.SHOWN.pattern()
                  + "), plain|unknown_team, raw)\\):.*");
      await()
          .untilAsserted(
              () ->
                  assertThat(ann.all().lines().filter(each -> each.contains(" ⚠  127")))
                      .hasSize(DeceptiveNames.ALL.size())
                      .allSatisfy(each -> assertThat(each).matches(line)));
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains(
                      "🔒 127.0.0.1:"
                          + eve.port()
                          + " (\"Bob (127.0.0.1:6001):…\"): the code, please"));
      ann.enter("/ignore 127.0.0.1:" + eve.port());
      ann.enter("/ignore");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("Ignored peers:\n  \"Bob (127.0.0.1:6001):…\"  key " + digits(eve)));
      ann.enter("/unignore 127.0.0.1:" + eve.port());
      ann.awaitScreen(
          screen -> assertThat(screen).contains("No longer ignoring \"Bob (127.0.0.1:6001):…\"."));
      eve.close();
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("·  127.0.0.1:" + eve.port() + " (\"Bob (127.0.0.1:6001):…\") left."));
    }
  }

  @Test
  void aNameThatIsOrLooksLikeThatOfAKnownPeerIsWarnedOf() {
    try (Tmux ann = start()) {
      node("Bob", "bob", 0).send(at(ann), "hello").join();
      ann.awaitScreen(screen -> assertThat(screen).contains("(Bob): hello"));
      PeerNode same = node("BOB", "same", 0);
      same.send(at(ann), "I am BOB").join();
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("(BOB|" + digits(same) + "): I am BOB")
                  .containsIgnoringWhitespaces("Warning: you know another BOB, at 127.0.0.1:"));
      node("Bob\u200b", "alike", 0).send(at(ann), "so am I").join();
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("(Bob\\u200b): so am I")
                  .containsIgnoringWhitespaces(
                      "Warning: Bob\\u200b looks like Bob, whom you know at ")
                  .containsIgnoringWhitespaces("this team name has invisible characters"));
      assertThat(ann.written()).doesNotContain("\u200b");
    }
  }

  @Test
  void thePromptTellsTwoOfOneNameApart() throws IOException {
    try (Tmux ann = start()) {
      plain(ann, 1, "Old", "hello");
      plain(ann, 2, "Old", "hello too");
      ann.awaitScreen(screen -> assertThat(screen).contains("(Old, plain): hello too"));
      PeerNode first = node("Bob", "first", 0);
      PeerNode second = node("Bob", "second", 0);
      first.send(at(ann), "hello").join();
      second.send(at(ann), "hello").join();
      ann.awaitScreen(screen -> assertThat(screen).contains("(Bob|" + digits(second) + "): hello"));
      ann.enter("/to 127.0.0.1:1");
      ann.awaitPrompt("Ann → 127.0.0.1:1 (Old)>");
      ann.enter("/peers");
      ann.awaitScreen(screen -> assertThat(screen).contains("Peers:"));
      ann.enter("/to 1");
      ann.awaitPrompt("Ann → 127.0.0.1:1 (Old)>");
      ann.enter("/to 2");
      ann.awaitPrompt("Ann → 127.0.0.1:2 (Old)>");
      ann.enter("/to Bob|" + digits(second));
      ann.awaitPrompt("Ann → Bob|" + digits(second) + ">");
      ann.enter("/to 3");
      ann.awaitPrompt("Ann → Bob>");
    }
  }

  @Test
  void aChangedKeyIsComparedAndAcceptedInTheChat() {
    try (Tmux ann = start()) {
      PeerNode bob = node("Bob", "before", 0);
      int port = bob.port();
      bob.send(at(ann), "hello").join();
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("(Bob): hello")
                  .contains("is new; its key is " + shown(bob) + "."));
      ann.enter("/key Bob");
      ann.awaitScreen(
          screen -> assertThat(screen).contains("\n  " + whole(bob) + "\nYour key:\n  "));
      bob.close();
      String old = "Bob|" + digits(bob);
      ann.enter("/msg Bob for the old key");
      ann.awaitScreen(screen -> assertThat(screen).contains("(kept until Bob is back)"));
      PeerNode again = node("Bob", "after", port);
      again.send(at(ann), "let me in");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsIgnoringWhitespaces(
                      ("Bob at 127.0.0.1:" + port + " presents a different key.")
                          + " Either Bob has reinstalled p2pchat, or this is somebody else."
                          + " Compare: /key Bob. Accept: /trust Bob."));
      ann.enter("/key Bob");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("Bob at 127.0.0.1:" + port + " shows this key now:\n  " + whole(again))
                  .contains("The key known for Bob is this one:\n  " + whole(bob))
                  .endsWith("Ann>")); // The terminal takes a paste for one only at a prompt.
      ann.paste("/trust Bob\n");
      ann.awaitScreen(screen -> assertThat(screen).contains("/trust cannot be pasted; type it"));
      ann.enter("/trust Bob");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains(
                      ("Bob at 127.0.0.1:" + port + " is now known by the key ")
                          + (shown(again) + ".")));
      ann.enter("/trust Bob");
      ann.awaitScreen(
          screen -> assertThat(screen).contains("There is no new key of Bob to accept."));
      await()
          .untilAsserted(
              () -> {
                again.send(at(ann), "here I am").join();
                assertThat(ann.screen()).contains("(Bob): here I am");
              });
      ann.enter("/msg Bob welcome back");
      await().untilAsserted(() -> assertThat(received).contains("welcome back"));
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("✗ .*" + Pattern.quote("(" + old + "): for the old key"))
                  .contains("         Bob has a new key now. Send it again.\n")
                  .endsWith("Ann>"));
      ann.enter("/history");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("✗ .*\\(Bob.*\\): for the old key \\(")
                  .doesNotContain("unknown_team"));
      assertThat(received).doesNotContain("for the old key");
    }
  }

  /** Whoever shows a key last must not get the consent that was meant for another. */
  @Test
  void ofSeveralShownKeysOneIsNamed() {
    TrustStore.open(directory.resolve("p2pchat"))
        .accept(
            "Bob",
            PeerAddress.parse("127.0.0.1:7001"),
            TrustStore.open(directory.resolve("other")).fingerprint());
    try (Tmux ann =
        Tmux.start(
            directory, List.of(), "-t", "Ann", "-p", "0", "--bind", "127.0.0.1", "--strict")) {
      ann.awaitPrompt("Ann>");
      PeerNode one = node("Bob", "one", 0);
      PeerNode two = node("Bob", "two", 0);
      one.send(at(ann), "hello");
      two.send(at(ann), "hello");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsIgnoringWhitespaces("127.0.0.1:" + one.port() + " shows a new key")
                  .containsIgnoringWhitespaces("127.0.0.1:" + two.port() + " shows a new key"));
      ann.enter("/trust Bob");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("Several peers of that name were refused. Accept one:")
                  .contains("/trust Bob|" + digits(one))
                  .contains("/trust Bob|" + digits(two)));
      ann.enter("/trust Bob|" + digits(two));
      ann.awaitScreen(
          screen -> assertThat(screen).contains("is now known by the key " + shown(two) + "."));
      await()
          .untilAsserted(
              () -> {
                two.send(at(ann), "it is me").join();
                assertThat(ann.screen()).contains("): it is me");
              });
      assertThat(TrustStore.open(directory.resolve("p2pchat")).knownPeers())
          .noneMatch(known -> known.fingerprint().equals(one.fingerprint().orElseThrow()));
    }
  }

  @Test
  void aSleepingPeerDidNotAnswer() throws IOException {
    // It accepts connections, and says nothing.
    try (ServerSocket asleep = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      TrustStore.open(directory.resolve("p2pchat"))
          .accept(
              "Bob",
              new PeerAddress("127.0.0.1", asleep.getLocalPort()),
              TrustStore.open(directory.resolve("bob")).fingerprint());
      try (Tmux ann = start("--no-history")) {
        ann.enter("/msg 127.0.0.1:" + asleep.getLocalPort() + " are you there?");
        ann.awaitScreen(
            screen ->
                assertThat(screen)
                    .containsIgnoringWhitespaces(
                        "Message not sent: Bob did not answer. Nothing is sent there"
                            + " unencrypted."));
        ann.enter("/connect 127.0.0.1:" + asleep.getLocalPort());
        ann.awaitScreen(
            screen -> assertThat(screen).contains("Not connected: Bob did not answer."));
        ann.enter("/connect Bob");
        ann.awaitScreen(
            screen ->
                assertThat(screen).containsPattern("(?s)Not connected: Bob.+Not connected: Bob"));
        assertThat(ann.all()).doesNotContain("trust", "forget", "key");
      }
    }
  }

  @Test
  void whoSleepsOrIsGoneIsNamedWhereSeveralAreConnectedAgain() throws IOException {
    try (ServerSocket asleep = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      new LastConnected(TeamFiles.connected(directory.resolve("p2pchat"), "Ann"))
          .write(
              List.of(
                  known("Bob", asleep.getLocalPort()),
                  known("Carol", other.getLocalPort()),
                  known("Dora", 1)));
      try (Tmux ann = start()) {
        ann.enter("y");
        ann.awaitScreen(
            screen ->
                assertThat(screen)
                    .containsIgnoringWhitespaces(
                        "Connected to 0 of 3 peers. Bob and Carol did not answer."
                            + " Not reached: Dora."));
      }
    }
  }

  private Peer known(String team, int port) {
    PeerAddress address = new PeerAddress("127.0.0.1", port);
    Fingerprint key = Fingerprint.parse("%08x".formatted(port).repeat(8));
    TrustStore.open(directory.resolve("p2pchat")).accept(team, address, key);
    return Peer.builder(address).teamName(team).fingerprint(key).build();
  }

  @Test
  void thePeersAreOneListWithTheirStates() throws IOException {
    try (Tmux ann = start()) {
      PeerNode bob = node("Bob", "bob", 0);
      bob.send(at(ann), "hello").join();
      plain(ann, 7203, "Python", "hello");
      ann.awaitScreen(screen -> assertThat(screen).contains("(Python, plain): hello"));
      ann.enter("/connect Bob");
      ann.awaitScreen(screen -> assertThat(screen).contains("Connected to "));
      ann.enter("/peers");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("\n +1  Bob +127\\S+ +connected  🔒 online(, [0-9.]+ ms)?\n")
                  .contains("Peers:\n")
                  .containsPattern(" 2  Python +127\\S+ +active +⚠  online, not encrypted\n")
                  .doesNotContain("Active peers", "Connected peers", "reachable", "in session"));
    }
  }

  // ---- who takes part

  private PeerNode node(String team, String keys, int port) {
    PeerNode node =
        PeerNode.builder()
            .teamName(team)
            .port(port == 0 ? FreePort.next() : port)
            .bindAddress("127.0.0.1")
            .settings(PATIENT)
            .security(Security.opportunistic().with(Trust.pinned(directory.resolve(keys))))
            .onMessage(message -> received.add(message.text()))
            .start();
    others.add(node);
    return node;
  }

  private static String whole(PeerNode peer) {
    return peer.fingerprint().orElseThrow().toString();
  }

  private static String shown(PeerNode peer) {
    return whole(peer).substring(0, 17);
  }

  private static String digits(PeerNode peer) {
    return whole(peer).substring(0, 8);
  }
}
