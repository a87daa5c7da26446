package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What strangers send never reaches a terminal raw. */
class EscapingIT {
  private static final String HOSTILE =
      "LISTENING_PORT:7070|TEAM_NAME:O\u202Ene|a\u001b]0;title\u0007b\u009b2Jc\td\u2066e\\n\u0000f\n";

  @Test
  void aHostileTeamAndTextAreEscaped() throws IOException {
    try (CliProcess listen = CliProcess.start("listen", "--count", "1")) {
      BareSocket.write(listen.awaitPort(listen.err), HOSTILE);
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.awaitAll())
          .containsExactly(
              "127.0.0.1:7070 (O\\u202ene, plain): "
                  + "a\\u001b]0;title\\u0007b\\u009b2Jc\\td\\u2066e\\n\\u0000f");
    }
  }

  @Test
  void theyAreEscapedInJson() throws IOException {
    try (CliProcess listen = CliProcess.start("listen", "--json", "--count", "1")) {
      BareSocket.write(listen.awaitPort(listen.err), HOSTILE);
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.out.take("\"message\""))
          .contains("\"team\":\"O\\u202ene\"")
          .contains("\"a\\u001b]0;title\\u0007b\\u009b2Jc\\td\\u2066e\\\\n\\u0000f\"");
    }
  }

  @Test
  void theyAreEscapedInTheMenuAndItsLists() throws IOException {
    try (Chatter one = Chatter.start("One")) {
      BareSocket.write(one.port, HOSTILE);
      one.sees("127.0.0.1:7070 (O\\u202ene, plain): a\\u001b]0;title");
      assertThat(one.query().active())
          .containsExactly("127.0.0.1:7070 (O\\u202ene), reachable, not encrypted");
      one.quit();
    }
  }

  @Test
  void aTeamNameWithControlCharactersIsAnEscapedRawLine() throws IOException {
    try (Chatter one = Chatter.start("One")) {
      BareSocket.write(one.port, "LISTENING_PORT:7070|TEAM_NAME:\u001b[31mRed|hello");
      assertThat(one.sees("hello"))
          .endsWith(" (unknown_team, raw): LISTENING_PORT:7070|TEAM_NAME:\\u001b[31mRed|hello");
      assertThat(one.query().active()).containsExactly("none");
      one.quit();
    }
  }

  @Test
  void aWrongAnswerIsEchoedEscaped() {
    try (Chatter one = Chatter.start("One")) {
      one.type("\u001b[A", 1, "\u001b[31m");
      one.sees("Not a choice: \"\\u001b[A\"");
      one.sees("Not an address: \"\\u001b[31m\"");
      one.quit();
    }
  }
}
