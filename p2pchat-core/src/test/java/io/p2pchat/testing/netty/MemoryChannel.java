package io.p2pchat.testing.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a socket, whose other end is the test. To its handlers and its event loop it
 * is like one of NIO that allows half-closure: unlike Netty's {@code EmbeddedChannel} it shares its
 * loop with others, and never runs a task of the loop within a call.
 */
public final class MemoryChannel extends AbstractChannel implements DuplexChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);
  private static final int MOST_READ = 16 * 1024;

  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final ByteArrayOutputStream arriving = new ByteArrayOutputStream();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private boolean open = true;
  private boolean active;
  private boolean peerEnded;
  private boolean peerReset;
  private boolean stuck;
  private boolean inputShutdown;
  private boolean outputShutdown;

  /**
   * Makes a channel.
   *
   * @param allocator counts what its handlers hold
   * @param active whether it is connected from the beginning
   */
  public MemoryChannel(
      InetSocketAddress local,
      InetSocketAddress remote,
      ByteBufAllocator allocator,
      boolean active) {
    super(null);
    this.local = local;
    this.remote = remote;
    this.active = active;
    config.setAllocator(allocator);
  }

  // ---- the other end

  /** The connection is made. */
  public void connected() {
    active = true;
    pipeline().fireChannelActive();
  }

  /** The other end has sent these bytes. */
  public void arrive(byte[] bytes) {
    if (!peerEnded && !peerReset) {
      arriving.writeBytes(bytes);
    }
  }

  /** The other end has ended its direction. */
  public void end() {
    peerEnded = true;
  }

  /** The other end has reset the connection; what it sent before can still be read. */
  public void reset() {
    peerReset = true;
  }

  /** Whether the other end takes nothing that is written. */
  public void setStuck(boolean nowStuck) {
    stuck = nowStuck;
    if (!stuck && open) {
      ((Unsafe0) super.unsafe()).forceFlush();
    }
  }

  /** Reads what has come, or the end, if this end wants to read: what a selector would do. */
  public void readIfWanted() {
    if (isReadWanted()) {
      read0();
    }
  }

  /** Whether there is something to read, and this end wants to. */
  public boolean isReadWanted() {
    return isActive() && config.isAutoRead() && isReadable();
  }

  /** Whether the other end has done something that was not read yet. */
  public boolean isReadable() {
    return open && !inputShutdown && (arriving.size() > 0 || peerEnded || peerReset);
  }

  /** What was written since this was last asked. */
  public byte[] takeWritten() {
    byte[] bytes = written.toByteArray();
    written.reset();
    return bytes;
  }

  /** Bytes that wait until the other end takes them. */
  public long unsent() {
    ChannelOutboundBuffer buffer = super.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  // One read is one buffer, as large as all that has come, within a bound; the end is the next.
  private void read0() {
    if (!open || !active || inputShutdown) {
      return;
    }
    if (arriving.size() > 0) {
      byte[] all = arriving.toByteArray();
      int length = Math.min(all.length, MOST_READ);
      ByteBuf bytes = config.getAllocator().buffer(length);
      bytes.writeBytes(all, 0, length);
      arriving.reset();
      arriving.write(all, length, all.length - length);
      pipeline().fireChannelRead(bytes);
      pipeline().fireChannelReadComplete();
      return;
    }
    pipeline().fireChannelReadComplete();
    if (peerReset) {
      pipeline().fireExceptionCaught(new IOException("Connection reset"));
    }
    if (peerReset || peerEnded) {
      boolean first = !isInputShutdown();
      inputShutdown = true;
      pipeline()
          .fireUserEventTriggered(
              first
                  ? ChannelInputShutdownEvent.INSTANCE
                  : ChannelInputShutdownReadComplete.INSTANCE);
    }
  }

  // ---- the channel

  private final class Unsafe0 extends AbstractUnsafe implements AbstractNioChannel.NioUnsafe {
    @Override
    public void connect(
        SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
      promise.setFailure(new UnsupportedOperationException());
    }

    @Override
    public SelectableChannel ch() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void finishConnect() {}

    @Override
    public void read() {
      read0();
    }

    @Override
    public void forceFlush() {
      flush0();
    }
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new Unsafe0();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doClose() {
    open = false;
  }

  @Override
  protected void doShutdownOutput() {
    outputShutdown = true;
  }

  @Override
  protected void doBeginRead() {}

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    while (!stuck && in.current() instanceof ByteBuf bytes) {
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.getBytes(bytes.readerIndex(), copy);
      written.writeBytes(copy);
      in.remove();
    }
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && active;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return active ? local : null;
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return active ? remote : null;
  }

  @Override
  public boolean isInputShutdown() {
    return inputShutdown || !isActive();
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown || !isActive();
  }

  @Override
  public boolean isShutdown() {
    return isInputShutdown() && isOutputShutdown();
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    ((Unsafe0) super.unsafe()).shutdownOutput(promise);
    return promise;
  }

  @Override
  public ChannelFuture shutdownInput() {
    return shutdownInput(newPromise());
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    inputShutdown = true;
    return promise.setSuccess();
  }

  @Override
  public ChannelFuture shutdown() {
    return shutdown(newPromise());
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    inputShutdown = true;
    return shutdownOutput(promise);
  }
}
