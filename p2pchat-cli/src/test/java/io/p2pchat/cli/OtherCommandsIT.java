package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherCommandsIT {
  @Test
  void completionForTheShellIsGenerated() {
    try (CliProcess process = CliProcess.start("generate-completion")) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.out.toString())
          .contains("_complete_p2pchat", "--timeout", "listen", "opportunistic", "accept");
      assertThat(process.err.awaitAll()).isEmpty();
    }
  }

  @Test
  void whatIsGeneratedCompletesCommandsAndOptionsInBash() {
    assumeTrue(new File("/bin/bash").canExecute(), "there is no bash");
    assertThat(completed("p2pchat lis")).containsExactly("listen");
    assertThat(completed("p2pchat listen --ti")).containsExactly("--timeout");
    assertThat(completed("p2pchat --security req")).containsExactly("required");
    assertThat(completed("p2pchat --color ne")).containsExactly("never");
    assertThat(completed("p2pchat doc")).containsExactly("doctor");
    assertThat(completed("p2pchat disc")).containsExactly("discover");
    assertThat(completed("p2pchat discover --sw")).containsExactly("--sweep");
    assertThat(completed("p2pchat --dis")).containsExactly("--discovery");
    assertThat(completed("p2pchat --no-d")).containsExactly("--no-discovery");
    assertThat(completed("p2pchat discover --no-sw")).containsExactly("--no-sweep");
    assertThat(completed("p2pchat send --pe")).containsExactly("--peer");
    assertThat(completed("p2pchat doctor --js")).containsExactly("--json");
    assertThat(completed("p2pchat trust acc")).containsExactly("accept");
  }

  /** What bash offers where Tab is pressed after a line. */
  private static List<String> completed(String line) {
    String script =
        """
        source <(p2pchat generate-completion) || exit
        compopt() { :; } # works only where Tab was pressed
        COMP_LINE='%s' COMP_POINT=${#COMP_LINE}
        COMP_WORDS=($COMP_LINE) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _complete_p2pchat && printf '%%s\n' "${COMPREPLY[@]}"
        """;
    try (CliProcess bash = CliProcess.startBash(script.formatted(line))) {
      assertThat(bash.awaitExit()).isZero();
      assertThat(bash.err.awaitAll()).isEmpty();
      return bash.out.awaitAll();
    }
  }

  @Test
  void theVersionIsThatOfTheJar() {
    try (CliProcess process = CliProcess.start("-V")) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.out.awaitAll()).singleElement().asString().matches("p2pchat \\d.*");
    }
  }

  @Test
  void moreLoggingGoesToStandardError() {
    try (CliProcess process = CliProcess.start("listen", "--timeout", "1", "-vvv")) {
      assertThat(process.awaitExit()).isEqualTo(3);
      assertThat(process.out.awaitAll()).isEmpty();
      assertThat(process.err.toString()).contains("DEBUG");
    }
  }
}
