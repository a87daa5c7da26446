package io.p2pchat.internal.net.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.security.NodeIdentity;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineFactoryTest {
  private static final InetSocketAddress REMOTE = new InetSocketAddress("10.0.0.1", 40_000);

  private final List<EmbeddedChannel> dials = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
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

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel() {
      @Override
      protected SocketAddress remoteAddress0() {
        return REMOTE;
      }
    };
  }

  @AfterEach
  void close() {
    dials.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  /** Dials, and is greeted. */
  private EmbeddedChannel dial() {
    EmbeddedChannel channel = dial(REMOTE);
    String greeting = new Greeting(1, Greeting.Tls.OFFERED, "g".repeat(26)).format() + '\n';
    channel.writeInbound(Unpooled.copiedBuffer(greeting, StandardCharsets.UTF_8));
    channel.runScheduledPendingTasks();
    return channel;
  }

  private EmbeddedChannel dial(InetSocketAddress to) {
    EmbeddedChannel channel = channel();
    dials.add(channel);
    SessionDial.Outcome outcome =
        new SessionDial.Outcome() {
          @Override
          public boolean encrypts(Greeting greeting) {
            return true;
          }

          @Override
          public @Nullable Predicate<Fingerprint> wanted(Greeting greeting) {
            return null;
          }

          @Override
          public void greeted(SessionChannelHandler session, Greeting greeting) {}

          @Override
          public @Nullable PlainDial plain(boolean silent) {
            return null;
          }

          @Override
          public void cut(String reason) {
            ends.add("cut: " + reason);
          }

          @Override
          public void anotherKey(Greeting greeting, Fingerprint shown) {
            ends.add("another key: " + shown);
          }

          @Override
          public void failed(PeerNodeException reason) {
            ends.add("failed: " + reason.getMessage());
          }
        };
    SessionDial dial = new SessionDial(PeerAddress.of(to), to, Duration.ofSeconds(1), outcome);
    channel.pipeline().addLast(pipeline.dialed(dial, () -> {}));
    return channel;
  }

  /** Others that do not answer are before it. */
  private EmbeddedChannel dialThatWaits() {
    tls.complete(new TlsContexts(NodeIdentity.generate(), Runnable::run, NodeSettings.DEFAULTS));
    for (int i = 0; i < 2; i++) {
      assertThat(dial().pipeline().get(SslHandler.class)).isNotNull();
    }
    EmbeddedChannel waits = dial();
    assertThat(waits.pipeline().get(SslHandler.class)).isNull();
    assertThat(dialsBeside(REMOTE)).isZero();
    return waits;
  }

  private int dialsBeside(InetSocketAddress address) {
    EmbeddedChannel channel = channel();
    dials.add(channel);
    return pipeline.dialsBeside(connections.dialing(channel, address));
  }

  @Test
  void dialsOfOneHostHardlyCountForOthers() {
    InetSocketAddress other = new InetSocketAddress("10.0.0.2", 7000);
    for (int port = 1; port <= 256; port++) {
      dial(new InetSocketAddress(REMOTE.getAddress(), port));
    }
    dial(other);
    assertThat(dialsBeside(other)).isEqualTo(1 + 4);
    assertThat(dialsBeside(REMOTE)).isEqualTo(256 + 1);
    dials.forEach(EmbeddedChannel::close);
    assertThat(dialsBeside(REMOTE)).isZero();
    assertThat(dialsBeside(other)).isZero();
  }

  @Test
  void dialsOfManyHostsAllCount() {
    for (int host = 1; host <= 60; host++) {
      dial(new InetSocketAddress("10.0.1." + host, 7000));
    }
    assertThat(dialsBeside(new InetSocketAddress("10.0.1.60", 7000))).isEqualTo(60);
  }

  @Test
  void dialThatWaitsForItsTurnInTlsHoldsNoMoreThanAGreeting() {
    EmbeddedChannel channel = dialThatWaits();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[512]));
    assertThat(channel.isOpen()).isTrue();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
    assertThat(channel.isOpen()).isFalse();
    assertThat(ends).containsExactly("cut: the connection ended before the TLS handshake");
  }

  @Test
  void dialThatWaitsForItsTurnInTlsLearnsThatThePeerHasClosed() {
    EmbeddedChannel channel = dialThatWaits();
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(channel.isOpen()).isFalse();
    assertThat(ends).containsExactly("cut: the connection ended before the TLS handshake");
  }

  private EmbeddedChannel accept() {
    EmbeddedChannel channel = channel();
    assertThat(connections.admit(channel)).isTrue();
    PlainListener plain =
        new PlainListener() {
          @Override
          public void received(Message message, ConnectionInfo connection) {}

          @Override
          public void violated(String description, ConnectionInfo connection) {}

          @Override
          public void unencrypted(ConnectionInfo connection) {}
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
