package io.p2pchat.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the fault suite would see what it is there to see. */
class ScenarioTallyTest {
  @TempDir private Path directory;

  @BeforeEach
  void twoNodesThatKeepEveryPromise() throws IOException {
    write("sent-A.1-B", "offered 0 1", "ACKNOWLEDGED 0", "ACKNOWLEDGED 1");
    write("sent-B.1-A", "offered 0 1", "ACKNOWLEDGED 0", "ACKNOWLEDGED 1");
    write("taken-A.1", "B.1 0", "B.1 1");
    write("taken-B.1", "A.1 0", "A.1 1");
    write("done-A.1", "reconnects 2", "resets 0");
    write("done-B.1", "reconnects 3", "resets 1");
  }

  @Test
  void hasNoComplaintWhereAllPromisesWereKept() throws IOException {
    assertThat(tally().complaints()).isEmpty();
    assertThat(tally().row("loss5").strip().split("\\s+"))
        .containsExactly("loss5", "4", "4", "4", "0", "0", "0", "0", "0", "0", "5", "1", "kept");
  }

  @Test
  void theHeadNamesTheColumnsOfTheRows() throws IOException {
    assertThat(ScenarioTally.head().strip().split("\\s+"))
        .hasSameSizeAs(tally().row("x").strip().split("\\s+"));
  }

  @Test
  void seesWhatWasAcknowledgedAndLost() throws IOException {
    write("taken-B.1", "A.1 0");
    assertThat(tally().complaints()).containsExactly("1 acknowledged and lost");
  }

  @Test
  void seesWhatWasDeliveredTwice() throws IOException {
    write("taken-B.1", "A.1 0", "A.1 1", "A.1 0");
    assertThat(tally().complaints()).containsExactly("1 delivered twice without a restart");
  }

  @Test
  void countsWhatWasDeliveredAgainAfterARestart() throws IOException {
    write("sent-B.1-A", "offered 0 3", "ACKNOWLEDGED 0", "ACKNOWLEDGED 1");
    write("sent-B.2-A", "offered 0 0", "ACKNOWLEDGED 0");
    write("taken-A.1", "B.1 0", "B.1 1", "B.2 0");
    write("taken-B.2", "A.1 1");
    assertThat(tally().complaints()).isEmpty();
    assertThat(tally().row("kill9").strip().split("\\s+"))
        .containsExactly("kill9", "7", "5", "5", "0", "0", "1", "0", "0", "2", "5", "1", "kept");
  }

  @Test
  void seesWhatWasDeliveredTwiceAfterARestart() throws IOException {
    write("sent-B.2-A", "offered 0 0", "ACKNOWLEDGED 0");
    write("taken-A.1", "B.1 0", "B.1 1", "B.2 0");
    write("taken-B.2", "A.1 1", "A.1 1");
    assertThat(tally().complaints()).containsExactly("1 delivered twice without a restart");
  }

  @Test
  void seesDisorder() throws IOException {
    write("taken-B.1", "A.1 1", "A.1 0");
    assertThat(tally().complaints()).containsExactly("1 out of order");
  }

  @Test
  void seesWhatNobodyHasSent() throws IOException {
    write("taken-B.1", "A.1 0", "A.1 1", "A.1 2", "raw A.1 0");
    assertThat(tally().complaints()).containsExactly("2 delivered that nobody had sent");
  }

  @Test
  void seesWhatHasNoResultOrNoGoodOne() throws IOException {
    write("sent-A.1-B", "offered 0 5", "ACKNOWLEDGED 0", "UNKNOWN 1", "REFUSED 2", "WRITTEN 3");
    assertThat(tally().complaints())
        .containsExactly(
            "2 without a result", "1 ended as WRITTEN", "1 ended as REFUSED", "1 ended as UNKNOWN");
  }

  @Test
  void expectsNothingFromWhoOnlyListens() throws IOException {
    Files.delete(directory.resolve("sent-B.1-A"));
    write("taken-A.1");
    assertThat(tally().complaints()).containsExactly("1 pairs without an acknowledged message");
    write("listens-B.1");
    assertThat(tally().complaints()).isEmpty();
  }

  @Test
  void seesThatNothingWasSent() throws IOException {
    Files.delete(directory.resolve("sent-A.1-B"));
    write("taken-B.1");
    assertThat(tally().complaints()).containsExactly("1 pairs without an acknowledged message");
  }

  private ScenarioTally tally() throws IOException {
    return ScenarioTally.of(directory);
  }

  private void write(String file, String... lines) throws IOException {
    Files.write(directory.resolve(file), List.of(lines));
  }
}
