package io.p2pchat.internal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import io.p2pchat.testing.netty.LineModel;
import io.p2pchat.testing.peers.PeerScript;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes, cut anywhere, with silences and stops: the lines are those of the {@link LineModel},
 * nothing but an overlong line is an exception, and what is held is bounded.
 *
 * <p>The first two bytes choose the limit and the gate. Commands: {@code /} ends a read, {@code t}
 * 100 ms pass, {@code q} 300 ms, {@code s} lines are not wanted, {@code g} they are again, {@code
 * e} the end of the stream, {@code r} a reset.
 */
class FrameDecoderFuzzTest {
  private static final int[] LIMITS = {65_536, 2000, 300, 16};
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final int COMMAND_BYTES = 1024;

  @FuzzTest
  void everyInputGivesTheLinesOfTheModel(byte[] input) {
    PeerScript script = new PeerScript(input);
    Run run = new Run(LIMITS[script.choice(3)], script.choice(3));
    script.play(run);
    run.finish();
  }

  private static final class Run implements PeerScript.Player {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final int limit;
    private final boolean oneAtATime;
    private final ManualGate gate;
    private final LineModel model;
    private final EmbeddedChannel channel;
    private final List<String> lines = new ArrayList<>();
    private int read;
    private boolean ended;
    private boolean failed;
    private int silence;

    Run(int limit, int kind) {
      this.limit = limit;
      this.oneAtATime = (kind & 1) != 0;
      this.gate = new ManualGate((kind & 2) == 0);
      this.model = new LineModel(limit, Run::isWhole);
      this.channel = new EmbeddedChannel();
      channel.freezeTime();
      channel.config().setAllocator(allocator);
      channel
          .pipeline()
          .addLast(new FrameDecoder(limit, QUIET, Run::isWhole, gate), new Collector());
    }

    private static boolean isWhole(String line) {
      return line.startsWith("HEAD|");
    }

    private final class Collector extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object line) {
        lines.add((String) line);
        gate.wanted &= !oneAtATime;
      }
    }

    @Override
    public void send(byte[] bytes) {
      // A channel that has stopped reading gives its decoder nothing.
      if (!ended && channel.config().isAutoRead()) {
        model.bytes(bytes);
        silence = 0;
        read = bytes.length;
        run(() -> channel.writeInbound(channel.alloc().buffer(bytes.length).writeBytes(bytes)));
      }
    }

    @Override
    public void command(char command) {
      switch (command) {
        case 't' -> pass(100);
        case 'q' -> pass(300);
        case 's' -> gate.wanted = false;
        case 'g' -> go();
        case 'e' -> end();
        case 'r' -> reset();
        default -> {}
      }
    }

    private void pass(int millis) {
      silence += millis;
      if (gate.wanted && !ended && silence >= QUIET.toMillis()) {
        model.quiet();
      }
      channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
      run(channel::runScheduledPendingTasks);
    }

    private void go() {
      gate.wanted = true;
      silence = 0;
      channel.config().setAutoRead(true);
      run(() -> channel.pipeline().fireUserEventTriggered(ResumeDecoding.AGAIN));
    }

    private void end() {
      if (!ended && channel.config().isAutoRead()) {
        ended = true;
        model.end();
        run(() -> channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE));
      }
    }

    private void reset() {
      if (!ended && channel.config().isAutoRead()) {
        ended = true;
        model.reset();
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        try {
          channel.checkException();
        } catch (Exception e) {
          assertThat(e).isInstanceOf(IOException.class);
        }
        run(channel::close);
      }
    }

    private void run(Runnable step) {
      try {
        step.run();
        channel.checkException();
      } catch (TooLongFrameException e) {
        assertThat(failed).as("failed before").isFalse();
        failed = true;
      }
      assertThat(allocator.metric().usedHeapMemory())
          .as("bytes held")
          .isLessThanOrEqualTo(4L * (limit + read) + COMMAND_BYTES);
      assertThat(lines.size()).isLessThanOrEqualTo(model.lines().size());
    }

    void finish() {
      int before;
      do {
        before = lines.size();
        go();
      } while (lines.size() > before);
      assertThat(lines).isEqualTo(model.lines());
      assertThat(failed).as("failed").isEqualTo(model.isTooLong());
      run(channel::finishAndReleaseAll);
      assertThat(lines).as("lines when this end closes").isEqualTo(model.lines());
      assertThat(allocator.metric().usedHeapMemory()).as("bytes leaked").isZero();
    }
  }
}
