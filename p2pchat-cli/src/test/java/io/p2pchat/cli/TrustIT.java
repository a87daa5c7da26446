package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Keys: the own one, those of known peers, and peers that have others than they had. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class TrustIT {
  private static final String KEY = "01234567-89abcdef-".repeat(4).substring(0, 71);

  @TempDir private Path home;
  @TempDir private Path other;

  @Test
  void theIdentityIsMadeOnceAndIsOneLine() {
    String first = run(home, "identity").get(0);
    assertThat(first).matches("([0-9a-f]{8}-){7}[0-9a-f]{8}");
    assertThat(run(home, "identity")).containsExactly(first);
    assertThat(run(other, "identity")).doesNotContain(first);
    assertThat(run(other, "identity", "--data-dir", home.resolve("p2pchat").toString()))
        .containsExactly(first);
  }

  @Test
  void knownPeersAreAcceptedListedAndRemoved() {
    try (CliProcess none = CliProcess.startAt(home, "trust")) {
      assertThat(none.awaitExit()).isZero();
      assertThat(none.out.awaitAll()).isEmpty();
      assertThat(none.err.awaitAll()).containsExactly("No peers are known yet.");
    }
    assertThat(run(home, "trust", "accept", "Two", "10.0.0.7:7070", KEY))
        .containsExactly("10.0.0.7:7070 (Two) is known by the key " + KEY + " now.");
    run(
        home,
        "trust",
        "accept",
        "O\u202ene",
        "[::1]:80",
        KEY.replace("-", "").toUpperCase(Locale.ROOT));
    assertThat(run(home, "trust", "list"))
        .isEqualTo(run(home, "trust"))
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).matches("ADDRESS {8}TEAM {7}FINGERPRINT {62}FIRST SEEN"),
            line -> assertThat(line).matches("10.0.0.7:7070  Two {8}" + KEY + "  \\d{4}-.*Z"),
            line -> assertThat(line).matches("\\[::1]:80 {7}O\\\\u202ene  " + KEY + "  .*Z"));
    assertThat(run(home, "trust", "remove", "Two", "10.0.0.7:7070"))
        .containsExactly("10.0.0.7:7070 (Two) is forgotten.");
    fails(home, 1, "10.0.0.7:7070 (Two) is not known; ", "trust", "remove", "Two", "10.0.0.7:7070");
  }

  @Test
  void knownKeyIsAcceptedAtAnAddressWithoutItsTeam() {
    String unknown = "The key " + KEY + " is not known; name the peer's team before the address.";
    fails(home, 1, unknown, "trust", "accept", "10.0.0.8:7070", KEY);
    run(home, "trust", "accept", "Two", "10.0.0.7:7070", KEY);
    assertThat(run(home, "trust", "accept", "[fe80::8%1]:7070", KEY))
        .singleElement()
        .asString()
        .matches("\\[fe80::8%.+]:7070 \\(Two\\) is known by the key .*");
    assertThat(run(home, "trust", "accept", "10.0.0.8:7070", KEY))
        .containsExactly("10.0.0.8:7070 (Two) is known by the key " + KEY + " now.");
    assertThat(run(home, "trust")).hasSize(4);
  }

  @Test
  void whereAnotherKeyHasTheNameTheTeamIsAskedFor() {
    String another = KEY.replace("0123", "ffff");
    run(home, "trust", "accept", "Two", "10.0.0.7:7070", KEY);
    run(home, "trust", "accept", "Two", "10.0.0.8:7070", another);
    fails(
        home, 1, "Another key has each name of the key ", "trust", "accept", "10.0.0.8:7070", KEY);
  }

  /** The disk of the receiver is full, or something else keeps it from writing. */
  @Test
  void whoCannotRecordNewPeersDoesNotDistrustThem(@TempDir Path sender) throws IOException {
    run(home, "identity");
    Files.createDirectories(home.resolve("p2pchat/known_peers.new/in the way"));
    try (CliProcess listen = CliProcess.startAt(home, "listen", "--bind", "127.0.0.1");
        CliProcess chat =
            CliProcess.startAt(sender, "-t", "Ann", "-p", "0", "--bind", "127.0.0.1")) {
      chat.type(1, "127.0.0.1", listen.awaitPort(listen.err), "hello");
      assertThat(chat.out.take("Message not sent: "))
          .endsWith(
              " accepts no peers now: it cannot read or record its known peers, perhaps because its disk"
                  + " is full. Its user has to repair that. Your key is not the reason.");
      assertThat(listen.err.take("known_peers"))
          .startsWith("Peers are refused until this is repaired here: ");
    }
  }

  @Test
  void wrongUsageEndsWithTwo() {
    fails(home, 2, "the values given are 1", "trust", "accept", "Two");
    fails(home, 2, "values given are 4", "trust", "accept", "Two", "10.0.0.7:7070", KEY, KEY);
    fails(home, 2, "'HOST:PORT': ", "trust", "accept", "Two", "localhost:7070", KEY);
    fails(home, 2, "'HOST:PORT': ", "trust", "remove", "Two", "10.0.0.7");
    fails(home, 2, "'TEAM': not a team name", "trust", "accept", "a|b", "10.0.0.7:7070", KEY);
    fails(home, 2, "'FINGERPRINT': ", "trust", "accept", "Two", "10.0.0.7:7070", "abc");
    fails(home, 2, "Unknown options: '--port'", "identity", "--port", "7070");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
  void whoeverTookOverAnAddressIsRefusedUntilItIsAccepted(@TempDir Path sender) throws IOException {
    int port = FreePort.next();
    String team = "O'Neil & $co";
    try (CliProcess before = listen(home, team, port)) {
      String key = run(home, "identity").get(0);
      assertThat(sent(sender, port).err.awaitAllAtAnySpeed())
          .containsExactly("127.0.0.1:" + port + " (" + team + ") is new; its key is " + key + ".");
      assertThat(before.awaitExit()).isZero();
      before.err.take(" (Ann) is new; its key is " + run(sender, "identity").get(0));
    }
    try (CliProcess now = listen(other, team, port)) {
      String command = isRefused(sender, port);
      try (CliProcess accept = CliProcess.startShell(sender, command)) {
        assertThat(accept.awaitExit()).isZero();
      }
      assertThat(sent(sender, port).err.awaitAllAtAnySpeed()).isEmpty();
      assertThat(now.awaitExit()).isZero();
      assertThat(now.out.awaitAll()).hasSize(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
  void whoeverHasAnAddressNowIsNotWrittenToUntilItIsAccepted(@TempDir Path sender) {
    int port = FreePort.next();
    try (CliProcess bob = listen(home, "Bob", port)) {
      sent(sender, port);
      assertThat(bob.awaitExit()).isZero();
    }
    // A send is over soon, so its peer does not remember it.
    assertThat(home.resolve("p2pchat/known_peers")).doesNotExist();
    try (CliProcess carol = listen(other, "Carol", port)) {
      String command;
      try (CliProcess send = send(sender, port)) {
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.out.awaitAll()).isEmpty();
        List<String> lines = send.errors();
        assertThat(lines.get(0))
            .startsWith("Message not sent: 127.0.0.1:" + port + " was team \"Bob\" with the key ")
            .contains("now team \"Carol\" answers there with the key ");
        command = lines.get(lines.size() - 1);
      }
      assertThat(command).startsWith("  p2pchat trust accept ");
      try (CliProcess accept = CliProcess.startShell(sender, command)) {
        assertThat(accept.awaitExit()).isZero();
      }
      sent(sender, port);
      assertThat(carol.awaitExit()).isZero();
      assertThat(carol.out.awaitAll()).hasSize(1);
    }
  }

  @Test
  void theMenuSaysWhoIsRefusedAndHowToAcceptIt() {
    int port = FreePort.next();
    String dataDir = home.resolve("my data").toString();
    run(home, "trust", "accept", "Two", "127.0.0.1:" + port, KEY, "--data-dir", dataDir);
    try (CliProcess two = listen(other, "Two", port);
        CliProcess menu = CliProcess.startAt(home, "-t", "One", "-p", "0", "--data-dir", dataDir)) {
      menu.awaitPort(menu.out);
      menu.type(1, "127.0.0.1", port, "hello", 3, "M", "127.0.0.1", port);
      assertThat(menu.out.take("Message not sent: ")).contains(KEY);
      assertThat(menu.out.take("Not connected to ")).contains(KEY);
      assertThat(menu.out.take("p2pchat trust accept"))
          .isEqualTo(
              "  p2pchat trust accept --data-dir '%s' 'Two' 127.0.0.1:%d %s",
              dataDir, port, run(other, "identity").get(0));
      menu.type(0);
      assertThat(menu.awaitExit()).isZero();
      assertThat(two.isAlive()).isTrue();
    }
  }

  @Test
  void jsonTellsOfNewcomersAndOfTheRefused() {
    try (CliProcess listen =
        CliProcess.startAt(home, "listen", "-t", "Two", "--json", "--count", "2")) {
      int port = listen.awaitPort(listen.err);
      int from = FreePort.next();
      String key = run(other, "identity").get(0);
      String peer = "\"host\":\"127.0.0.1\",\"port\":" + from + ",\"team\":\"Ann\"";
      sent(other, port, "-p", "" + from);
      assertThat(listen.out.take("peer-pinned"))
          .contains("\"peer\":{" + peer + ",\"fingerprint\":\"" + key + "\"},\"others\":[]");
      assertThat(listen.out.take("\"message\""))
          .contains(peer + ",\"fingerprint\":\"" + key + "\"}", "\"encrypted\":true}");
      run(home, "trust", "accept", "Ann", "127.0.0.1:" + from, KEY);
      try (CliProcess refused = send(other, port, "-p", "" + from)) {
        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.errors()).singleElement().asString().contains(key);
      }
      assertThat(listen.out.take("peer-refused"))
          .contains("\"fingerprint\":\"" + key + "\"},\"known\":\"" + KEY + "\",\"description\":");
    }
  }

  @Test
  void processesOfOneUserShareTheKey() {
    String key = run(home, "identity").get(0);
    try (CliProcess one = CliProcess.startAt(home, "-t", "One", "-p", "0");
        CliProcess two = CliProcess.startAt(home, "-t", "Two", "-p", "0")) {
      int ofOne = one.awaitPort(one.out);
      int ofTwo = two.awaitPort(two.out);
      one.type(1, "127.0.0.1", ofTwo, "hello");
      one.out.take("Message delivered to 127.0.0.1:" + ofTwo);
      two.type(1, "127.0.0.1", ofOne, "hello");
      two.out.take("Message delivered to 127.0.0.1:" + ofOne);
      one.type(0);
      two.type(0);
      assertThat(one.awaitExit()).isZero();
      assertThat(two.awaitExit()).isZero();
      // Two has recorded the key under the name of One before it answered.
      assertThat(one.out.toString())
          .containsOnlyOnce("(Two) was One before; its key is still " + key);
      assertThat(two.out.toString()).containsOnlyOnce("(One) is new; its key is " + key);
    }
  }

  @Test
  void theKeyItselfIsNeverShown() throws IOException {
    run(home, "identity");
    List<String> secret =
        Files.readAllLines(home.resolve("p2pchat/identity.pem")).stream()
            .filter(line -> !line.startsWith("-----"))
            .toList();
    assertThat(secret).isNotEmpty();
    try (CliProcess listen = CliProcess.startAt(home, "listen", "--json", "--count", "1", "-vvv")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = sent(home, port, "-vvv")) {
        assertThat(listen.awaitExit()).isZero();
        String all = String.join("\n", "" + listen.out, "" + listen.err, "" + send.err);
        assertThat(all).contains("DEBUG").doesNotContain(secret);
      }
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no chmod")
  void aDirectoryThatIsOpenToOthersIsRefused() throws IOException {
    Path open = Files.createDirectory(home.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    String dataDir = open.toString();
    fails(home, 1, "make it private: chmod 700 " + open + ".", "trust", "--data-dir", dataDir);
    fails(home, 1, "chmod 700 " + open, "listen", "--data-dir", dataDir);
    fails(home, 1, "chmod 700 " + open, "send", "--data-dir", dataDir, "127.0.0.1:7070", "hello");
    fails(home, 1, "chmod 700 " + open, "-t", "One", "-p", "0", "--data-dir", dataDir);
  }

  @Test
  void aBrokenFileOfKnownPeersIsNamed() throws IOException {
    run(home, "trust", "accept", "Two", "10.0.0.7:7070", KEY);
    Files.writeString(home.resolve("p2pchat/known_peers"), "nonsense\n");
    fails(home, 1, "known_peers: line 1", "listen");
    fails(home, 1, "known_peers: line 1", "trust");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has another variable for the home")
  void aHomeThatIsMissingIsNotMade() {
    Path missing = home.resolve("missing");
    for (String[] args : new String[][] {{"identity"}, {"listen"}}) {
      try (CliProcess process = CliProcess.startAtHome(missing, args)) {
        assertThat(process.awaitExit()).isEqualTo(1);
        assertThat(process.out.awaitAll()).isEmpty();
        assertThat(process.err.awaitAll())
            .containsExactly(
                "The data directory %s/.local/share/p2pchat cannot be created: the home directory"
                        .formatted(missing)
                    + " %s does not exist; choose another with --data-dir.".formatted(missing));
      }
    }
    assertThat(missing).doesNotExist();
  }

  @Test
  void helpAndVersionTouchNoKeys() {
    run(home, "--help");
    run(home, "--version");
    run(home, "trust", "--help");
    assertThat(home).isEmptyDirectory();
  }

  private static String isRefused(Path sender, int port) {
    try (CliProcess send = send(sender, port)) {
      assertThat(send.awaitExit()).isEqualTo(1);
      assertThat(send.out.awaitAll()).isEmpty();
      List<String> lines = send.err.awaitAllAtAnySpeed();
      assertThat(lines).hasSize(3);
      assertThat(lines.get(0)).startsWith("Message not sent: ").containsPattern("[0-9a-f-]{71}.*");
      assertThat(lines.get(2)).startsWith("  p2pchat trust accept 'O'\\''Neil & $co' 127.0.0.1:");
      return lines.get(2);
    }
  }

  private static CliProcess listen(Path home, String team, int port) {
    CliProcess listen =
        CliProcess.startAt(home, "listen", "-t", team, "-p", "" + port, "--count", "1");
    listen.awaitPort(listen.err);
    return listen;
  }

  private static CliProcess sent(Path home, int port, String... options) {
    try (CliProcess send = send(home, port, options)) {
      assertThat(send.awaitExit()).isZero();
      return send;
    }
  }

  private static CliProcess send(Path home, int port, String... options) {
    String[] args = new String[options.length + 5];
    System.arraycopy(options, 0, args, 0, options.length);
    List<String> rest = List.of("send", "-t", "Ann", "127.0.0.1:" + port, "hello");
    for (int i = 0; i < rest.size(); i++) {
      args[options.length + i] = rest.get(i);
    }
    return CliProcess.startAt(home, args);
  }

  /** Runs a command that succeeds and says nothing on standard error; returns what it printed. */
  private static List<String> run(Path home, String... args) {
    try (CliProcess process = CliProcess.startAt(home, args)) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.err.awaitAll()).isEmpty();
      return process.out.awaitAll();
    }
  }

  private static void fails(Path home, int status, String part, String... args) {
    try (CliProcess process = CliProcess.startAt(home, args)) {
      assertThat(process.awaitExit()).isEqualTo(status);
      assertThat(process.out.awaitAll()).isEmpty();
      assertThat(process.err.awaitAllAtAnySpeed())
          .hasSize(status)
          .first()
          .asString()
          .contains(part);
    }
  }
}
