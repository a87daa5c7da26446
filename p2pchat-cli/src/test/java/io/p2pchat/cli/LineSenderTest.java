package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.TrustNotices;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LineSenderTest {
  private final List<CompletableFuture<Delivery>> sends = new ArrayList<>();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final LineOutput err = new LineOutput(errors);
  private final SendTarget to = SendTarget.at(PeerAddress.parse("10.0.0.1:7001"));
  private final LineSender sender =
      new LineSender(
          node(), to, new PeerWait(0, to, err), false, err, new TrustNotices(Optional.empty()));

  /** A node whose sends end when the test says so. */
  private PeerNode node() {
    return (PeerNode)
        Proxy.newProxyInstance(
            PeerNode.class.getClassLoader(),
            new Class<?>[] {PeerNode.class},
            (proxy, method, args) -> {
              assertThat(method.getName()).isEqualTo("send");
              CompletableFuture<Delivery> sent = new CompletableFuture<>();
              sends.add(sent);
              return sent;
            });
  }

  private boolean send(String lines) throws IOException {
    return sender.sendAll(new BufferedReader(new StringReader(lines)));
  }

  @Test
  void theTotalsOfAnInterruptedInputAddUp() throws IOException {
    assertThat(send("one\ntwo\nthree\nfour\n")).isFalse();
    sends.get(0).complete(Delivery.ACKNOWLEDGED);
    assertThat(sender.summary()).containsExactly("0 of 4 messages delivered to 10.0.0.1:7001.");
    assertThat(sender.open()).isEqualTo(4);
    sends.get(1).completeExceptionally(new NodeClosedException("closed", null));
    assertThat(errors.toString(UTF_8)).doesNotContain("Line 2");
    assertThat(sender.open()).isEqualTo(4);
    assertThat(send("five\n")).isFalse();
    assertThat(sends).hasSize(4);
  }
}
