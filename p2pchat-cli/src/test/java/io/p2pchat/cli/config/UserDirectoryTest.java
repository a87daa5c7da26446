package io.p2pchat.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserDirectoryTest {
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
    assertThat(UserDirectory.DATA.of(Map.of(), "Mac OS X", home())).hasValue(inHome);
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
    assertThat(UserDirectory.DATA.of(Map.of("HOME", home()), "Linux", data()))
        .hasValue(temp.resolve("home/.local/share/p2pchat"));
  }

  @Test
  void aUserWithoutAHomeHasNone() {
    assertThat(UserDirectory.DATA.of(Map.of(), "Linux", "?")).isEmpty();
    assertThat(UserDirectory.DATA.of(Map.of("HOME", ""), "Linux", "")).isEmpty();
  }

  @Test
  void onWindowsItIsInTheApplicationData() {
    Map<String, String> env = Map.of("APPDATA", data(), "XDG_DATA_HOME", home());
    assertThat(UserDirectory.DATA.of(env, "Windows 11", home()))
        .hasValue(temp.resolve("data/p2pchat"));
    assertThat(UserDirectory.DATA.of(Map.of(), "Windows 11", home()))
        .hasValue(temp.resolve("home/AppData/Roaming/p2pchat"));
  }

  @Test
  void whatTheUserWritesIsInTheConfigurationHome() {
    Path inHome = temp.resolve("home/.config/p2pchat");
    assertThat(config(Map.of("XDG_CONFIG_HOME", data(), "XDG_DATA_HOME", "/x", "HOME", home())))
        .hasValue(temp.resolve("data/p2pchat"));
    assertThat(config(Map.of("XDG_CONFIG_HOME", "relative", "HOME", home()))).hasValue(inHome);
    assertThat(config(Map.of("XDG_DATA_HOME", data(), "HOME", home()))).hasValue(inHome);
    assertThat(UserDirectory.CONFIG.of(Map.of("APPDATA", data()), "Windows 11", home()))
        .hasValue(temp.resolve("data/p2pchat"));
  }

  private static Optional<Path> linux(Map<String, String> env) {
    return UserDirectory.DATA.of(env, "Linux", "/other");
  }

  private static Optional<Path> config(Map<String, String> env) {
    return UserDirectory.CONFIG.of(env, "Linux", "/other");
  }

  private String data() {
    return temp.resolve("data").toString();
  }

  private String home() {
    return temp.resolve("home").toString();
  }
}
