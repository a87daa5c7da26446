package io.p2pchat.internal.net.plain;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.ReservedText;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parses the lines of a level-0 connection and passes them to the listener. Closes the connection
 * after {@code exit}, at the end of the stream, and on a protocol violation.
 */
public final class PlainReceiveHandler extends SimpleChannelInboundHandler<String> {
  private static final Logger LOG = LoggerFactory.getLogger(PlainReceiveHandler.class);

  private final PlainListener listener;
  private final ConnectionInfo remote;
  private final Runnable taken;
  private boolean left;

  public PlainReceiveHandler(PlainListener listener, ConnectionInfo remote, Runnable taken) {
    super(String.class);
    this.listener = listener;
    this.remote = remote;
    this.taken = taken;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, String line) {
    if (left) {
      return;
    }
    Message message = ChatLine.parse(line);
    listener.received(message, remote);
    taken.run();
    if (message instanceof ChatLine chat && chat.reserved() == ReservedText.EXIT) {
      left = true;
      ctx.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      if (!left) {
        listener.violated(String.valueOf(cause.getMessage()), remote);
      }
    } else if (cause instanceof IOException) {
      LOG.debug("The connection with {} broke", PeerAddress.of(remote.socket()), cause);
    } else {
      LOG.error("The connection with {} failed", PeerAddress.of(remote.socket()), cause);
    }
    ctx.close();
  }
}
