package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EchoBotTest {
  private final List<MessageReceived> messages = new CopyOnWriteArrayList<>();
  private final List<PeerLeft> departures = new CopyOnWriteArrayList<>();
  private PeerNode node;
  private Program bot;
  private PeerAddress botAddress;

  @BeforeEach
  void start() throws IOException {
    bot = Program.startExample(EchoBot.class);
    botAddress = new PeerAddress("127.0.0.1", port(bot));
    node =
        PeerNode.builder()
            .teamName("One")
            .bindAddress("127.0.0.1")
            // A program that has just started on a busy machine may greet late.
            .settings(NodeSettings.builder().greetingTimeout(Duration.ofMinutes(1)).build())
            .onMessage(messages::add)
            .onPeerLeft(departures::add)
            .start();
  }

  @AfterEach
  void stop() {
    node.close();
    bot.close();
  }

  @Test
  void sendsAMessageBackToItsSender() throws Exception {
    node.send(botAddress, "hello").join();

    await().until(() -> messages.size() == 1);
    assertThat(messages.get(0).text()).isEqualTo("hello");
    assertThat(messages.get(0).peer().teamName()).isEqualTo("EchoBot");
    assertThat(messages.get(0).peer().address()).isEqualTo(botAddress);
    assertThat(bot.nextLine()).isEqualTo("Answered One at 127.0.0.1:" + node.port());
  }

  @Test
  void doesNotAnswerARawMessage() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), botAddress.port())) {
      socket.getOutputStream().write("no header\n".getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).as("the bot has read and closed").isNegative();
    }
    node.send(botAddress, "with a header").join();

    assertThat(bot.nextLine()).isEqualTo("Answered One at 127.0.0.1:" + node.port());
  }

  @Test
  void saysExitAtTheEndOfItsInput() throws Exception {
    node.connect(botAddress).join();
    bot.endInput();

    assertThat(bot.exitStatus()).isZero();
    assertThatTheBotHasLeft();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process is not asked there, but ended")
  void saysExitWhenItIsStopped() throws Exception {
    node.connect(botAddress).join();
    bot.stop();

    assertThat(bot.exitStatus()).as("ended by SIGTERM").isEqualTo(128 + 15);
    assertThatTheBotHasLeft();
  }

  private void assertThatTheBotHasLeft() {
    await().until(() -> departures.size() == 1);
    assertThat(departures.get(0).reason()).isEqualTo(PeerLeft.Reason.SAID_EXIT);
    assertThat(node.activePeers()).isEmpty();
  }

  /** The port that a bot says it listens on. */
  static int port(Program bot) throws IOException {
    String line = Objects.requireNonNull(bot.nextLine(), "the bot has ended");
    int port = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    assertThat(List.of(line)).isEqualTo(SourceFile.of(EchoBot.class).expected(port));
    return port;
  }
}
