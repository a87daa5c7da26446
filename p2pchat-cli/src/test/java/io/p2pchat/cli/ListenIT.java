package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for processes of its own
class ListenIT {
  private static final String TIME =
      "\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[.\\d]*Z\"";

  @Test
  void itEndsAfterAsManyMessagesAsWereAskedFor() throws IOException {
    try (CliProcess listen = CliProcess.start("listen", "-t", "Two", "--count", "2")) {
      int port = listen.awaitPort(listen.err);
      BareSocket.write(port, "LISTENING_PORT:7070|TEAM_NAME:One|first\n");
      listen.out.take("127.0.0.1:7070 (One, plain): first");
      BareSocket.write(port, "just some text");
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.take("just some text"))
          .matches("127\\.0\\.0\\.1:\\d+ \\(unknown_team, raw\\): just some text");
      assertThat(listen.err.awaitAll()).containsExactly("Listening on port " + port + " as Two");
    }
  }

  @Test
  void itPrintsNoMoreThanThat() throws IOException {
    try (CliProcess listen = CliProcess.start("listen", "--count", "3")) {
      int port = listen.awaitPort(listen.err);
      BareSocket.write(port, "one\ntwo\nthree\nfour\nfive\n");
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.awaitAll()).hasSize(3).last().asString().endsWith(": three");
    }
  }

  @Test
  void jsonHasOneObjectALine() throws IOException {
    try (CliProcess listen = CliProcess.start("listen", "--json", "--count", "1")) {
      int port = listen.awaitPort(listen.err);
      BareSocket.write(port, "LISTENING_PORT:7070|TEAM_NAME:One|manual connection message");
      listen.out.take("\"peer-connected\"");
      BareSocket.write(port, "LISTENING_PORT:7070|TEAM_NAME:One|exit");
      listen.out.take("\"peer-left\"");
      BareSocket.write(port, "LISTENING_PORT:7070|TEAM_NAME:One|a \"quoted\" text");
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.awaitAll()).allMatch(line -> line.matches("\\{.*}"));
      String peer = "\\{\"host\":\"127\\.0\\.0\\.1\",\"port\":7070,\"team\":\"One\"}";
      assertThat(listen.out.take("\"message\""))
          .matches(
              "\\{\"type\":\"message\","
                  + TIME
                  + (",\"from\":" + peer)
                  + ",\"text\":\"a \\\\\"quoted\\\\\" text\",\"raw\":false,\"encrypted\":false}");
      assertThat(listen.out.toString())
          .containsSubsequence(
              "\"manual\":true,\"incoming\":true", "\"reason\":\"said-exit\"", "\"message\"");
    }
  }

  @Test
  void itEndsWithThreeWhenTimeIsOver() {
    try (CliProcess listen = CliProcess.start("listen", "--timeout", "1", "--count", "1")) {
      assertThat(listen.awaitExit()).isEqualTo(3);
      assertThat(listen.out.awaitAll()).isEmpty();
      assertThat(listen.err.awaitAll()).hasSize(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
  void sigtermEndsItWithZero() throws IOException {
    try (CliProcess listen = CliProcess.start("listen")) {
      int port = listen.awaitPort(listen.err);
      BareSocket.write(port, "before the end");
      listen.out.take("before the end");
      listen.terminate();
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.err.awaitAll()).hasSize(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
  void sigtermSaysExitToThoseInASession() {
    try (Chatter one = Chatter.start("One");
        CliProcess listen = CliProcess.start("listen", "-t", "Two")) {
      int port = listen.awaitPort(listen.err);
      one.type(1, "127.0.0.1", port, "hello");
      one.sees("Message delivered to 127.0.0.1:" + port + ".");
      listen.terminate();
      assertThat(listen.awaitExit()).isZero();
      one.sees("127.0.0.1:" + port);
      one.quit();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh and head")
  void itEndsQuietlyWhenNobodyReadsItAnyMore() {
    try (CliProcess listen = CliProcess.listenForOneLine()) {
      int port = listen.awaitPort(listen.err);
      await()
          .atMost(Transcript.PATIENCE)
          .until(() -> !listen.isAlive() || !isWritten(port, "a line"));
      listen.awaitExit();
      assertThat(listen.out.awaitAll()).hasSize(1);
      assertThat(listen.err.awaitAll()).hasSize(2).last().isEqualTo("status 141");
    }
  }

  @Test
  @EnabledIf("hasFullDevice")
  void aMessageThatCannotBePrintedIsNotDelivered() {
    try (CliProcess listen = CliProcess.startBash("p2pchat listen -t Two -p 0 > /dev/full")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = CliProcess.start("send", "127.0.0.1:" + port, "lost")) {
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.out.toString()).doesNotContain("elivered");
        assertThat(send.errors()).isNotEmpty();
      }
      assertThat(listen.awaitExit()).isEqualTo(1);
      assertThat(listen.errors())
          .last()
          .isEqualTo("Could not write to standard output: No space left on device");
    }
  }

  static boolean hasFullDevice() {
    return Files.isWritable(Path.of("/dev/full"));
  }

  @Test
  void whatIsNoOptionIsRefusedByName() {
    try (CliProcess listen = CliProcess.start("listen", "on", "-p", "0")) {
      assertThat(listen.awaitExit()).isEqualTo(2);
      assertThat(listen.out.awaitAll()).isEmpty();
      assertThat(listen.err.awaitAll()).first().asString().endsWith(": 'on'");
    }
  }

  @Test
  void aPortInUseIsOneLine() {
    try (CliProcess first = CliProcess.start("listen")) {
      int port = first.awaitPort(first.err);
      try (CliProcess second = CliProcess.start("listen", "-p", "" + port)) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.out.awaitAll()).isEmpty();
        assertThat(second.err.awaitAll())
            .containsExactly("Could not listen on port " + port + ": the port is already in use.");
      }
    }
  }

  @Test
  void wrongUsageEndsWithTwo() {
    List<List<String>> wrong =
        List.of(
            List.of("listen", "--count", "0"),
            List.of("listen", "--timeout", "soon"),
            List.of("listen", "-p", "65536"),
            List.of("-t", "a|b"));
    for (List<String> args : wrong) {
      try (CliProcess process = CliProcess.start(args.toArray(String[]::new))) {
        assertThat(process.awaitExit()).isEqualTo(2);
        assertThat(process.out.awaitAll()).isEmpty();
        assertThat(process.err.toString()).contains("Invalid value for option");
      }
    }
  }

  private static boolean isWritten(int port, String text) {
    try {
      BareSocket.write(port, text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
