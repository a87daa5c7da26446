package io.p2pchat.internal.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
  @Test
  void aLineIsWrittenAsUtf8WithoutATerminator() {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
    channel.writeOutbound("é日👩");
    ByteBuf written = channel.readOutbound();
    assertThat(written.toString(UTF_8)).isEqualTo("é日👩");
    written.release();
    assertThat(channel.finish()).isFalse();
  }
}
