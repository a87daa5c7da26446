package io.p2pchat.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2pchat.internal.trust.NodeIdentity;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsCloseTest {
  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final Tls tls = new Tls(NodeIdentity.generate(), thread::add, Duration.ofSeconds(10));
  private final FullSocket socket = new FullSocket();
  private final EmbeddedChannel accepted = new Remote(socket);
  private final EmbeddedChannel dialed = new Remote();
  private int secured;

  /** Takes nothing more from when it is full. */
  private static final class FullSocket extends ChannelOutboundHandlerAdapter {
    private boolean full;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (full) {
        ((ByteBuf) message).release();
      } else {
        ctx.write(message, promise);
      }
    }
  }

  private static final class Remote extends EmbeddedChannel {
    Remote(ChannelOutboundHandlerAdapter... handlers) {
      super(handlers);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress("127.0.0.2", 1);
    }
  }

  @BeforeEach
  void begin() {
    accepted.freezeTime();
    TlsContact.begin(
        accepted, Objects.requireNonNull(tls.accepting(accepted)), peer -> secured++, why -> {});
    TlsContact.begin(dialed, tls.dialing(dialed), peer -> secured++, why -> {});
  }

  @AfterEach
  void close() {
    accepted.finishAndReleaseAll();
    dialed.finishAndReleaseAll();
  }

  private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
    ByteBuf bytes = from.readOutbound();
    if (bytes != null) {
      to.writeInbound(bytes);
    }
    return bytes != null;
  }

  private void shakeHands() {
    boolean more = true;
    while (more) {
      more = carry(dialed, accepted);
      more |= carry(accepted, dialed);
      for (Runnable task = thread.poll(); task != null; task = thread.poll()) {
        task.run();
        more = true;
      }
      accepted.runPendingTasks();
      dialed.runPendingTasks();
    }
    assertThat(secured).isEqualTo(2);
  }

  @Test
  void handshakeThatWaitsToBeComputedHoldsUpNoClose() {
    assertThat(carry(dialed, accepted)).isTrue();
    assertThat(thread).isNotEmpty();
    accepted.pipeline().close();
    assertThat(accepted.isOpen()).isFalse();
  }

  @Test
  void connectionSaysFarewell() {
    shakeHands();
    accepted.pipeline().close();
    assertThat(accepted.isOpen()).isFalse();
    assertThat(carry(accepted, dialed)).isTrue();
  }

  @Test
  void farewellThatCannotBeWrittenIsNotWaitedForLong() {
    shakeHands();
    socket.full = true;
    accepted.pipeline().close();
    assertThat(accepted.isOpen()).isTrue();
    accepted.advanceTimeBy(500, TimeUnit.MILLISECONDS);
    accepted.runScheduledPendingTasks();
    assertThat(accepted.isOpen()).isFalse();
  }
}
