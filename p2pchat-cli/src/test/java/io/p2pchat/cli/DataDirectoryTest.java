package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path temp;

  @Test
  void itIsInTheDataHome() {
    assertThat(linux(Map.of("XDG_DATA_HOME", data(), "HOME", home())))
        .hasValue(temp.resolve("data/p2pchat"));
  }

  @Test
  void withoutOneItIsInTheHome() {
    Path inHome = temp.resolve("home/.local/share/p2pchat");
    assertThat(linux(Map.of("HOME", home()))).hasValue(inHome);
    assertThat(DataDirectory.of(Map.of(), "Mac OS X", home())).hasValue(inHome);
  }

  @Test
  void aDataHomeThatIsEmptyOrRelativeIsIgnored() {
    Path inHome = temp.resolve("home/.local/share/p2pchat");
    assertThat(linux(Map.of("XDG_DATA_HOME", "", "HOME", home()))).hasValue(inHome);
    assertThat(linux(Map.of("XDG_DATA_HOME", "data", "HOME", home()))).hasValue(inHome);
    assertThat(linux(Map.of("XDG_DATA_HOME", "\0", "HOME", home()))).hasValue(inHome);
  }

  @Test
  void theHomeThatIsSetGoesBeforeThatOfTheUser() {
    assertThat(DataDirectory.of(Map.of("HOME", home()), "Linux", data()))
        .hasValue(temp.resolve("home/.local/share/p2pchat"));
  }

  @Test
  void aUserWithoutAHomeHasNone() {
    assertThat(DataDirectory.of(Map.of(), "Linux", "?")).isEmpty();
    assertThat(DataDirectory.of(Map.of("HOME", ""), "Linux", "")).isEmpty();
  }

  @Test
  void onWindowsItIsInTheApplicationData() {
    Map<String, String> env = Map.of("APPDATA", data(), "XDG_DATA_HOME", home());
    assertThat(DataDirectory.of(env, "Windows 11", home())).hasValue(temp.resolve("data/p2pchat"));
    assertThat(DataDirectory.of(Map.of(), "Windows 11", home()))
        .hasValue(temp.resolve("home/AppData/Roaming/p2pchat"));
  }

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
            "the data directory %s cannot be made: %s is not a directory; name another with --data-dir",
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
        .hasMessageContaining(readOnly + " is not writable; name another with --data-dir");
  }

  private static Optional<Path> linux(Map<String, String> env) {
    return DataDirectory.of(env, "Linux", "/other");
  }

  private String data() {
    return temp.resolve("data").toString();
  }

  private String home() {
    return temp.resolve("home").toString();
  }
}
