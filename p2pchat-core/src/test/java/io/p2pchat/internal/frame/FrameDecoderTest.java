package io.p2pchat.internal.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import io.p2pchat.testing.netty.Fragmenter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  private static final String HEADER = "HEAD|";

  private final ManualGate gate = new ManualGate(true);
  private EmbeddedChannel channel = open(65_536);

  private EmbeddedChannel open(int maxFrameBytes) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new FrameDecoder(
                maxFrameBytes, Duration.ofMillis(300), line -> line.startsWith(HEADER), gate));
    channel.freezeTime();
    return channel;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, UTF_8));
  }

  private void endStream() {
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
  }

  private void reset() {
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
    assertThatThrownBy(channel::checkException).isInstanceOf(IOException.class);
    channel.close();
  }

  private void resume() {
    gate.wanted = true;
    channel.pipeline().fireUserEventTriggered(ResumeDecoding.AGAIN);
  }

  private final class StopAfterEachLine extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object line) {
      gate.wanted = false;
      ctx.fireChannelRead(line);
    }
  }

  private void advance(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (String line = channel.readInbound(); line != null; line = channel.readInbound()) {
      lines.add(line);
    }
    return lines;
  }

  @Test
  void everySplitOfMixedTerminatorsGivesTheSameLines() {
    byte[] bytes = "HEAD|a\nHEAD|é日👩\r\n\nb\rc\r\r\nHEAD|last".getBytes(UTF_8);
    Fragmenter.of(bytes)
        .everySplit(
            parts -> {
              channel = open(65_536);
              parts.forEach(part -> channel.writeInbound(Unpooled.wrappedBuffer(part)));
              endStream();
              assertThat(lines()).containsExactly("HEAD|a", "HEAD|é日👩", "", "b\rc\r", "HEAD|last");
              channel.finishAndReleaseAll();
            });
  }

  @Test
  void theEndOfTheStreamEndsAnyLine() {
    receive("anything");
    assertThat(lines()).isEmpty();
    endStream();
    assertThat(lines()).containsExactly("anything");
  }

  @Test
  void theEndOfTheStreamAfterALineEndAddsNothing() {
    receive("one\n");
    endStream();
    assertThat(lines()).containsExactly("one");
  }

  @Test
  void aResetEndsAWholeLine() {
    receive("HEAD|text");
    reset();
    assertThat(lines()).containsExactly("HEAD|text");
  }

  @Test
  void aResetDropsALineThatIsNotWhole() {
    receive("HEA");
    reset();
    assertThat(lines()).isEmpty();
  }

  @Test
  void closingHereDropsWhatWaits() {
    receive("HEAD|text");
    channel.close();
    assertThat(lines()).isEmpty();
  }

  @Test
  void malformedUtf8BecomesReplacementCharacters() {
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'a', (byte) 0xc3, '\n', (byte) 0xff}));
    endStream();
    assertThat(lines()).containsExactly("a\ufffd", "\ufffd");
  }

  @Test
  void aQuietPeriodEndsAWholeLine() {
    receive("HEAD|text");
    advance(299);
    assertThat(lines()).isEmpty();
    advance(1);
    assertThat(lines()).containsExactly("HEAD|text");
  }

  @Test
  void eachReadBeginsTheQuietPeriodAnew() {
    receive("HEAD|te");
    advance(200);
    receive("xt");
    advance(200);
    assertThat(lines()).isEmpty();
    advance(100);
    assertThat(lines()).containsExactly("HEAD|text");
  }

  @Test
  void severalFramesMayEachEndQuietly() {
    for (int i = 0; i < 3; i++) {
      receive("HEAD|" + i);
      advance(300);
    }
    assertThat(lines()).containsExactly("HEAD|0", "HEAD|1", "HEAD|2");
  }

  @Test
  void noQuietPeriodEndsALineWithoutAHeader() {
    receive("HEA");
    advance(10_000);
    assertThat(lines()).isEmpty();
    receive("D|late header");
    advance(300);
    assertThat(lines()).containsExactly("HEAD|late header");
  }

  @Test
  void noQuietPeriodCountsOnceALineEndWasSeen() {
    receive("HEAD|a\nHEAD|b");
    advance(10_000);
    assertThat(lines()).containsExactly("HEAD|a");
  }

  @Test
  void noQuietPeriodEndsMoreThan1024Bytes() {
    receive(HEADER + "x".repeat(1019));
    advance(300);
    assertThat(lines()).hasSize(1);
    receive(HEADER + "x".repeat(1020));
    advance(10_000);
    assertThat(lines()).isEmpty();
    endStream();
    assertThat(lines()).hasSize(1);
  }

  @Test
  void noQuietPeriodRunsWhileReadingIsStopped() {
    receive("HEAD|te");
    gate.wanted = false;
    advance(10_000);
    assertThat(lines()).isEmpty();
    resume();
    advance(299);
    receive("xt");
    advance(299);
    assertThat(lines()).isEmpty();
    advance(1);
    assertThat(lines()).containsExactly("HEAD|text");
  }

  @Test
  void noQuietPeriodJoinsLinesThatWaitForTheirTurn() {
    gate.hasTurn = false;
    receive("HEAD|a\nHEAD|b\n");
    advance(10_000);
    assertThat(lines()).isEmpty();
    gate.hasTurn = true;
    resume();
    assertThat(lines()).containsExactly("HEAD|a", "HEAD|b");
  }

  @Test
  void linesThatAreNotWantedWaitAndComeWhenTheyAre() {
    gate.wanted = false;
    receive("a\nb\nc");
    assertThat(lines()).isEmpty();
    resume();
    assertThat(lines()).containsExactly("a", "b");
  }

  @Test
  void aLineThatStopsTheFlowIsTheLastOfItsRead() {
    channel.pipeline().addLast(new StopAfterEachLine());
    receive("a\nb\nc\n");
    assertThat(lines()).containsExactly("a");
    resume();
    assertThat(lines()).containsExactly("b");
    resume();
    assertThat(lines()).containsExactly("c");
  }

  @Test
  void theEndOfTheStreamWaitsForItsTurnAsLinesDo() {
    gate.wanted = false;
    receive("a\nb\nc");
    endStream();
    assertThat(lines()).isEmpty();
    assertThat(gate.waiting).isEqualTo(2);
    resume();
    assertThat(lines()).containsExactly("a", "b", "c");
  }

  @Test
  void beyondTheLimitTheChannelStopsReading() {
    channel = open(16);
    gate.wanted = false;
    receive("x".repeat(10) + "\n");
    assertThat(channel.config().isAutoRead()).isTrue();
    receive("y".repeat(10) + "\n");
    assertThat(channel.config().isAutoRead()).isFalse();
    resume();
    assertThat(lines()).containsExactly("x".repeat(10), "y".repeat(10));
  }

  @Test
  void aLineAtTheLimitPasses() {
    channel = open(16);
    receive("x".repeat(15) + "\n" + "y".repeat(14) + "\r\n" + "z".repeat(16));
    endStream();
    assertThat(lines()).containsExactly("x".repeat(15), "y".repeat(14), "z".repeat(16));
  }

  @Test
  void aLineOverTheLimitFailsOnceAndTheRestIsDropped() {
    channel = open(16);
    receive("good\n");
    assertThatThrownBy(() -> receive("x".repeat(16) + "\nmore\n"))
        .isInstanceOf(TooLongFrameException.class)
        .hasMessageContaining("more than 16 bytes");
    receive("even more\n");
    endStream();
    assertThat(lines()).containsExactly("good");
  }

  @Test
  void aLineWithoutEndOverTheLimitFailsBeforeItEnds() {
    channel = open(16);
    receive("x".repeat(16));
    assertThatThrownBy(() -> receive("x")).isInstanceOf(TooLongFrameException.class);
    receive("x".repeat(1_000_000));
    assertThat(lines()).isEmpty();
  }
}
