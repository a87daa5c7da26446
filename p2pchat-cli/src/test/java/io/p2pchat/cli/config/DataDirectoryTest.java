package io.p2pchat.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path temp;

  @Test
  void oneThatIsThereOrCanBeMadeIsUsable() throws IOException {
    assertThat(DataDirectory.requireUsable(temp)).isEqualTo(temp);
    assertThat(DataDirectory.requireUsable(temp.resolve("a/b"))).isEqualTo(temp.resolve("a/b"));
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void whatIsInTheWayIsNamed() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.requireUsable(file.resolve("a/b")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the data directory %s cannot be created: %s is not a directory; choose another with --data-dir",
            file.resolve("a/b"), file);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permission")
  void aPlaceThatIsNotWritableIsNamed() throws IOException {
    Path readOnly = Files.createDirectory(temp.resolve("read-only"));
    assumeTrue(
        readOnly.toFile().setWritable(false) && !Files.isWritable(readOnly),
        "the superuser may write everywhere");
    assertThatThrownBy(() -> DataDirectory.requireUsable(readOnly.resolve("a")))
        .hasMessageContaining(readOnly + " is not writable; choose another with --data-dir");
  }

  @Test
  void aTildeAtTheBeginningIsTheHomeDirectory() {
    Path home = UserDirectory.home().orElseThrow();
    assertThat(DataDirectory.withHome(Path.of("~"))).isEqualTo(home);
    assertThat(DataDirectory.withHome(Path.of("~/a/b"))).isEqualTo(home.resolve("a/b"));
    for (String other : new String[] {"a/~", "./~", "", "a~b"}) {
      assertThat(DataDirectory.withHome(Path.of(other))).isEqualTo(Path.of(other));
    }
    assertThat(DataDirectory.withHome(temp)).isEqualTo(temp);
    assertThatThrownBy(() -> DataDirectory.withHome(Path.of("~bob/a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only ~/ is supported, for your own home directory");
  }
}
