package io.p2pchat.internal.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.security.NodeIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsCloseTest {
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final TlsContexts tls =
      new TlsContexts(NodeIdentity.generate(), thread::add, NodeSettings.DEFAULTS);
  private final FullSocket socket = new FullSocket();
  private final EmbeddedChannel accepted = new Remote(socket);
  private final SlowSocket dialedSocket = new SlowSocket();
  private final EmbeddedChannel dialed = new Remote(dialedSocket);
  private final Held held = new Held();
  private final List<String> failures = new ArrayList<>();
  private volatile @Nullable Thread computing;
  private int secured;

  /** Asked what is permitted, while an answer to the peer is computed; answers when it may. */
  private final class Held implements AlgorithmConstraints {
    final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    void end() {
      over.countDown();
    }

    boolean isOver() {
      return over.getCount() == 0;
    }

    private boolean answer() {
      if (Thread.currentThread() != computing) {
        return true;
      }
      begun.countDown();
      try {
        if (!over.await(30, TimeUnit.SECONDS)) {
          // Somebody waits: the test is to fail, and not to stand still.
          end();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    }

    @Override
    public boolean permits(
        Set<CryptoPrimitive> primitives,
        @Nullable String algorithm,
        @Nullable AlgorithmParameters parameters) {
      return answer();
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
      return answer();
    }

    @Override
    public boolean permits(
        Set<CryptoPrimitive> primitives,
        @Nullable String algorithm,
        Key key,
        @Nullable AlgorithmParameters parameters) {
      return answer();
    }
  }

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

  /** Does not tell what becomes of the first write. */
  private static final class SlowSocket extends ChannelOutboundHandlerAdapter {
    private @Nullable ChannelPromise first;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (first == null) {
        first = promise;
        ctx.write(message);
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
    tls.accepting(
        accepted,
        handlers -> begin(accepted, handlers),
        () -> {
          throw new AssertionError("refused");
        });
    accepted.runScheduledPendingTasks();
    tls.dialing(dialed, null, handlers -> begin(dialed, handlers));
    dialed.runScheduledPendingTasks();
  }

  private void begin(EmbeddedChannel channel, TlsHandlers end) {
    SSLEngine engine = end.handler().engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setAlgorithmConstraints(held);
    engine.setSSLParameters(parameters);
    channel
        .pipeline()
        .addLast(
            TlsClose.beforeTls(end),
            end.handler(),
            TlsClose.afterTls(end),
            new TlsHandshakeHandler(
                end.timeout(), peer -> secured++, (cut, reason, another) -> failures.add(reason)));
  }

  @AfterEach
  void close() throws InterruptedException {
    held.end();
    if (computing != null) {
      computing.join();
    }
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

  /** What is computed is held up in the midst, so whoever uses the engine now waits for it. */
  private void hold() throws InterruptedException {
    assertThat(carry(dialed, accepted)).isTrue();
    holdNext();
  }

  private void holdNext() throws InterruptedException {
    computing = new Thread(thread.remove());
    computing.start();
    assertThat(held.begun.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Nobody has waited for it. */
  private void assertStillHeld(EmbeddedChannel channel) {
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(held.isOver()).isFalse();
    assertThat(failures).hasSize(1);
  }

  @Test
  void handshakeThatIsComputedHoldsUpNoEventLoopWhenThePeerCloses() throws InterruptedException {
    hold();
    accepted.pipeline().firstContext().close();
    assertStillHeld(accepted);
    assertThat(failures).containsExactly("the connection ended during the TLS handshake");
  }

  @Test
  void handshakeThatIsComputedHoldsUpNoEventLoopWhenTheNodeCloses() throws InterruptedException {
    hold();
    accepted.pipeline().close();
    assertStillHeld(accepted);
  }

  @Test
  void handshakeThatIsComputedHoldsUpNoEventLoopWhenItTakesTooLong() throws InterruptedException {
    hold();
    for (int i = 0; i < 20; i++) {
      accepted.advanceTimeBy(HANDSHAKE.toMillis() / 20, TimeUnit.MILLISECONDS);
      accepted.runScheduledPendingTasks();
    }
    assertStillHeld(accepted);
    assertThat(failures).containsExactly("the TLS handshake took too long");
  }

  @Test
  void handshakeThatIsComputedHoldsUpNoEventLoopWhenAWriteFails() throws InterruptedException {
    carry(dialed, accepted);
    thread.remove().run();
    accepted.runPendingTasks();
    while (thread.isEmpty()) {
      assertThat(carry(accepted, dialed)).isTrue();
    }
    holdNext();
    Objects.requireNonNull(dialedSocket.first).setFailure(new ClosedChannelException());
    assertStillHeld(dialed);
  }

  /** Otherwise a first contact would not be tried again. */
  @Test
  void writeThatFailsDuringTheHandshakeIsTheEndOfTheConnection() {
    Objects.requireNonNull(dialedSocket.first).setFailure(new IOException("Broken pipe"));
    dialed.runPendingTasks();
    assertThat(dialed.isOpen()).isFalse();
    assertThat(failures).containsExactly("the connection ended during the TLS handshake");
  }

  @Test
  void nothingComesOfAHandshakeThatIsComputedToItsEndLater() throws InterruptedException {
    hold();
    accepted.pipeline().firstContext().close();
    assertStillHeld(accepted);
    held.end();
    Objects.requireNonNull(computing).join();
    accepted.runPendingTasks();
    accepted.checkException();
    assertThat(thread).isEmpty();
    assertThat(failures).hasSize(1);
    assertThat(secured).isZero();
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
