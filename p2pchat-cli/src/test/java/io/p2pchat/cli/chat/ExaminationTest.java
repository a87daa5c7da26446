package io.p2pchat.cli.chat;

import static io.p2pchat.testing.Eventually.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /doctor} on a terminal. */
class ExaminationTest {
  @TempDir private Path temp;
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  private List<String> findings(Optional<String> peer) {
    asked.add(peer.orElse("the network"));
    await(mayEnd);
    return List.of("found:" + peer.orElse("network") + "\u001b[2J");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneExaminationRunsAtATimeAndItsLinesAreEscaped() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (PipedInputStream typed = new PipedInputStream();
        PrintStream keyboard = new PrintStream(new PipedOutputStream(typed), true, UTF_8);
        ChatView chat = ChatView.openOn(typed, shown, temp);
        PeerNode node =
            PeerNode.builder()
                .teamName("Ann")
                .bindAddress("127.0.0.1")
                .security(Security.plaintext())
                .listener(event -> {})
                .start()) {
      CompletableFuture<Void> user =
          CompletableFuture.runAsync(() -> type(keyboard, shown), task -> new Thread(task).start())
              // The end of the input ends the chat.
              .whenComplete((done, failure) -> end(keyboard));
      chat.run(
          node,
          new TrustNotices(Optional.empty()),
          (peer, key) -> findings(peer),
          Optional.empty());
      result(user);
    }
    assertThat(shown.toString(UTF_8)).contains("found:network\\u001b[2J");
  }

  private void take(String wanted) {
    try {
      assertThat(asked.poll(60, TimeUnit.SECONDS)).isEqualTo(wanted);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void end(PrintStream keyboard) {
    keyboard.close();
  }

  private void type(PrintStream keyboard, ByteArrayOutputStream shown) {
    keyboard.print("/doctor\r");
    take("the network");
    keyboard.print("/doctor\r");
    awaitText(shown, "still running");
    mayEnd.countDown();
    awaitText(shown, "found:network");
    keyboard.print("/doctor 127.0.0.1:9\r");
    take("127.0.0.1:9");
    awaitText(shown, "found:127.0.0.1:9");
    keyboard.print("/doctor Nobody I know\r");
    take("Nobody I know");
    keyboard.print("/quit\r");
  }

  private static void awaitText(ByteArrayOutputStream shown, String text) {
    Eventually.until(
        "it shows: " + text + " in " + shown, () -> shown.toString(UTF_8).contains(text));
  }
}
