package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.config.UserDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options that come from the environment and the configuration file. */
class ConfigurationIT {
  @TempDir private Path home;

  @Test
  void theMenuDoesNotAskWhatTheFileSays() throws IOException {
    write("team=Zoë\nport=0\n");
    try (CliProcess chat = start(Map.of())) {
      chat.endInput();
      assertThat(chat.awaitExit()).isZero();
      assertThat(chat.out.awaitAll()).first().asString().matches("Listening on port \\d+ as Zoë.");
    }
  }

  @Test
  void theMenuDoesNotAskWhatTheEnvironmentSays() throws IOException {
    try (CliProcess chat = start(Map.of("P2PCHAT_TEAM", "Ann", "P2PCHAT_PORT", "0"))) {
      chat.endInput();
      assertThat(chat.awaitExit()).isZero();
      assertThat(chat.out.awaitAll()).first().asString().matches("Listening on port \\d+ as Ann.");
    }
  }

  @Test
  void theMenuAsksForTheRest() throws IOException {
    write("team=Ann\n");
    try (CliProcess chat = start(Map.of())) {
      chat.endInput();
      assertThat(chat.awaitExit()).isZero();
      assertThat(chat.out.awaitAll()).containsExactly("Port to listen on:");
    }
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    write("team=File\nport=70000\nlisten.json=true\nlisten.count=many\n");
    Map<String, String> env =
        Map.of("P2PCHAT_TEAM", "Env", "P2PCHAT_LISTEN_COUNT", "1", "P2PCHAT_LISTEN_PORT", "0");
    try (CliProcess listen = start(env, "listen", "-t", "X", "--no-json")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = start(env, "send", "-p", "0", "127.0.0.1:" + port, "hello")) {
        assertThat(send.awaitExit()).isZero();
      }
      assertThat(listen.awaitExit()).isZero();
      assertThat(listen.err.toString()).containsPattern("Listening on port \\d+ as X");
      assertThat(listen.out.awaitAll()).singleElement().asString().endsWith(" (Env): hello");
    }
  }

  @Test
  void discoveryIsConfiguredToo() throws IOException {
    write("discovery=true\npeer=127.0.0.1:1, 127.0.0.1:70000\n");
    refuses(
        Map.of("P2PCHAT_DISCOVERY", "off"),
        "Invalid value for option '--discovery': \"off\"; accepted are true and false",
        "Option '--discovery' comes from P2PCHAT_DISCOVERY",
        "Try 'p2pchat --help'.");
    refuses(
        Map.of("P2PCHAT_DISCOVERY", "false"),
        "Invalid value for option '--peer': not a port: 70000; accepted are 1 to 65535",
        "Option '--peer' comes from " + file() + ", line 2",
        "Try 'p2pchat --help'.");
    write("discovery=false\ndns=chat.invalid\n");
    try (CliProcess send = start(Map.of(), "send", "bob", "hello")) {
      assertThat(send.awaitExit()).isEqualTo(1);
      send.err.take("Nobody named \"bob\" is known, and discovery is off.");
    }
  }

  @Test
  void aFlagOfASubcommandCountsForIt() throws IOException {
    write("listen.json=true\nlisten.count=1\n");
    try (CliProcess listen = start(Map.of(), "listen")) {
      int port = listen.awaitPort(listen.err);
      try (CliProcess send = start(Map.of(), "send", "127.0.0.1:" + port, "hello")) {
        assertThat(send.awaitExit()).isZero();
      }
      assertThat(listen.awaitExit()).isZero();
      listen.out.take("\"text\":\"hello\"");
    }
  }

  @Test
  void aWrongFileIsNamedWithTheLine() throws IOException {
    write("# mine\nteem=Ann\n");
    refuses(
        Map.of(),
        file() + ", line 2: unknown option \"teem\"; did you mean \"team\"?",
        "Try 'p2pchat --help'.");
  }

  @Test
  void anUnknownVariableIsNamed() {
    refuses(
        Map.of("P2PCHAT_TEEM", "Ann", "P2PCHAT_PORT", "0"),
        "Unknown variable P2PCHAT_TEEM; did you mean P2PCHAT_TEAM?",
        "Try 'p2pchat --help'.");
  }

  @Test
  void aTildeInTheFileIsTheHomeDirectory() throws IOException {
    write("data-dir = ~/keys of Ann\n");
    try (CliProcess identity = start(Map.of("HOME", home.toString()), "identity")) {
      assertThat(identity.awaitExit()).isZero();
      assertThat(home.resolve("keys of Ann")).isDirectory();
    }
    write("data-dir = ~bob/keys\nteam=Ann\nport=0\n");
    refuses(
        Map.of("HOME", home.toString()),
        "Invalid value for option '--data-dir': \"~bob/keys\"; only ~/ is supported, for your"
            + " own home directory",
        "Option '--data-dir' comes from " + file() + ", line 1",
        "Try 'p2pchat --help'.");
  }

  @Test
  void noErrorNamesATypeOfJava() throws IOException {
    write("data-dir = a\\u0000b\ncolor=some\nport=99999999999\nteam=Ann\n");
    refuses(
        Map.of(),
        "Invalid value for option '--port': 99999999999; accepted are numbers up to 2147483647",
        "Option '--port' comes from " + file() + ", line 3",
        "Try 'p2pchat --help'.");
    refuses(
        Map.of("P2PCHAT_PORT", "0"),
        "Invalid value for option '--data-dir': \"a\\u0000b\" cannot be the name of a file",
        "Option '--data-dir' comes from " + file() + ", line 1",
        "Try 'p2pchat --help'.");
    refuses(
        Map.of("P2PCHAT_PORT", "0", "P2PCHAT_DATA_DIR", "a"),
        "Invalid value for option '--color': \"some\"; accepted are auto, always, never",
        "Option '--color' comes from " + file() + ", line 2",
        "Try 'p2pchat --help'.");
    write("color=NEVER\nnotify=Ring\nport=0\nteam=Ann\n");
    refuses(
        Map.of(),
        "Invalid value for option '--notify': \"Ring\"; accepted are bell, osc, off",
        "Option '--notify' comes from " + file() + ", line 2",
        "Try 'p2pchat --help'.");
  }

  @Test
  void aWrongValueIsNamedWithItsOptionAndWhereItComesFrom() throws IOException {
    write("port=many\nteam=a|b\nstrict=true\n");
    refuses(
        Map.of(),
        "Invalid value for option '--port': \"many\"; accepted are whole numbers",
        "Option '--port' comes from " + file() + ", line 1",
        "Try 'p2pchat --help'.");
    refuses(
        Map.of("P2PCHAT_PORT", "70000", "P2PCHAT_TEAM", "Ann"),
        "Invalid value for option '--port': not a port: 70000;"
            + " accepted are 1 to 65535, or 0 for any free one",
        "Option '--port' comes from P2PCHAT_PORT",
        "Try 'p2pchat --help'.");
    refuses(
        Map.of("P2PCHAT_PORT", "0", "P2PCHAT_TEAM", "Ann", "P2PCHAT_SECURITY", "plaintext"),
        "Option '--strict' needs keys, and there are none with '--security plaintext'",
        "Option '--strict' comes from " + file() + ", line 3",
        "Option '--security' comes from P2PCHAT_SECURITY",
        "Try 'p2pchat --help'.");
  }

  @Test
  void helpIsHadWithAWrongFileToo() throws IOException {
    write("nonsense\n");
    prints("config.properties", "--help");
    prints("p2pchat ", "--version");
    prints("--timeout", "listen", "--help");
    prints("_complete_p2pchat", "generate-completion");
  }

  private void prints(String text, String... args) {
    try (CliProcess process = start(Map.of(), args)) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.out.toString()).contains(text);
      assertThat(process.err.awaitAll()).isEmpty();
    }
  }

  private void refuses(Map<String, String> env, String... lines) {
    try (CliProcess process = start(env)) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.out.awaitAll()).isEmpty();
      assertThat(process.err.awaitAll()).containsExactly(lines);
    }
  }

  private CliProcess start(Map<String, String> env, String... args) {
    return CliProcess.startWith(env, home, args);
  }

  private Path file() {
    Map<String, String> env =
        Map.of("XDG_CONFIG_HOME", home.resolve("config").toString(), "APPDATA", home.toString());
    return UserDirectory.CONFIG
        .of(env, System.getProperty("os.name"), "")
        .orElseThrow()
        .resolve("config.properties");
  }

  private void write(String text) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);
  }
}
