package io.p2pchat.internal.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a received line costs until it is a string: lines come in reads of 64. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FrameDecoderBenchmark {
  private static final int LINES = 64;

  /** Bytes of a text. */
  @Param({"16", "1024"})
  public int bytes;

  private ByteBuf read;
  private EmbeddedChannel channel;
  private Blackhole blackhole;

  /** Makes the channel. */
  @Setup
  public void open(Blackhole lines) {
    blackhole = lines;
    String line = "LISTENING_PORT:7070|TEAM_NAME:Sender|" + "x".repeat(bytes) + '\n';
    read = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(line.repeat(LINES), UTF_8));
    channel =
        new EmbeddedChannel(
            new FrameDecoder(64 * 1024, Duration.ofSeconds(1), unended -> true, new OpenGate()),
            new Taker());
  }

  /** One read. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void read() {
    channel.pipeline().fireChannelRead(read.duplicate());
    channel.pipeline().fireChannelReadComplete();
  }

  /** Where the lines go. */
  private final class Taker extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object line) {
      blackhole.consume(line);
    }
  }

  /** Gives everything on at once. */
  private static final class OpenGate implements DecodeGate {
    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isFlowing() {
      return true;
    }

    @Override
    public boolean holdsEnd() {
      return false;
    }

    @Override
    public void waiting() {}
  }
}
