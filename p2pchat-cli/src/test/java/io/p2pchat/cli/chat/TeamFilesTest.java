package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TeamFilesTest {
  @TempDir private Path directory;

  @Test
  void eachTeamHasAFileOfItsOwnInTheDirectory() {
    assertThat(TeamFiles.history(directory, "Ann-1_b"))
        .isEqualTo(directory.resolve("history-Ann-1_b"));
    assertThat(TeamFiles.history(directory, "../é\033"))
        .isEqualTo(directory.resolve("history-%2e%2e%2f%c3%a9%1b"));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permissions")
  void aDirectoryThatIsMadeForItIsTheOwners() throws Exception {
    Path made = directory.resolve("made");
    assertThat(TeamFiles.history(made, "Ann").getParent()).isEqualTo(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
  }
}
