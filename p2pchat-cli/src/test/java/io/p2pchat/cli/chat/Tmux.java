package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.cli.PackagedCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Assumptions;

/** The real program on a pseudo-terminal, which tmux draws and types on. */
final class Tmux implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ENDED = Pattern.compile("ended with (\\d+)$");
  private static final AtomicInteger SERVERS = new AtomicInteger();

  /** Says how the command ended: tmux itself now and then does not learn it. */
  private static final List<String> TELL_STATUS =
      List.of("sh", "-c", "trap : INT; \"$@\"; echo \"ended with $?\"; exec cat", "sh");

  private final String server =
      "p2pchat-test-" + ProcessHandle.current().pid() + "-" + SERVERS.incrementAndGet();
  private final Path bytes;

  private Tmux(Path directory) {
    this.bytes = directory.resolve(server + ".bytes");
  }

  /** Skips the test, and says so, where there is no tmux. */
  static void assumeInstalled() {
    boolean installed = false;
    try {
      installed = new ProcessBuilder("tmux", "-V").start().waitFor() == 0;
    } catch (IOException e) {
      System.err.println("SKIPPED: no tmux here, so nothing is tested on a terminal: " + e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Assumptions.assumeTrue(installed, "tmux is not installed");
  }

  /**
   * Starts the chat.
   *
   * @param directory a new one, where the user's data are
   * @param variables such as {@code TERM=dumb}
   */
  static Tmux start(Path directory, List<String> variables, String... args) {
    return startOn(List.of(), directory, variables, args);
  }

  /**
   * Starts the chat on another host.
   *
   * @param host what runs a command there
   */
  static Tmux startOn(List<String> host, Path directory, List<String> variables, String... args) {
    List<String> command = new ArrayList<>(host);
    command.addAll(List.of("env", "XDG_DATA_HOME=" + directory));
    command.add("XDG_CONFIG_HOME=" + directory.resolve("config"));
    command.addAll(variables);
    command.addAll(PackagedCli.command());
    command.addAll(List.of(args));
    return run(directory, command);
  }

  /** Starts a shell in which {@code chat} is the program. */
  static Tmux startShell(Path directory) throws IOException {
    Path script = directory.resolve("chat");
    String program = "'" + String.join("' '", PackagedCli.command()) + "'";
    Files.writeString(script, "#!/bin/sh\nexec " + program + " \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return run(
        directory,
        List.of(
            "env",
            "XDG_DATA_HOME=" + directory,
            "PATH=" + directory + ":" + System.getenv("PATH"),
            "PS1=shell$ ",
            "bash",
            "--norc",
            "--noprofile"));
  }

  private static Tmux run(Path directory, List<String> command) {
    Tmux tmux = new Tmux(directory);
    List<String> start = new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d"));
    start.addAll(List.of("-x", "100", "-y", "40", "cat"));
    tmux.command(start.toArray(String[]::new));
    tmux.command("set-option", "-g", "history-limit", "10000");
    tmux.command("pipe-pane", "cat > '" + tmux.bytes + "'");
    List<String> respawn = new ArrayList<>(List.of("respawn-pane", "-k"));
    respawn.addAll(TELL_STATUS);
    respawn.addAll(command);
    tmux.command(respawn.toArray(String[]::new));
    return tmux;
  }

  /** Types keys, by their tmux names where they have one. */
  void keys(String... keys) {
    List<String> all = new ArrayList<>(List.of("send-keys"));
    all.addAll(List.of(keys));
    command(all.toArray(String[]::new));
  }

  /** Types text as it is. */
  void type(String text) {
    command("send-keys", "-l", text);
  }

  /** Types a line. */
  void enter(String line) {
    type(line);
    keys("Enter");
  }

  /** Pastes as a terminal does that tells programs of it. */
  void paste(String text) {
    command("set-buffer", text);
    command("paste-buffer", "-p");
  }

  void resize(int columns, int rows) {
    command("resize-window", "-x", String.valueOf(columns), "-y", String.valueOf(rows));
  }

  /** What is on the screen, without blank ends of lines. */
  String screen() {
    return command("capture-pane", "-p").stripTrailing();
  }

  /** All that was ever shown, lines that were too long for the terminal joined again. */
  String all() {
    return command("capture-pane", "-p", "-J", "-S", "-");
  }

  /** The bytes that the program has written to the terminal. */
  String written() {
    try {
      return Files.exists(bytes) ? Files.readString(bytes, UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A variable of tmux's formats. */
  String variable(String name) {
    return command("display-message", "-p", "#{" + name + "}").strip();
  }

  /** Waits until what is on the screen satisfies {@code check}. */
  void awaitScreen(ThrowingConsumer<String> check) {
    await().atMost(PATIENCE).untilAsserted(() -> check.accept(screen()));
  }

  /** Waits until the last line on the screen ends like that. */
  void awaitPrompt(String end) {
    awaitScreen(screen -> assertThat(screen).endsWith(end));
  }

  /** Waits until the program asks for the team. */
  void awaitTeamQuestion() {
    awaitScreen(screen -> assertThat(screen).containsPattern("Team name( \\(Enter for .+\\))?:$"));
  }

  /** Waits until the program has ended and returns its status. */
  int awaitExit() {
    awaitScreen(screen -> assertThat(screen).containsPattern(ENDED));
    Matcher ended = ENDED.matcher(screen());
    assertThat(ended.find()).isTrue();
    return Integer.parseInt(ended.group(1));
  }

  private String command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("tmux", "-L", server));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().remove("NO_COLOR");
    PackagedCli.setUp(builder.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the program, and returns when it has ended: it writes to its directory until then. */
  @Override
  public void close() {
    List<ProcessHandle> processes =
        ProcessHandle.of(Long.parseLong(variable("pane_pid"))).stream()
            .flatMap(shell -> Stream.concat(Stream.of(shell), shell.descendants()))
            .toList();
    command("kill-server");
    for (ProcessHandle process : processes) {
      assertThat(process.onExit()).succeedsWithin(PATIENCE);
    }
  }
}
