package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.netns.NamespaceLan;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chats of docs/USING.md, on two terminals of one network. Needs tmux and root. */
class FirstChatIT {
  @TempDir private Path directory;

  @BeforeAll
  static void needsTmux() {
    Tmux.assumeInstalled();
  }

  private Tmux start(Host host, String user, String... args) throws IOException {
    Path home = Files.createDirectory(directory.resolve(user));
    List<String> on = List.of(host.inside());
    return Tmux.startOn(on, home, List.of("P2PCHAT_DISCOVERY=true"), args);
  }

  /** Presses keys. Returns how many. */
  private static int press(Tmux terminal, String... keys) {
    terminal.keys(keys);
    return keys.length;
  }

  @Test
  void twoPeopleNeedTwelveKeysAtMostToTheFirstMessage() throws IOException {
    try (NamespaceLan lan = new NamespaceLan();
        Tmux ann = start(lan.host(1, true, "10.93.0.1/24"), "ann");
        Tmux bob = start(lan.host(2, true, "10.93.0.2/24"), "bob")) {
      ann.awaitTeamQuestion();
      int keysOfAnn = press(ann, "A", "n", "n", "Enter");
      ann.awaitPrompt("Port to listen on (Enter for a free one):");
      keysOfAnn += press(ann, "Enter");
      ann.awaitScreen(screen -> assertThat(screen).contains("Listening on port 7001 as Ann."));
      bob.awaitTeamQuestion();
      int keysOfBob = press(bob, "B", "o", "b", "Enter");
      bob.awaitPrompt("Port to listen on (Enter for a free one):");
      keysOfBob += press(bob, "Enter");
      ann.awaitScreen(screen -> assertThat(screen).contains("·  Bob is here."));
      bob.awaitScreen(screen -> assertThat(screen).contains("·  Ann is here."));

      keysOfAnn += press(ann, "1", "Enter");
      ann.awaitPrompt("; Enter for 10.93.0.2:7001 (Bob)):");
      keysOfAnn += press(ann, "Enter");
      ann.awaitPrompt("Message:");
      keysOfAnn += press(ann, "h", "i", "Enter");
      bob.awaitScreen(screen -> assertThat(screen).contains("🔒 10.93.0.1:7001 (Ann): hi"));

      keysOfBob += press(bob, "1", "Enter");
      bob.awaitPrompt("; Enter for 10.93.0.1:7001 (Ann)):");
      keysOfBob += press(bob, "Enter");
      bob.awaitPrompt("Message:");
      keysOfBob += press(bob, "y", "o", "Enter");
      ann.awaitScreen(screen -> assertThat(screen).contains("🔒 10.93.0.2:7001 (Bob): yo"));
      assertThat(Map.of("Ann", keysOfAnn, "Bob", keysOfBob))
          .allSatisfy((who, keys) -> assertThat(keys).isLessThanOrEqualTo(12));
    }
  }

  @Test
  void enterTakesTheFirstFreePort() throws IOException {
    try (NamespaceLan lan = new NamespaceLan()) {
      Host host = lan.host(1, true, "10.93.0.1/24");
      try (Tmux ann = start(host, "ann", "-t", "Ann", "-p", "7001");
          Tmux bob = start(host, "bob", "-t", "Bob")) {
        ann.awaitScreen(screen -> assertThat(screen).contains("Listening on port 7001 as Ann."));
        bob.awaitPrompt("Port to listen on (Enter for a free one):");
        bob.keys("Enter");
        bob.awaitScreen(screen -> assertThat(screen).contains("Listening on port 7002 as Bob."));
      }
    }
  }

  @Test
  void namesAreCompletedAndListedAndAllDiscoveredPeersAreConnected() throws IOException {
    try (NamespaceLan lan = new NamespaceLan();
        Tmux ann = start(lan.host(1, true, "10.93.0.1/24"), "ann", "-t", "Ann", "-p", "7001");
        Tmux bob = start(lan.host(2, true, "10.93.0.2/24"), "bob", "-t", "Bob", "-p", "7001")) {
      ann.awaitScreen(screen -> assertThat(screen).contains("·  Bob is here."));
      ann.enter("/peers");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern(
                      "Discovered peers, not yet active:\n +1  Bob  10\\.93\\.0\\.2:7001  ○  new"));
      ann.type("/to B");
      ann.keys("Tab");
      ann.awaitPrompt("/to Bob");
      ann.keys("C-c");
      ann.awaitPrompt("Ann>");
      ann.enter("3");
      ann.awaitPrompt("A to connect to all discovered peers, M to connect to one by its IP:");
      ann.enter("A");
      ann.awaitScreen(screen -> assertThat(screen).contains("Connected to 10.93.0.2:7001 (Bob)."));
      ann.enter("/peers");
      // He keeps his number.
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("Peers:\n +1  Bob  10\\.93\\.0\\.2:7001  connected  🔒 online")
                  .endsWith("Ann>"));
      bob.enter("/quit");
      assertThat(bob.awaitExit()).isZero();
      ann.awaitScreen(
          screen -> assertThat(screen).contains("·  10.93.0.2:7001 (Bob) left.").endsWith("Ann>"));
      assertThat(ann.screen()).doesNotContain("Bob has left the network");
    }
  }
}
