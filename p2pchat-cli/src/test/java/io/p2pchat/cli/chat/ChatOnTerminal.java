package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Ann's chat on a terminal, and others who write to her. */
abstract class ChatOnTerminal {
  private static final Pattern PORT = Pattern.compile("Listening on port (\\d+) as ");

  /** A chat that has just started on a busy machine may greet late; it is not an old program. */
  static final NodeSettings PATIENT =
      NodeSettings.builder().greetingTimeout(Duration.ofMinutes(1)).build();

  @TempDir Path directory;

  /** What the others have got. */
  final List<String> received = new CopyOnWriteArrayList<>();

  final List<PeerNode> others = new ArrayList<>();

  @BeforeAll
  static void needsTmux() {
    Tmux.assumeInstalled();
  }

  @AfterEach
  void close() {
    others.forEach(PeerNode::close);
  }

  Tmux start(String... options) {
    return startWith(List.of(), options);
  }

  Tmux startWith(List<String> variables, String... options) {
    List<String> args = new ArrayList<>(List.of("-t", "Ann", "-p", "0", "--bind", "127.0.0.1"));
    args.addAll(List.of(options));
    Tmux ann = Tmux.start(directory, variables, args.toArray(String[]::new));
    ann.awaitScreen(
        screen -> assertThat(screen).containsPattern("Ann( \\[\\d+ unread])?>$|\\[Y/n]$"));
    return ann;
  }

  /** A peer with a key of its own, which says hello to the chat. */
  PeerNode meet(Tmux chat, String team) {
    PeerNode other =
        PeerNode.builder()
            .teamName(team)
            .bindAddress("127.0.0.1")
            .settings(PATIENT)
            .security(Security.opportunistic().with(Trust.pinned(directory.resolve("of " + team))))
            .onMessage(message -> received.add(team + " got " + message.text()))
            .start();
    others.add(other);
    say(other, chat, "hello");
    chat.awaitScreen(
        screen ->
            assertThat(screen)
                .contains(":" + other.port() + " (" + team + "): hello")
                .endsWith(">"));
    return other;
  }

  static void say(PeerNode who, Tmux chat, String text) {
    who.send(at(chat), text).join();
  }

  /** Sends as a program of the plain format does. */
  static void plain(Tmux chat, int port, String team, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ownPort(chat))) {
      String line = "LISTENING_PORT:" + port + "|TEAM_NAME:" + team + "|" + text + "\n";
      socket.getOutputStream().write(line.getBytes(UTF_8));
    }
  }

  static PeerAddress at(Tmux chat) {
    return new PeerAddress("127.0.0.1", ownPort(chat));
  }

  /** The port of the chat. */
  static int ownPort(Tmux chat) {
    Matcher port = PORT.matcher(chat.all());
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  /** Reports the focus as a terminal does. */
  static void focus(Tmux chat, boolean here) {
    chat.keys("-H", "1b", "5b", here ? "49" : "4f");
  }

  static void quit(Tmux chat) {
    chat.enter("/quit");
    assertThat(chat.awaitExit()).isZero();
  }
}
