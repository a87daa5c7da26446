package io.p2pchat.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// See ReadBudget.
@SuppressWarnings("deprecation")
class ReadBudgetTest {
  private static final int PASS_BYTES = 256 * 1024;

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final ReadBudget share = new ReadBudget(loop.eventLoop());

  @AfterEach
  void close() {
    loop.finishAndReleaseAll();
  }

  @Test
  void oneThatSendsWithoutEndIsReadMuchAtATime() {
    List<EmbeddedChannel> channels = channels(1);
    channels.forEach(ReadBudget::limit);
    passes(channels, 5);
    assertThat(pass(channels)).isBetween(64L * 1024, (long) PASS_BYTES);
  }

  @Test
  void manyTogetherAreReadNoMoreThanOne() {
    List<EmbeddedChannel> channels = channels(200);
    channels.forEach(ReadBudget::limit);
    passes(channels, 5);
    assertThat(pass(channels)).isBetween(PASS_BYTES / 2L, (long) PASS_BYTES);
  }

  @Test
  void eachIsReadALittleHoweverManyThereAre() {
    List<EmbeddedChannel> channels = channels(1000);
    channels.forEach(ReadBudget::limit);
    passes(channels, 5);
    assertThat(pass(channels)).isEqualTo(1000 * 1024L);
  }

  @Test
  void connectionThatIsNotLimitedIsReadAsEver() {
    List<EmbeddedChannel> channels = channels(200);
    passes(channels, 20);
    assertThat(pass(channels)).isEqualTo(200L * 16 * 65_536);
  }

  private List<EmbeddedChannel> channels(int count) {
    return Stream.generate(EmbeddedChannel::new)
        .limit(count)
        .peek(channel -> channel.config().setRecvByteBufAllocator(share))
        .toList();
  }

  private void passes(List<EmbeddedChannel> channels, int count) {
    for (int i = 0; i < count; i++) {
      pass(channels);
    }
  }

  /** Reads each channel once, as if it had more than is read, and returns how much in all. */
  private long pass(List<EmbeddedChannel> channels) {
    long bytes = 0;
    for (EmbeddedChannel channel : channels) {
      bytes += read(channel);
    }
    loop.runPendingTasks();
    return bytes;
  }

  private static long read(EmbeddedChannel channel) {
    RecvByteBufAllocator.Handle handle = channel.unsafe().recvBufAllocHandle();
    handle.reset(channel.config());
    long bytes = 0;
    do {
      ByteBuf buffer = handle.allocate(channel.alloc());
      handle.attemptedBytesRead(buffer.writableBytes());
      handle.lastBytesRead(buffer.writableBytes());
      bytes += buffer.writableBytes();
      handle.incMessagesRead(1);
      buffer.release();
    } while (handle.continueReading());
    handle.readComplete();
    return bytes;
  }
}
