package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.FreePort;
import io.p2pchat.testing.peers.ForeignPeer;
import io.p2pchat.testing.peers.OneReadPeer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class MenuIT {
  @Test
  void aWrongTeamOrPortIsAskedForAgain() {
    try (CliProcess menu = CliProcess.start()) {
      menu.type("", "a|b", "Ann");
      menu.out.take("Not a team name: it has 0 characters; accepted are 1 to 64");
      menu.out.take("Not a team name: it holds a |");
      menu.type("0", "65536", "-1", "abc", "", FreePort.next());
      for (String port : new String[] {"0", "65536", "-1", "abc", ""}) {
        menu.out.take("Not a port: \"" + port + "\"; accepted are 1 to 65535.");
      }
      menu.out.take(" as Ann.");
      menu.type(0);
      assertThat(menu.awaitExit()).isZero();
    }
  }

  @Test
  void whatTheOptionsSayIsNotAskedFor() {
    try (CliProcess menu = CliProcess.start("-t", "Ann", "-p", "0", "--bind", "127.0.0.1")) {
      menu.awaitPort(menu.out);
      menu.type(0);
      assertThat(menu.awaitExit()).isZero();
      assertThat(menu.out.awaitAll()).hasSize(2).last().asString().startsWith(Chatter.MENU);
    }
  }

  @Test
  void theEndOfInputQuitsAtEveryQuestion() {
    endsQuietly(CliProcess.start());
    endsQuietly(CliProcess.start(), "Ann");
    endsQuietly(CliProcess.start("-t", "Ann", "-p", "0"));
    endsQuietly(CliProcess.start("-t", "Ann", "-p", "0"), 1, "127.0.0.1", 7070);
    endsQuietly(CliProcess.start("-t", "Ann", "-p", "0"), 3);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aMessageThatCannotBePrintedIsNotDelivered() {
    // Nobody reads behind the first prompt.
    String reader = "{ sed -u '/^Choose:/q'; exec <&-; echo; echo gone; }";
    String chat = "p2pchat -t Two -p 0 --bind 127.0.0.1 | " + reader;
    try (CliProcess menu = CliProcess.startBash(chat)) {
      int port = menu.awaitPort(menu.out);
      menu.out.take("gone");
      try (CliProcess send = CliProcess.start("send", "127.0.0.1:" + port, "lost")) {
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.out.toString()).doesNotContain("elivered");
        assertThat(send.errors()).isNotEmpty();
      }
    }
  }

  @Test
  void theEndOfInputSaysExitToTheConnected() {
    try (Chatter one = Chatter.start("One");
        Chatter two = Chatter.start("Two")) {
      two.type(3, "M", "127.0.0.1", one.port);
      one.sees("(Two) connected manually.");
      two.process.endInput();
      assertThat(two.process.awaitExit()).isZero();
      one.sees(two.address() + " (Two) left.");
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
  void sigtermSaysExitToTheConnected() {
    try (Chatter one = Chatter.start("One");
        Chatter two = Chatter.start("Two")) {
      two.type(3, "M", "127.0.0.1", one.port);
      one.sees("(Two) connected manually.");
      two.process.terminate();
      assertThat(two.process.awaitExit()).isEqualTo(143);
      one.sees(two.address() + " (Two) left.");
    }
  }

  @Test
  void aScriptOfKeystrokesRunsWhenPipedAllAtOnce() {
    try (CliProcess listener = CliProcess.start("listen", "-t", "Two");
        CliProcess menu = CliProcess.start()) {
      int port = listener.awaitPort(listener.err);
      menu.type(" One ", " " + FreePort.next() + " ", 1, " 127.0.0.1 ", port, "hello");
      menu.type(2, 3, "A", 3, "m", "127.0.0.1", port, 1, "127.0.0.1", port, "exit", 2, 0);
      menu.endInput();
      assertThat(menu.awaitExit()).isZero();
      assertThat(menu.out.toString())
          .containsSubsequence(
              "as One.",
              "Message delivered to 127.0.0.1:" + port,
              "Active peers:\n  127.0.0.1:" + port,
              "Connected peers:\n  none",
              "Connected to 127.0.0.1:" + port + " (Two).",
              "Connected to 127.0.0.1:" + port + ".",
              "Message delivered to 127.0.0.1:" + port,
              "Active peers:\n  none",
              "Connected peers:\n  none");
      assertThat(listener.out.take("hello")).contains(" (One): hello");
      listener.out.take(" (One) connected.");
      listener.out.take(" (One) left.");
    }
  }

  @Test
  void aFailedSendOrConnectSaysWhy() {
    try (CliProcess menu = CliProcess.start("-t", "One", "-p", "0")) {
      int own = menu.awaitPort(menu.out);
      int nobody = FreePort.next();
      menu.type(1, "127.0.0.1", nobody, "hello", 3, "M", "127.0.0.1", nobody);
      menu.out.take("Message not sent: Could not reach 127.0.0.1:" + nobody);
      menu.out.take("Not connected to 127.0.0.1:" + nobody + ": Could not reach");
      menu.type(3, "A", 3, "x", 1, "127.0.0.1", own, "hello");
      menu.out.take("There are no active peers to connect to.");
      menu.out.take("Not a choice: \"x\"; accepted are A and M.");
      menu.out.take("Message not sent: 127.0.0.1:" + own + " is this node itself.");
    }
  }

  @Test
  void theListsSayWithWhomThereIsASessionAndWhatIsEncrypted() throws IOException {
    try (Chatter one = Chatter.start("One");
        Chatter two = Chatter.start("Two");
        ForeignPeer python = new OneReadPeer("Python")) {
      two.type(3, "M", "127.0.0.1", one.port);
      one.sees("(Two) connected manually.");
      python.send(one.port, "hello");
      one.sees("(Python, plain): hello");
      assertThat(one.query().active())
          .anyMatch(
              line -> line.startsWith(two.address() + " (Two), reachable, in session, encrypted"))
          .contains(python.address() + " (Python), reachable, not encrypted");
      one.quit();
      two.quit();
    }
  }

  @Test
  void aPortInUseIsOneLine() {
    try (CliProcess listener = CliProcess.start("listen")) {
      int port = listener.awaitPort(listener.err);
      try (CliProcess menu = CliProcess.start()) {
        menu.type("Ann", port);
        assertThat(menu.awaitExit()).isEqualTo(1);
        assertThat(menu.err.awaitAll())
            .containsExactly("Could not listen on port " + port + ": the port is already in use.");
      }
    }
  }

  private static void endsQuietly(CliProcess menu, Object... lines) {
    try (menu) {
      menu.type(lines);
      menu.endInput();
      assertThat(menu.awaitExit()).isZero();
      assertThat(menu.err.awaitAll()).isEmpty();
    }
  }
}
