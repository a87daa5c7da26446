package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.peers.ForeignPeer;
import io.p2pchat.testing.peers.OneReadPeer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The options for whether a node encrypts, whom it trusts and whom it lets in. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class SecurityOptionsIT {
  @Test
  void wrongOnesEndWithTwoAndNameWhatIsAccepted() {
    refuses(
        "Invalid value for option '--security': \"tls\";"
            + " accepted are plaintext, opportunistic, required",
        "--security",
        "tls");
    refuses("'--allow': not a range of IP addresses: \"lan\"", "--allow", "lan");
    refuses("'--allow': not a prefix: 33", "--allow", "10.0.0.0/8", "--allow", "10.0.0.0/33");
    refuses("'--rate': 0; accepted are 1 and above", "--rate", "0");
    refuses("Option '--strict' needs keys", "--strict", "--security", "plaintext");
  }

  @Test
  void whatIsRequiredToBeEncryptedDoesNotGoToAPlainProgram() throws IOException {
    try (ForeignPeer python = new OneReadPeer("Python");
        CliProcess send =
            CliProcess.start(
                "send", "--security", "required", python.address().toString(), "hello")) {
      assertThat(send.awaitExit()).isEqualTo(1);
      assertThat(send.out.awaitAll()).isEmpty();
      assertThat(send.err.awaitAllAtAnySpeed())
          .containsExactly(
              "Message not sent: Could not reach "
                  + python.address()
                  + ": it does not encrypt, and this node requires that.");
      assertThat(python.printed()).isEmpty();
    }
  }

  @Test
  void whoRequiresEncryptionHearsNoPlainLine() throws IOException {
    try (CliProcess listen = CliProcess.start("listen", "--security", "Required", "--count", "1")) {
      int port = listen.awaitPort(listen.err);
      try {
        BareSocket.write(port, "LISTENING_PORT:7070|TEAM_NAME:Plain|hello\n");
      } catch (IOException e) {
        // Refused before all was written.
      }
      listen.err.take(
          "Refused an unencrypted connection from 127.0.0.1: you use --security required.");
      sends(port, "--security", "plaintext", false);
      sends(port, "--security", "opportunistic", true);
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.awaitAll()).singleElement().asString().endsWith(": opportunistic");
    }
  }

  /** The key of the other is not the matter, so nothing is said of forgetting it. */
  @Test
  void whoMayNotEncryptIsToldThatOfAKnownPeer(@TempDir Path home) {
    try (CliProcess listen = CliProcess.start("listen", "-t", "Two", "--count", "2")) {
      String address = "127.0.0.1:" + listen.awaitPort(listen.err);
      try (CliProcess send = CliProcess.startAt(home, "send", address, "hello")) {
        assertThat(send.awaitExit()).isZero();
      }
      for (String peer : new String[] {address, "Two"}) {
        try (CliProcess send =
            CliProcess.startAt(
                home, "send", "--security", "plaintext", "--no-discovery", peer, "hello")) {
          assertThat(send.awaitExit()).isEqualTo(1);
          assertThat(send.err.awaitAllAtAnySpeed())
              .containsExactly(
                  ("Message not sent: Could not reach " + address + ": its key is known, and this")
                      + " node does not encrypt, because its policy is plaintext.");
        }
      }
    }
  }

  @Test
  void plaintextIsASessionToo() {
    try (CliProcess listen =
        CliProcess.start("listen", "--json", "--count", "1", "--security", "plaintext")) {
      sends(listen.awaitPort(listen.err), "-t", "Ann", true);
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.take("\"message\""))
          .contains("\"team\":\"Ann\"}")
          .endsWith("\"encrypted\":false}");
    }
  }

  @Test
  void strictTakesNobodyUnasked() {
    try (CliProcess listen = CliProcess.start("listen", "--strict", "--count", "1")) {
      int port = listen.awaitPort(listen.err);
      sends(port, "-t", "Ann", false);
      listen.err.take("Not trusted: team \"Ann\"");
      listen.err.take("  p2pchat trust accept 'Ann' 127.0.0.1:");
    }
  }

  @Test
  void onlyAllowedAddressesAreLetIn() throws IOException {
    try (CliProcess listen =
        CliProcess.start("listen", "--allow", "10.0.0.0/8", "--allow", "::/0", "--count", "1")) {
      listen.err.take("Listening on port ");
      int port = Integer.parseInt(listen.err.toString().replaceAll("(?s).* port (\\d+) .*", "$1"));
      sends(port, "-t", "Ann", false);
      assertThat(listen.out.toString()).isEmpty();
    }
    try (CliProcess listen = CliProcess.start("listen", "--allow", "127.0.0.1", "--count", "1")) {
      sends(listen.awaitPort(listen.err), "-t", "Ann", true);
      assertThat(listen.awaitExit()).isZero();
    }
  }

  @Test
  void aRateSlowsAPeerDown() {
    try (CliProcess listen = CliProcess.start("listen", "--rate", "2", "--count", "6");
        CliProcess send =
            CliProcess.start("send", "127.0.0.1:" + listen.awaitPort(listen.err), "-")) {
      long start = System.nanoTime();
      send.type(1, 2, 3, 4, 5, 6);
      send.endInput();
      assertThat(listen.awaitExit()).isZero();
      assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
    }
  }

  /** Sends the value of the option as the text. */
  private static void sends(int port, String option, String value, boolean succeeds) {
    try (CliProcess send = CliProcess.start("send", option, value, "127.0.0.1:" + port, value)) {
      assertThat(send.awaitExit()).isEqualTo(succeeds ? 0 : 1);
    }
  }

  private static void refuses(String part, String... args) {
    try (CliProcess process = CliProcess.start(args)) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.out.awaitAll()).isEmpty();
      assertThat(process.err.awaitAllAtAnySpeed()).hasSize(2).first().asString().contains(part);
    }
  }
}
