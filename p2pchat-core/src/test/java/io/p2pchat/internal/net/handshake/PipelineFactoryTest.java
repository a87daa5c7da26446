package io.p2pchat.internal.net.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.p2pchat.NodeSettings;
import io.p2pchat.Security;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.security.NodeIdentity;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PipelineFactoryTest {
  private final CompletableFuture<TlsContexts> tls = new CompletableFuture<>();
  private final EmbeddedChannel first = new EmbeddedChannel();
  private final EmbeddedChannel second = new EmbeddedChannel();
  private final ConnectionTable connections = connections();
  private final PipelineFactory pipeline =
      new PipelineFactory(
          NodeSettings.DEFAULTS, connections, new TlsPolicy(Security.Policy.OPPORTUNISTIC, tls));

  private ConnectionTable connections() {
    EventDispatcher events =
        new EventDispatcher(List.of(), (event, e) -> {}, task -> {}, retry -> {}, 1024, 1024);
    return new ConnectionTable(
        NodeSettings.DEFAULTS, List.of(), events, first.eventLoop(), new NodeCounters());
  }

  private EmbeddedChannel accept() {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("10.0.0.1", 40_000);
          }
        };
    assertThat(connections.admit(channel)).isTrue();
    PlainListener plain =
        new PlainListener() {
          @Override
          public void received(Message message, ConnectionInfo connection) {}

          @Override
          public void violated(String description, ConnectionInfo connection) {}
        };
    Greeting greeting = new Greeting(1, Greeting.Tls.OFFERED, "g".repeat(26));
    channel.pipeline().addLast(pipeline.accepted(greeting, plain, SessionListener.DIALED));
    return channel;
  }

  /** Each buffer is a large one of the allocator, though it may hold a single byte. */
  @Test
  void connectionThatWaitsForTlsKeepsItsBytesButNotTheBuffersTheyCameIn() {
    EmbeddedChannel channel = accept();
    for (int i = 0; i < 16_645; i++) {
      ByteBuf single = Unpooled.wrappedBuffer(new byte[] {0x16});
      channel.pipeline().fireChannelRead(single);
      assertThat(i == 0 || single.refCnt() == 0).as("byte %d", i).isTrue();
    }
    assertThat(channel.isOpen()).isTrue();
    channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(new byte[] {0x16}));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void connectionsThatWaitForTlsGetItInTheirOrder() {
    List<String> order = new ArrayList<>();
    pipeline.whenTls(first, loaded -> order.add("first"));
    pipeline.whenTls(second, loaded -> order.add("second"));
    pipeline.whenTls(first, loaded -> order.add("third"));
    assertThat(second.config().isAutoRead()).isFalse();
    tls.complete(new TlsContexts(NodeIdentity.generate(), Runnable::run, NodeSettings.DEFAULTS));
    pipeline.whenTls(second, loaded -> order.add("fourth"));
    first.runPendingTasks();
    second.runPendingTasks();
    assertThat(order).containsExactly("first", "second", "third", "fourth");
    assertThat(second.config().isAutoRead()).isTrue();
  }

  @Test
  void connectionsThatWaitForTlsInVainAreClosed() {
    pipeline.whenTls(first, loaded -> {});
    pipeline.whenTls(second, loaded -> {});
    tls.completeExceptionally(new IllegalStateException("no TLS here"));
    first.runPendingTasks();
    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isFalse();
  }

  /** No handler sets {@code TCP_NODELAY}. */
  @Test
  void eachSocketWritesSmallLinesAtOnce() {
    NioSocketChannel channel = new NioSocketChannel();
    assertThat(channel.config().isTcpNoDelay()).isTrue();
    channel.unsafe().closeForcibly();
  }
}
