package io.p2pchat.internal.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Divides a read budget for each pass of the event loop among the level-1 connections. The more of
 * them have data, the less is read from each. So fast senders do not delay the other connections.
 * Used on the event loop only.
 */
// Netty deprecates Handle, but has no other type to delegate to.
@SuppressWarnings("deprecation")
final class ReadBudget implements RecvByteBufAllocator {
  private static final int TURN_BYTES = 256 * 1024;
  private static final int LEAST_BYTES = 1024;
  private static final int READS = 16;

  private final EventLoop loop;
  private int readers;
  private int lastReaders;

  ReadBudget(EventLoop loop) {
    this.loop = loop;
  }

  /** Limits reads of this connection to its share. */
  static void limit(Channel channel) {
    if (channel.unsafe().recvBufAllocHandle() instanceof Share share) {
      share.limit();
    }
  }

  @Override
  public Handle newHandle() {
    return new Share(new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS).newHandle());
  }

  private int next() {
    if (readers == 0) {
      // Runs after every ready connection was read once.
      loop.execute(this::turn);
    }
    readers++;
    return Math.max(LEAST_BYTES, TURN_BYTES / Math.max(readers, lastReaders));
  }

  private void turn() {
    lastReaders = readers;
    readers = 0;
  }

  private final class Share extends DelegatingHandle {
    private boolean limited;
    private int left = Integer.MAX_VALUE;

    Share(Handle handle) {
      super(handle);
    }

    void limit() {
      limited = true;
      left = next();
    }

    @Override
    public void reset(ChannelConfig config) {
      super.reset(config);
      left = limited ? next() : Integer.MAX_VALUE;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(Math.min(guess(), left));
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      left -= Math.max(0, bytes);
    }

    @Override
    public boolean continueReading() {
      return left > 0 && super.continueReading();
    }
  }
}
