package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
