package io.p2pchat.internal.net.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
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
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionLineWriterTest {
  private static final InetSocketAddress END =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 7000);

  /** A writer on a connection of the thread that makes it. */
  private static final class Bench {
    final ManualLoop loop = new ManualLoop();
    final MemoryChannel channel =
        new MemoryChannel(END, END, UnpooledByteBufAllocator.DEFAULT, true);
    final SendQueue queue = new SendQueue(new QueueLimits(100, 1 << 20), (future, bytes) -> {});
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

    void writeUnflushed(int bytes) {
      queue.offer(new byte[0], EncodedText.of("x".repeat(bytes)), new SendFuture());
      writer.write(Objects.requireNonNull(writer.nextLines()));
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
}
