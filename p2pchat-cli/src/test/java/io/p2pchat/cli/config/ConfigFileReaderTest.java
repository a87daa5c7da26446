package io.p2pchat.cli.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2pchat.cli.config.ConfigFileReader.Entry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileReaderTest {
  @TempDir private Path temp;
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = temp.resolve("config.properties");
  }

  @Test
  void oneThatIsNotThereIsEmpty() throws IOException {
    assertThat(ConfigFileReader.read(file)).isEmpty();
    assertThat(ConfigFileReader.read(Files.createFile(file).resolve("p2pchat/config.properties")))
        .isEmpty();
    assertThat(ConfigFileReader.read(file)).isEmpty();
  }

  @Test
  void eachKeyHasItsValueAndItsPlace() throws IOException {
    assertThat(read("# mine\nteam=Ann\r\n\n ! and\n  port : 7001 \nlisten.json true\nbind"))
        .isEqualTo(
            Map.of(
                "team", entry("Ann", 2),
                "port", entry("7001", 5),
                "listen.json", entry("true", 6),
                "bind", entry("", 7)));
  }

  @Test
  void aValueGoesOnAfterABackslashAtTheEndOfALine() throws IOException {
    assertThat(read("allow=10.0.0.0/8,\\\n    ::1\n# no comment goes on \\\nteam=A\\\\\nport=1\\"))
        .isEqualTo(
            Map.of(
                "allow", entry("10.0.0.0/8,::1", 1),
                "team", entry("A\\", 4),
                "port", entry("1", 5)));
  }

  @Test
  void itIsUtf8AndMayBeginWithAByteOrderMark() throws IOException {
    assertThat(read("\uFEFFteam=Zoë 🙂\nbind=\\u00eb")).containsEntry("team", entry("Zoë 🙂", 1));
    assertThat(read("bind=\\u00EB")).containsEntry("bind", entry("ë", 1));
  }

  @Test
  void whatIsNotUtf8IsRefusedWithItsLine() throws IOException {
    refuses("team=Ann\nbind=ë\n", ISO_8859_1, file + ", line 2: this is not UTF-8");
    refuses("\n\n\u00eb", ISO_8859_1, file + ", line 3: this is not UTF-8");
  }

  @Test
  void anEscapeThatMeansNothingIsRefused() throws IOException {
    String advice = "; a backslash itself is written \\\\";
    refuses("\ndata-dir=C:\\Users\n", UTF_8, file + ", line 2: malformed escape \"\\U\"" + advice);
    refuses("a=C:\\users", UTF_8, file + ", line 1: malformed escape \"\\users\"" + advice);
    refuses("a=\\u00", UTF_8, file + ", line 1: malformed escape \"\\u00\"" + advice);
    refuses("a=b\\\n\\x", UTF_8, file + ", line 1: malformed escape \"\\x\"" + advice);
    assertThat(read("data-dir=C:\\\\Users")).containsEntry("data-dir", entry("C:\\Users", 1));
  }

  @Test
  void aKeyIsNotGivenTwice() throws IOException {
    refuses(
        "team=Ann\n\nteam=Bob",
        UTF_8,
        file + ", line 3: \"team\" is given already: " + file + ", line 1");
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> ConfigFileReader.read(file))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(file + " cannot be read: ");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permission")
  void whatMayNotBeReadIsNamed() throws IOException {
    Path directory = Files.createDirectory(temp.resolve("closed"));
    assumeTrue(
        directory.toFile().setExecutable(false) && !Files.isExecutable(directory),
        "the superuser may read everything");
    assertThatThrownBy(() -> ConfigFileReader.read(directory.resolve("file")))
        .hasMessage(directory.resolve("file") + " cannot be read: permission denied");
  }

  private Map<String, Entry> read(String text) throws IOException {
    return ConfigFileReader.read(Files.writeString(file, text));
  }

  private void refuses(String text, Charset charset, String message) throws IOException {
    Files.writeString(file, text, charset);
    assertThatThrownBy(() -> ConfigFileReader.read(file))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  private Entry entry(String value, int line) {
    return new Entry(value, file + ", line " + line);
  }
}
