package io.p2pchat.internal.net.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.protocol.Message;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainSendHandlerTest {
  private static final PlainListener DEAF =
      new PlainListener() {
        @Override
        public void received(Message message, ConnectionInfo connection) {}

        @Override
        public void violated(String description, ConnectionInfo connection) {}

        @Override
        public void unencrypted(ConnectionInfo connection) {}
      };

  @Test
  void aWithdrawnMessageIsNotWritten() {
    List<@Nullable PeerNodeException> outcomes = new ArrayList<>();
    PlainDial dial =
        new PlainDial(
            new PeerAddress("127.0.0.1", 1),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            () -> {
              throw new AssertionError("the line is not needed");
            },
            DEAF,
            () -> false,
            outcomes::add);
    EmbeddedChannel channel =
        new EmbeddedChannel(new PlainSendHandler(dial, Duration.ofSeconds(1)));
    assertThat(channel.<Object>readOutbound()).isNull();
    assertThat(channel.isOpen()).isFalse();
    assertThat(outcomes).hasSize(1);
  }
}
