package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.PackagedCli;
import io.p2pchat.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A chat with several peers on a terminal: with all of them, and without some. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class SeveralPeersIT extends ChatOnTerminal {
  private static final Pattern NOT_SHOWN = Pattern.compile("flooding: (\\d+) lines? ");

  @Test
  void theResultsOfAMessageToAllComeAtOnceWithTheNamesOfThoseAway() throws IOException {
    try (Tmux ann = start("--no-history")) {
      meet(ann, "Bob");
      meet(ann, "Carol");
      Listener dora = new Listener(FreePort.next());
      ann.enter("/connect Bob Carol 127.0.0.1:" + dora.port);
      awaitConnected(ann, "Bob", "Carol", "Dora");
      dora.kill();
      ann.awaitScreen(screen -> assertThat(screen).containsPattern("Dora\\)? is offline"));
      ann.enter("/all hello, all");
      ann.awaitScreen(screen -> assertThat(screen).contains("✓✓ 2, ✗ Dora (unreachable)"));
      assertThat(received).contains("Bob got hello, all", "Carol got hello, all");
      assertThat(ann.all()).doesNotContain("NOT SENT");
      Listener back = new Listener(dora.port);
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("✓✓ delivered to .*Dora\\)?: hello, all \\(from "));
      back.kill();
    }
  }

  @Test
  void aMessageToAllIsKeptForThoseAway() throws IOException {
    try (Tmux ann = start()) {
      meet(ann, "Bob");
      Listener dora = new Listener(FreePort.next());
      ann.enter("/connect Bob 127.0.0.1:" + dora.port);
      awaitConnected(ann, "Bob", "Dora");
      dora.kill();
      ann.awaitScreen(screen -> assertThat(screen).containsPattern("Dora\\)? is offline"));
      ann.enter("/all hello, all");
      ann.awaitScreen(
          screen -> assertThat(screen).contains("✓✓ 1, … Dora (kept until Dora is back)"));
      Listener back = new Listener(dora.port);
      ann.awaitScreen(
          screen ->
              assertThat(screen).containsPattern("✓✓ delivered to Dora: hello, all \\(from "));
      back.kill();
    }
  }

  private static void awaitConnected(Tmux chat, String... peers) {
    for (String peer : peers) {
      chat.awaitScreen(
          screen -> assertThat(screen).containsPattern("Connected to \\S+ \\(" + peer + "\\)\\."));
    }
  }

  /** Dora, as a process that can be killed. */
  private final class Listener {
    private final Process process;
    private final int port;

    Listener(int port) throws IOException {
      List<String> command = new ArrayList<>(PackagedCli.command());
      command.addAll(List.of("listen", "-t", "Dora", "--bind", "127.0.0.1", "-p", "" + port));
      command.addAll(List.of("--data-dir", directory.resolve("dora").toString()));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      PackagedCli.setUp(builder.environment());
      process = builder.start();
      BufferedReader out = process.inputReader(UTF_8);
      this.port = Integer.parseInt(out.readLine().replaceAll(".*port (\\d+) .*", "$1"));
      // A process that has just begun may be so slow to greet that it is taken for an old program.
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
        assertThat(socket.getInputStream().read()).isPositive();
      }
    }

    void kill() {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void linesGoToAllUntilToAlone() {
    try (Tmux ann = start()) {
      ann.enter("/to all");
      ann.awaitScreen(screen -> assertThat(screen).contains("No peer is connected"));
      meet(ann, "Bob");
      meet(ann, "Carol C");
      meet(ann, "Dora");
      ann.enter("/connect Bob Nobody Dora");
      ann.awaitScreen(screen -> assertThat(screen).contains("is called Nobody.").endsWith("Ann>"));
      ann.enter("/connect Bob carol c Dora");
      awaitConnected(ann, "Bob", "Carol C", "Dora");
      ann.enter("/to all");
      ann.awaitPrompt("Ann → all (3)>");
      ann.enter("  one line");
      await()
          .untilAsserted(
              () ->
                  assertThat(received)
                      .contains(
                          "Bob got   one line", "Carol C got   one line", "Dora got   one line"));
      ann.awaitScreen(screen -> assertThat(screen).contains("all 3 connected peers:   one line"));
      ann.enter("exit");
      ann.awaitPrompt("Disconnect from all 3 peers? [y/N]");
      ann.enter("");
      ann.awaitPrompt("Ann → all (3)>");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      ann.enter("/to all");
      ann.awaitPrompt("Ann → all (3)>");
      ann.enter("/to");
      ann.awaitPrompt("Ann>");
    }
  }

  @Test
  void whoWasConnectedLastIsConnectedAgainIfTheUserWants() {
    String question = "You were connected to 2 peers. Reconnect? [Y/n]";
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      PeerNode carol = meet(ann, "Carol");
      ann.enter("/connect Bob Carol");
      awaitConnected(ann, "Bob", "Carol");
      quit(ann);
      try (Tmux unanswered = start()) {
        unanswered.awaitPrompt(question);
        unanswered.keys("C-d");
        assertThat(unanswered.awaitExit()).isZero();
      }
      try (Tmux cancelled = start()) {
        cancelled.awaitPrompt(question);
        cancelled.keys("C-c");
        cancelled.awaitPrompt("Ann>");
        quit(cancelled);
      }
      try (Tmux again = start()) {
        again.awaitPrompt(question);
        again.enter("what?");
        again.awaitPrompt(question);
        again.enter("");
        again.awaitScreen(screen -> assertThat(screen).contains("Connected to 2 peers."));
        await().untilAsserted(() -> assertThat(bob.connectedPeers()).hasSize(1));
        quit(again);
      }
      carol.close();
      try (Tmux again = start()) {
        again.awaitPrompt(question);
        again.enter("y");
        again.awaitScreen(
            screen ->
                assertThat(screen).contains("Connected to 1 of 2 peers. Not reached: Carol."));
        again.awaitPrompt("Ann>");
        quit(again);
      }
      try (Tmux again = start()) {
        again.awaitPrompt("You were connected to Bob. Reconnect? [Y/n]");
        again.enter("n");
        again.awaitPrompt("Ann>");
        quit(again);
      }
      try (Tmux again = start()) {
        assertThat(again.all()).doesNotContain("Reconnect");
      }
    }
  }

  @Test
  void nothingOfAnIgnoredPeerIsShownAlsoAfterARestart() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      PeerNode carol = meet(ann, "Carol");
      ann.enter("/ignore Bob");
      ann.awaitScreen(screen -> assertThat(screen).contains("Ignoring Bob."));
      say(bob, ann, "noise");
      say(carol, ann, "after the noise");
      ann.awaitScreen(screen -> assertThat(screen).contains(": after the noise"));
      assertThat(ann.all()).doesNotContain(": noise");
      quit(ann);
      try (Tmux again = start()) {
        say(bob, again, "more noise");
        say(carol, again, "after that");
        again.awaitScreen(screen -> assertThat(screen).contains(": after that"));
        assertThat(again.all()).doesNotContain("noise");
        again.enter("/ignore");
        again.awaitScreen(
            screen ->
                assertThat(screen)
                    .contains(
                        "Ignored peers:\n  Bob  key "
                            + bob.fingerprint().orElseThrow().toString().substring(0, 17)));
        again.enter("/peers");
        again.awaitScreen(
            screen -> assertThat(screen).containsPattern("Bob .* active +🔒 online.*, ignored"));
        again.enter("/unignore Carol");
        again.awaitScreen(screen -> assertThat(screen).contains("No ignored peer has that name"));
        again.enter("/unignore Bob");
        again.awaitScreen(screen -> assertThat(screen).contains("No longer ignoring Bob."));
        say(bob, again, "heard again");
        again.awaitScreen(screen -> assertThat(screen).contains("): heard again"));
      }
    }
  }

  @Test
  void aFloodIsFoldedAndDelaysNobodyElse() {
    int lines = 3000;
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      PeerNode carol = meet(ann, "Carol");
      PeerAddress address = at(ann);
      IntStream.range(0, lines).forEach(i -> bob.send(address, "flood " + i + "."));
      say(carol, ann, "between");
      // The lines behind it can scroll it off the screen.
      await().untilAsserted(() -> assertThat(ann.all()).contains("): between"));
      await().untilAsserted(() -> assertThat(shown(ann) + notShown(ann)).isEqualTo(lines));
      assertThat(shown(ann)).isBetween(200L, lines / 2L);
    }
  }

  private static long shown(Tmux chat) {
    return chat.all().lines().filter(line -> line.contains("): flood ")).count();
  }

  /** How many lines of floods were counted in place of being shown. */
  static long notShown(Tmux chat) {
    return NOT_SHOWN
        .matcher(chat.all())
        .results()
        .map(MatchResult::group)
        .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
        .sum();
  }
}
