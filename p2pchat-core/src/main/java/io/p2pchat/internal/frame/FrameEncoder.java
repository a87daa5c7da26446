package io.p2pchat.internal.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Encodes a line as a level-0 frame: UTF-8 without a terminator (PROTOCOL.md section 2, Sending).
 * Stateless.
 */
@Sharable
public final class FrameEncoder extends MessageToByteEncoder<String> {
  /** Creates the encoder. */
  public FrameEncoder() {
    super(String.class);
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, String line, ByteBuf out) {
    out.writeCharSequence(line, StandardCharsets.UTF_8);
  }
}
