package io.p2pchat.internal.net.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.testing.netty.ManualLoop;
import io.p2pchat.testing.netty.MemoryChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionLineWriterTest {
  private static final InetSocketAddress END =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 7000);

  /** Copies what is written, as a channel over a socket does. */
  private static final class Copier extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ByteBuf bytes = (ByteBuf) message;
      ByteBuf copy = bytes.copy();
      bytes.release();
      context.write(copy, promise);
    }
  }

  /** A writer on a connection of the thread that makes it. */
  private static final class Bench {
    final ManualLoop loop = new ManualLoop();
    final MemoryChannel channel =
        new MemoryChannel(END, END, UnpooledByteBufAllocator.DEFAULT, true);
    final SendQueue queue =
        new SendQueue(
            new QueueLimits(1000, 1 << 20), new SendQueue.Spares(1 << 20), (future, bytes) -> {});
    final SessionLineWriter writer = new SessionLineWriter(channel, new NodeCounters());

    Bench() {
      channel.unsafe().register(loop, channel.newPromise());
      loop.runTasks();
      writer.attach(queue);
      writer.startLines(0, false);
    }

    void write(int bytes) {
      writeUnflushed(bytes);
      loop.runTasks();
    }

    SendQueue.Slice writeUnflushed(int bytes) {
      queue.offer(new byte[0], EncodedText.of("x".repeat(bytes)), new SendFuture());
      SendQueue.Slice lines = Objects.requireNonNull(writer.nextLines());
      writer.write(lines);
      return lines;
    }

    boolean hasDrained() {
      return writer.hasDrained();
    }
  }

  @Test
  void whatTheNetworkTakesAtOnceShowsNothing() {
    Bench bench = new Bench();
    assertThat(bench.hasDrained()).isFalse();
    bench.write(1000);
    assertThat(bench.hasDrained()).isFalse();
    bench.writer.send(new Ping("1"));
    bench.loop.runTasks();
    assertThat(bench.hasDrained()).isFalse();
  }

  @Test
  void whatIsNotFlushedYetShowsNothing() {
    Bench bench = new Bench();
    bench.writeUnflushed(1000);
    assertThat(bench.hasDrained()).isFalse();
    bench.loop.runTasks();
    assertThat(bench.hasDrained()).isFalse();
  }

  @Test
  void whatWaitsForTheNetworkShowsWhenItIsTaken() {
    Bench bench = new Bench();
    bench.channel.setStuck(true);
    bench.write(1000);
    assertThat(bench.hasDrained()).isFalse();
    bench.write(1000);
    assertThat(bench.hasDrained()).isFalse();
    bench.channel.setStuck(false);
    bench.loop.runTasks();
    bench.write(1000);
    assertThat(bench.hasDrained()).isTrue();
    bench.write(1000);
    assertThat(bench.hasDrained()).isFalse();
  }

  /** Writes enough lines to fill arrays, settles them, and returns whether one is used again. */
  private static boolean usesArraysAgain(Bench bench, boolean flushed) {
    bench.channel.config().setWriteBufferHighWaterMark(1 << 20);
    Set<byte[]> settled = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 400; i++) {
      settled.add(bench.writeUnflushed(1000).array());
    }
    if (flushed) {
      bench.loop.runTasks();
    }
    bench.queue.settle(399);
    boolean again = false;
    for (int i = 0; i < 400; i++) {
      byte[] array = bench.writeUnflushed(1000).array();
      again |= i > 200 && settled.contains(array);
    }
    return again;
  }

  @Test
  void arraysThatNettyHasCopiedAreUsedAgain() {
    Bench bench = new Bench();
    bench.channel.pipeline().addLast(new Copier());
    assertThat(usesArraysAgain(bench, false)).isTrue();
  }

  @Test
  void arraysThatWaitForTheFlushAreNotUsedAgain() {
    assertThat(usesArraysAgain(new Bench(), false)).isFalse();
  }

  @Test
  void arraysThatTheFlushHasTakenAreUsedAgain() {
    assertThat(usesArraysAgain(new Bench(), true)).isTrue();
  }

  @Test
  void arraysThatNettyHoldsAfterTheFlushAreNotUsedAgain() {
    Bench bench = new Bench();
    bench.channel.setStuck(true);
    assertThat(usesArraysAgain(bench, true)).isFalse();
  }
}
