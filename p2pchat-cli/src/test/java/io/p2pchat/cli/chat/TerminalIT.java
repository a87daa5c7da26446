package io.p2pchat.cli.chat;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The chat as a person has it: on a terminal. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class TerminalIT extends ChatOnTerminal {
  @Test
  void aMessageThatComesDoesNotTouchTheLineThatIsBeingTyped() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      ann.type("half a li");
      ann.awaitPrompt("> half a li");
      say(bob, ann, "in between");
      ann.awaitScreen(
          screen -> assertThat(screen).contains(": in between\n").endsWith("> half a li"));
      ann.enter("ne");
      await().untilAsserted(() -> assertThat(received).contains("half a line"));
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern(delivered("Bob", "half a line") + ".*\nAnn → Bob>$"));
    }
  }

  @Test
  void pastedLinesAreMessagesAndLoseNothingToThoseThatCome() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      List<String> lines =
          IntStream.range(0, 500).mapToObj(i -> "/pasted line " + i).collect(Collectors.toList());
      IntStream.range(0, 1000).forEach(i -> bob.send(at(ann), "flood " + i + "."));
      ann.paste(String.join("\n", lines) + "\nrest");
      await().untilAsserted(() -> assertThat(received).containsAll(lines));
      assertThat(received.stream().filter(line -> line.startsWith("/pasted")).toList())
          .isEqualTo(lines);
      ann.awaitPrompt("Ann → Bob> rest");
      List<String> flood =
          IntStream.range(0, 1000).mapToObj(i -> "flood " + i + ".").collect(Collectors.toList());
      await()
          .untilAsserted(
              () ->
                  assertThat(texts(ann, "flood ").size() + SeveralPeersIT.notShown(ann))
                      .isEqualTo(flood.size()));
      assertThat(flood).containsSubsequence(texts(ann, "flood ")).startsWith("flood 0.");
      assertThat(texts(ann, "flood ")).startsWith(flood.subList(0, 190).toArray(String[]::new));
      // One that is not delivered within a second is shown again when it is.
      assertThat(
              texts(ann, "/pasted ").stream()
                  .map(line -> line.replaceFirst(" \\(.*", ""))
                  .distinct())
          .containsExactlyElementsOf(lines);
    }
  }

  @Test
  void aLineIsTypedOnWhereTheTerminalIsResized() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      String line = "word ".repeat(30) + "end";
      ann.type("/msg Bob " + line);
      ann.awaitScreen(screen -> assertThat(screen).endsWith("end"));
      ann.resize(60, 20);
      ann.awaitScreen(screen -> assertThat(screen).endsWith("end"));
      say(bob, ann, "in between");
      ann.awaitScreen(screen -> assertThat(screen).contains("in between").endsWith("end"));
      ann.resize(120, 50);
      ann.enter("");
      await().untilAsserted(() -> assertThat(received).contains(line));
    }
  }

  @Test
  void exitIsAskedAbout() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      String question = "Disconnect from Bob? y = yes, t = send the word \"exit\", Enter = no:";
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      ann.enter(" Exit");
      ann.awaitPrompt("Ann → Bob> Exit\n" + question);
      ann.enter("no");
      ann.awaitPrompt("Ann → Bob> Exit\n" + question + " no\nNot sent.\nAnn → Bob>");
      ann.enter("exit");
      ann.awaitPrompt(question);
      ann.enter("t");
      await().untilAsserted(() -> assertThat(received).containsExactly("hello", "exit"));
      assertThat(bob.activePeers()).hasSize(1);
      ann.enter("/connect Bob");
      ann.awaitScreen(
          screen -> assertThat(screen).containsPattern("Connected to 127\\S+ \\(Bob\\)"));
      ann.enter("/all exit");
      ann.awaitPrompt("Disconnect from Bob? [y/N]");
      ann.enter("");
      ann.awaitPrompt("Ann → Bob>");
      ann.enter("  indented");
      await().untilAsserted(() -> assertThat(received).contains("  indented"));
      ann.enter("exit");
      ann.awaitPrompt(question);
      ann.enter("Y");
      ann.awaitPrompt("Ann>");
      await().untilAsserted(() -> assertThat(bob.activePeers()).isEmpty());
    }
  }

  @Test
  void controlCClearsTheLineAndControlDQuits() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      ann.enter("/connect Bob");
      ann.awaitScreen(
          screen -> assertThat(screen).containsPattern("Connected to 127\\S+ \\(Bob\\)"));
      ann.type("not meant");
      ann.awaitPrompt("Ann> not meant");
      ann.keys("C-c");
      ann.awaitPrompt("Ann>");
      ann.enter("1");
      ann.awaitScreen(screen -> assertThat(screen).contains("Recipient IP"));
      ann.keys("C-c");
      ann.awaitScreen(screen -> assertThat(screen).contains("Cancelled.\nAnn>"));
      ann.keys("C-d");
      assertThat(ann.awaitExit()).isZero();
      await().untilAsserted(() -> assertThat(bob.activePeers()).isEmpty());
      assertThat(received).containsExactly("hello");
    }
  }

  @Test
  void theMenuAsksAgainHowToConnect() {
    String question = "A to connect to all active peers, M to connect to one by its IP:";
    try (Tmux ann = start()) {
      ann.enter("3");
      ann.awaitPrompt(question);
      ann.enter("x");
      ann.awaitScreen(
          screen -> assertThat(screen).endsWith(" x\nType A or M. Enter cancels.\n" + question));
      ann.enter("m");
      ann.awaitPrompt("Peer IP (or number, team, HOST:PORT):");
      ann.enter("Bbo");
      ann.awaitScreen(
          screen -> assertThat(screen).contains("Nobody here is called Bbo.").endsWith("Ann>"));
      ann.enter("3");
      ann.awaitPrompt(question);
      ann.enter("");
      ann.awaitScreen(screen -> assertThat(screen).endsWith("Cancelled.\nAnn>"));
    }
  }

  @Test
  void controlZStopsItAndTheShellCanGoOnWithIt() throws IOException {
    try (Tmux shell = Tmux.startShell(directory)) {
      shell.awaitPrompt("shell$");
      shell.enter("chat -t Ann -p 0 --bind 127.0.0.1");
      shell.awaitPrompt("Ann>");
      PeerNode bob = meet(shell, "Bob");
      shell.type("/msg Bob half");
      shell.awaitPrompt("half");
      shell.keys("C-z");
      shell.awaitPrompt("shell$");
      shell.enter("echo in the 'shell'");
      shell.awaitScreen(screen -> assertThat(screen).contains("\nin the shell\n"));
      shell.enter("fg");
      shell.awaitPrompt("Ann> /msg Bob half");
      shell.enter(" a line");
      await().untilAsserted(() -> assertThat(received).contains("half a line"));
      assertThat(bob.activePeers()).hasSize(1);
    }
  }

  @Test
  void tabCompletesCommandsAndTeams() {
    try (Tmux ann = start()) {
      meet(ann, "Bob Builder");
      meet(ann, "Cid");
      ann.type("/m");
      ann.keys("Tab");
      ann.awaitScreen(screen -> assertThat(screen).contains("/msg").contains("/me"));
      ann.type("s");
      ann.keys("Tab");
      ann.awaitPrompt("/msg");
      ann.type("bo");
      ann.keys("Tab");
      ann.awaitPrompt("/msg Bob Builder");
      ann.enter("completed");
      await().untilAsserted(() -> assertThat(received).contains("completed"));
      ann.enter("1");
      ann.awaitPrompt("; Enter for 127.0.0.1:" + port(ann, "Bob Builder") + " (Bob Builder)):");
      ann.keys("C-i");
      ann.awaitScreen(screen -> assertThat(screen).containsPattern("Bob Builder +.*Cid"));
    }
  }

  @Test
  void aNameThatSeveralHaveIsAskedAbout() {
    try (Tmux ann = start()) {
      meet(ann, "Bob");
      meet(ann, "Bob");
      ann.enter("/peers");
      ann.awaitScreen(screen -> assertThat(screen).contains("Peers:\n").contains("online"));
      ann.enter("/msg Bob to one of you");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("Ann> /msg Bob to one of you\nSeveral peers have this name:")
                  .endsWith("Number (Enter cancels):"));
      ann.enter("7");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .endsWith("\"7\" is none of these numbers.\nNumber (Enter cancels):"));
      ann.enter("2");
      await().untilAsserted(() -> assertThat(received).contains("to one of you"));
      ann.awaitPrompt("Ann>");
      ann.enter("1");
      String marked = "Bob|" + digits(others.get(1));
      ann.awaitScreen(screen -> assertThat(screen).contains(" (" + marked + ")):"));
      ann.enter("");
      ann.awaitPrompt("Message:");
      ann.enter("to the same");
      await().untilAsserted(() -> assertThat(received).contains("to the same"));
      ann.awaitScreen(screen -> assertThat(screen).contains(" (" + marked + "): "));
      ann.enter("/to 2");
      ann.awaitPrompt("Ann → " + marked + ">");
      ann.enter("/to 1");
      ann.awaitPrompt("Ann → Bob>");
      ann.enter("/msg " + marked + " by its whole name");
      ann.awaitScreen(
          screen -> assertThat(screen).containsPattern(delivered(marked, "by its whole name")));
      await().untilAsserted(() -> assertThat(received).contains("by its whole name"));
    }
  }

  /** The line of a result, which comes later on a slow machine, and then in other words. */
  private static String delivered(String peer, String text) {
    return "✓✓ (you →|delivered to) \\S+ \\(" + Pattern.quote(peer) + "\\): " + text;
  }

  private static String digits(PeerNode peer) {
    return peer.fingerprint().orElseThrow().toString().substring(0, 8);
  }

  @Test
  void whoeverHasTheAddressNowIsWrittenToIfTheSameIsSentAgain() {
    try (Tmux ann = start()) {
      PeerNode bob = known(ann, "Bob", 0);
      String address = "127.0.0.1:" + bob.port();
      bob.close();
      known(ann, "Carol", bob.port());
      ann.enter("/msg " + address + " hello, you");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsIgnoringWhitespaces(
                      address
                          + " was Bob; now Carol answers there (known key)."
                          + " Send it again to write to Carol."));
      assertThat(received).doesNotContain("hello, you");
      ann.enter("/msg " + address + " something else");
      ann.awaitScreen(screen -> assertThat(screen).contains(": something else"));
      ann.enter("/msg " + address + " hello, you");
      await().untilAsserted(() -> assertThat(received).contains("hello, you"));
      ann.awaitScreen(
          screen -> assertThat(screen).containsPattern(delivered("Carol", "hello, you")));
      ann.enter("/msg 1 for Bob");
      ann.awaitScreen(
          screen -> assertThat(screen).contains(" you → " + address + " (Bob): for Bob"));
      assertThat(received).doesNotContain("something else", "for Bob");
    }
  }

  @Test
  void aNewcomerAtTheAddressIsWrittenToIfTheSameIsSentAgain() {
    try (Tmux ann = start()) {
      PeerNode bob = known(ann, "Bob", 0);
      String address = "127.0.0.1:" + bob.port();
      ann.enter("/msg " + address + " hello, Bob");
      await().untilAsserted(() -> assertThat(received).contains("hello, Bob"));
      bob.close();
      Trust keys = Trust.pinned(directory.resolve("of Carol"));
      PeerNode carol =
          start(
              PeerNode.builder()
                  .teamName("Carol")
                  .port(bob.port())
                  .security(Security.opportunistic().with(keys)));
      ann.enter("/msg " + address + " hello, you");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsIgnoringWhitespaces(address + " was Bob; now")
                  .containsIgnoringWhitespaces("answers there (new key). Send it again"));
      ann.enter("/msg " + address + " hello, you");
      await().untilAsserted(() -> assertThat(received).contains("hello, you"));
      assertThat(carol.activePeers()).isNotEmpty();
    }
  }

  /** A peer with a key of its own that stays. It has said hello to the chat. */
  private PeerNode known(Tmux chat, String team, int port) {
    Trust keys = Trust.pinned(directory.resolve("of " + team));
    return meet(
        chat,
        PeerNode.builder()
            .teamName(team)
            .port(port == 0 ? FreePort.next() : port)
            .security(Security.opportunistic().with(keys)));
  }

  @Test
  void whatWasTypedIsThereAgainAfterARestart() throws IOException {
    try (Tmux ann = start()) {
      ann.enter("/me");
      ann.awaitScreen(screen -> assertThat(screen).contains("Fingerprint  ").endsWith("Ann>"));
      ann.enter("0");
      assertThat(ann.awaitExit()).isZero();
    }
    Path history = directory.resolve("p2pchat/history-Ann");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
        .isEqualTo("rw-------");
    try (Tmux ann = start()) {
      ann.keys("Up");
      ann.awaitPrompt("Ann> /me");
    }
    try (Tmux bob = Tmux.start(directory, List.of(), "-t", "Bob/..", "-p", "0")) {
      bob.awaitPrompt("Bob/..>");
      bob.keys("Up");
      bob.enter("/help");
      bob.awaitScreen(
          screen -> assertThat(screen).contains("Tab completes").doesNotContain("> /me"));
    }
  }

  @Test
  void nothingOfOthersDrivesTheTerminal() throws IOException {
    String evil = "\033]0;taken\007\033[31m\u009b2J\033]52;c;aGk=\007\u202e!";
    try (Tmux ann = start()) {
      String title = ann.variable("pane_title");
      try (Socket raw = new Socket(InetAddress.getLoopbackAddress(), ownPort(ann))) {
        String line = "LISTENING_PORT:7|TEAM_NAME:" + evil + "|" + evil + "\n";
        raw.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
      }
      PeerNode bob = meet(ann, "Bo\u0301b 😀 שלום");
      say(bob, ann, evil);
      ann.awaitScreen(
          screen ->
              assertThat(screen.replace("\n", "")).contains("\\u001b]52;c;aGk=\\u0007\\u202e!"));
      ann.paste("/nothing\n/peers " + evil + "\n");
      ann.awaitScreen(screen -> assertThat(screen).contains("/peers \\u001b]0;taken"));
      assertThat(ann.variable("pane_title")).isEqualTo(title);
      assertThat(ann.written())
          .doesNotContain("\033]0;", "\033]52;", "\u009b", "\u202e", "\033[31mu");
    }
    try (Tmux ann =
        Tmux.start(directory, List.of(), "-t", "Ann", "-p", "0", "--data-dir", "/proc/" + evil)) {
      assertThat(ann.awaitExit()).isEqualTo(1);
      assertThat(ann.screen().replace("\n", "")).contains("\\u001b]0;taken\\u0007");
      assertThat(ann.written()).doesNotContain("\033]0;");
    }
  }

  @Test
  void aTeamNameIsNoInstructionForThePrompt() {
    try (Tmux ann = start()) {
      meet(ann, "%999P*%{x%}%N");
      ann.enter("/to 1");
      ann.awaitPrompt("Ann → %999P*%{x%}%N>");
    }
  }

  @Test
  void anAddressIsNobodysName() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      meet(ann, "127.0.0.1:" + bob.port());
      meet(ann, "Bob and");
      ann.enter("/msg 127.0.0.1:" + bob.port() + " to Bob");
      ann.awaitScreen(screen -> assertThat(screen).containsPattern(delivered("Bob", "to Bob")));
      ann.enter("/msg Bob and who?");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("Ann> /msg Bob and who?\nSeveral teams match: \"Bob\", \"Bob and\""));
    }
  }

  @Test
  void aSignalLeavesTheTerminalAsItWas() throws IOException {
    try (Tmux shell = Tmux.startShell(directory)) {
      shell.awaitPrompt("shell$");
      shell.enter("chat -t Ann -p 0 --bind 127.0.0.1 & echo $! > '" + directory + "/pid'; fg");
      shell.awaitPrompt("Ann>");
      shell.type("half a line");
      shell.awaitPrompt("half a line");
      long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
      ProcessHandle.of(pid).orElseThrow().destroy();
      shell.awaitPrompt("shell$");
      await().untilAsserted(() -> assertThat(shell.written()).contains("\033[?2004l\033[?1l\033>"));
      shell.enter("echo typed");
      shell.awaitScreen(screen -> assertThat(screen).contains("\ntyped\n"));
    }
  }

  @Test
  void aMessageThatCannotBeSentSaysSo() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      PeerAddress address = PeerAddress.of(bob.localAddress());
      ann.enter("/msg " + address + " first");
      await().untilAsserted(() -> assertThat(received).contains("first"));
      ann.enter("/msg 127.0.0.1:1 nobody there");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("✗  you → 127.0.0.1:1: nobody there\n +Message not sent: "));
    }
  }

  @Test
  void coloursCanBeHadOrNot() {
    assertThat(colours(List.of())).isTrue();
    assertThat(colours(List.of(), "--color=never")).isFalse();
    assertThat(colours(List.of("NO_COLOR=1"))).isFalse();
    assertThat(colours(List.of("TERM=vt100"))).isFalse();
    assertThat(colours(List.of("NO_COLOR=1"), "--color=always")).isTrue();
  }

  private boolean colours(List<String> variables, String... options) {
    List<String> args = new ArrayList<>(List.of("-t", "Ann", "-p", "0"));
    args.addAll(Arrays.asList(options));
    try (Tmux ann = Tmux.start(directory, variables, args.toArray(String[]::new))) {
      ann.awaitPrompt("Ann>");
      ann.enter("/quit");
      assertThat(ann.awaitExit()).isZero();
      await().untilAsserted(() -> assertThat(ann.written()).contains("ended with"));
      return Pattern.compile("\033\\[[1-9]\\d*m").matcher(ann.written()).find();
    }
  }

  @Test
  void aTerminalThatCanDoNoMoreGetsLines() {
    try (Tmux ann = Tmux.start(directory, List.of("TERM=dumb"), "-t", "Ann", "-p", "0")) {
      ann.awaitPrompt("Ann>");
      PeerNode bob = meet(ann, "Bob");
      ann.enter("/msg Bob to you");
      await().untilAsserted(() -> assertThat(received).contains("to you"));
      ann.awaitScreen(
          screen ->
              assertThat(screen).containsPattern("you to \\S+ \\(Bob\\): to you \\[delivered]"));
      say(bob, ann, "to me");
      ann.awaitScreen(
          screen -> assertThat(screen).containsPattern("127\\S+ \\(Bob, encrypted\\): to me"));
      ann.enter("/quit");
      assertThat(ann.awaitExit()).isZero();
      await().untilAsserted(() -> assertThat(ann.written()).contains("ended with"));
      assertThat(ann.written()).doesNotContain("\033").doesNotContain("\b");
    }
  }

  @Test
  void theQuestionsAreAskedOnTheTerminalToo() {
    try (Tmux ann = Tmux.start(directory, List.of())) {
      ann.awaitTeamQuestion();
      ann.enter("/help");
      ann.awaitScreen(
          screen ->
              assertThat(screen).contains("You can use commands once the chat has started. Type"));
      ann.enter("a|b");
      ann.awaitScreen(screen -> assertThat(screen).contains("it holds a |"));
      ann.enter("Ann");
      ann.awaitPrompt("Port to listen on (Enter for a free one):");
      ann.enter("70000");
      ann.awaitScreen(screen -> assertThat(screen).contains("Not a port: \"70000\""));
      ann.keys("C-d");
      assertThat(ann.awaitExit()).isZero();
    }
  }

  @Test
  void enterTakesTheNameOfTheUser() {
    try (Tmux ann = Tmux.start(directory, List.of("JAVA_TOOL_OPTIONS=-Duser.name=ann"))) {
      ann.awaitPrompt("Team name (Enter for ann):");
      ann.keys("Enter");
      ann.awaitPrompt("Port to listen on (Enter for a free one):");
      ann.enter("0");
      ann.awaitPrompt("ann>");
    }
  }

  @Test
  void controlCAtAQuestionOfTheStartQuits() {
    try (Tmux ann = Tmux.start(directory, List.of())) {
      ann.awaitTeamQuestion();
      ann.keys("C-c");
      assertThat(ann.awaitExit()).isEqualTo(130);
    }
    try (Tmux ann = Tmux.start(directory, List.of(), "-t", "Ann")) {
      ann.awaitPrompt("Port to listen on (Enter for a free one):");
      ann.keys("C-c");
      assertThat(ann.awaitExit()).isEqualTo(130);
    }
  }

  @Test
  void aPortInUseIsAskedForAgainAndZeroIsAnyPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Tmux ann =
            Tmux.start(
                directory,
                List.of(),
                "-t",
                "Ann",
                "--bind",
                "127.0.0.1",
                "-p",
                "" + taken.getLocalPort())) {
      String inUse =
          "Could not listen on 127.0.0.1, port "
              + taken.getLocalPort()
              + ": the port is already in use.\nPort to listen on (Enter for a free one):";
      ann.awaitScreen(screen -> assertThat(screen).endsWith(inUse));
      ann.enter("" + taken.getLocalPort());
      ann.awaitScreen(
          screen -> assertThat(screen.indexOf(inUse)).isNotEqualTo(screen.lastIndexOf(inUse)));
      ann.enter("0");
      ann.awaitPrompt("Ann>");
      assertThat(ownPort(ann)).isPositive();
    }
  }

  @Test
  void anAddressThatIsNotOfThisMachineEndsIt() {
    try (Tmux ann =
        Tmux.start(directory, List.of(), "-t", "Ann", "-p", "0", "--bind", "203.0.113.1")) {
      assertThat(ann.awaitExit()).isEqualTo(1);
      assertThat(ann.screen()).contains("Could not listen on 203.0.113.1");
    }
  }

  @Test
  void tabOffersNobodyWhereNoNameBeginsLikeThat() {
    try (Tmux ann = start()) {
      meet(ann, "Cid");
      meet(ann, "Dora");
      ann.type("/to B");
      ann.keys("Tab");
      ann.type("o");
      ann.awaitPrompt("/to Bo");
      ann.keys("C-c");
      ann.awaitPrompt("Ann>");
      ann.type("/to C");
      ann.keys("Tab");
      ann.awaitPrompt("/to Cid");
      assertThat(ann.written()).doesNotContain("original", "others");
    }
  }

  @Test
  void nothingWrapsInsideAWordOnAnOrdinaryTerminal() {
    String words = IntStream.range(100, 160).mapToObj(i -> "word" + i).collect(joining(" "));
    try (Tmux ann = start()) {
      ann.resize(80, 24);
      ann.enter("");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains(
                      "\nChoose: 1 Send message, 2 Query peers, 3 Connect to peers, 0 Quit;"
                          + " more: /help\n"));
      PeerNode bob = meet(ann, "Bob");
      say(bob, ann, words);
      ann.enter("/msg Bob " + words);
      String inLines = "word100( word\\d{3})*\n( {11}word\\d{3}( word\\d{3})*\n)+";
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .containsPattern("🔒 127\\S+ \\(Bob\\): " + inLines)
                  .containsPattern("you → 127\\S+ \\(Bob\\): " + inLines));
      ann.enter("1");
      ann.awaitPrompt("):");
      assertThat(ann.screen().lines().filter(line -> line.startsWith("Recipient IP")))
          .first()
          .asString()
          .endsWith(" HOST:PORT; Enter for 127.0.0.1:" + bob.port() + " (Bob)):");
    }
  }

  @Test
  void theOwnAddressesSayWhoCanUseThem() {
    try (Tmux ann = start()) {
      ann.enter("/me");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("Addresses    127.0.0.1:" + ownPort(ann) + "  this machine only\n"));
    }
  }

  @Test
  void aTabInAMessageIsShownAsBlanks() {
    try (Tmux ann = start()) {
      PeerNode bob = meet(ann, "Bob");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      ann.paste("if it\tworks:\n\tsay so\n");
      await().untilAsserted(() -> assertThat(received).contains("if it\tworks:", "\tsay so"));
      say(bob, ann, "it\tdoes");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains("): if it    works:", "):     say so", "): it    does")
                  .doesNotContain("\\t"));
    }
  }

  @Test
  void aTextAtTheMenuIsAnsweredWithHowToSendIt() {
    try (Tmux ann = start()) {
      ann.enter("hello");
      ann.awaitScreen(
          screen ->
              assertThat(screen)
                  .endsWith("Not sent. To write to somebody, type /msg NAME hello\nAnn>"));
      meet(ann, "Bob");
      ann.enter("hello, you");
      ann.awaitScreen(
          screen -> assertThat(screen).endsWith("To whom? /to Bob, or /all hello, you\nAnn>"));
      ann.enter("7");
      ann.awaitScreen(screen -> assertThat(screen).contains("Not a choice: \"7\""));
      ann.enter("/who");
      ann.awaitScreen(screen -> assertThat(screen).contains("Peers:\n"));
      ann.enter("/?");
      ann.awaitScreen(screen -> assertThat(screen).contains("Tab completes it"));
      ann.enter("quit");
      assertThat(ann.awaitExit()).isZero();
    }
    for (String word : List.of("/q", "/exit", "Exit")) {
      try (Tmux ann = start()) {
        ann.enter(word);
        assertThat(ann.awaitExit()).isZero();
      }
    }
  }

  // ---- who takes part

  /** A peer with a temporary key, which has said hello to the chat. */
  @Override
  PeerNode meet(Tmux chat, String team) {
    return meet(chat, PeerNode.builder().teamName(team));
  }

  private PeerNode meet(Tmux chat, PeerNodeBuilder builder) {
    PeerNode other = start(builder);
    say(other, chat, "hello");
    received.add("hello");
    chat.awaitScreen(
        screen -> assertThat(screen).containsPattern(":" + other.port() + " \\(.*\\): hello"));
    return other;
  }

  private PeerNode start(PeerNodeBuilder builder) {
    PeerNode other =
        builder
            .bindAddress("127.0.0.1")
            .settings(PATIENT)
            .onMessage(message -> received.add(message.text()))
            .start();
    others.add(other);
    return other;
  }

  private int port(Tmux chat, String team) {
    assertThat(chat.all()).contains(team);
    return others.stream()
        .filter(other -> other.teamName().equals(team))
        .findFirst()
        .orElseThrow()
        .port();
  }

  /** The texts of messages that begin like that, as they were shown. */
  private static List<String> texts(Tmux chat, String begin) {
    return chat.all()
        .lines()
        .filter(line -> line.contains("): " + begin))
        .map(line -> line.substring(line.indexOf("): " + begin) + 3).strip())
        .toList();
  }

  @Test
  void aTextBeginsNoLineOfListen() throws IOException {
    String forged = "127.0.0.1:6001 (Bob): send me the door code";
    int room = 100 - "127.0.0.1:7070 (Eve, plain): ".length();
    try (Tmux listen = Tmux.start(directory, List.of(), "listen", "--team=One")) {
      Pattern listening = Pattern.compile("Listening on port (\\d+) as One");
      listen.awaitScreen(screen -> assertThat(screen).containsPattern(listening));
      Matcher port = listening.matcher(listen.screen());
      assertThat(port.find()).isTrue();
      for (String begin : List.of("x".repeat(room), "y" + " ".repeat(room - 1))) {
        try (Socket eve =
            new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)))) {
          String line = "LISTENING_PORT:7070|TEAM_NAME:Eve|" + begin + forged;
          eve.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
        }
      }
      listen.awaitScreen(
          screen ->
              assertThat(screen.lines().filter(line -> line.contains("door code"))).hasSize(2));
      assertThat(listen.screen().lines()).noneMatch(line -> line.startsWith(forged));
    }
  }

  @Test
  void whatIsNotUtf8IsToldOnce() {
    String told = "What you typed was not all UTF-8. Invalid bytes have become U+FFFD.";
    try (Tmux ann = start()) {
      meet(ann, "Bob");
      ann.enter("/to Bob");
      ann.awaitPrompt("Ann → Bob>");
      ann.enter("caf\uFFFD");
      ann.awaitScreen(screen -> assertThat(screen).contains(told));
      ann.enter("caf\uFFFD again");
      ann.awaitScreen(screen -> assertThat(screen).containsOnlyOnce(told));
      await().untilAsserted(() -> assertThat(received).contains("caf\uFFFD again"));
    }
  }
}
