package io.p2pchat.internal.net.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.RateLimiter;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.SessionConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection at level 1 (PROTOCOL.md sections 4 and 5):
 *
 * <ul>
 *   <li>input: see {@link SessionLineReader}, and {@link ReadControl} for when it reads;
 *   <li>output: see {@link SessionLineWriter};
 *   <li>before {@code HELLO} it asks the node for its session, with a timeout;
 *   <li>to close, it closes its own direction first and waits for the peer's end, so that the last
 *       lines arrive.
 * </ul>
 */
public final class SessionChannelHandler extends ChannelInboundHandlerAdapter
    implements SessionConnection {
  private static final Logger LOG = LoggerFactory.getLogger(SessionChannelHandler.class);
  private static final int CLOSE_MILLIS = 1000;

  private final Channel channel;
  private final ConnectionInfo remote;
  private final @Nullable Fingerprint peer;
  private final ConnectionTable connections;
  private final ReadControl control;
  private final SessionLineReader reader;
  private final SessionLineWriter writer;

  private SessionChannelListener listener;
  private @Nullable ScheduledFuture<?> timer;
  private boolean inputEnded;

  public SessionChannelHandler(
      Channel channel,
      ConnectionInfo remote,
      @Nullable Fingerprint peer,
      SessionListener unclaimed,
      ConnectionTable connections,
      LineSplitter splitter,
      NodeSettings settings) {
    this.channel = channel;
    this.remote = remote;
    this.peer = peer;
    this.connections = connections;
    this.listener = new Unclaimed(unclaimed);
    this.control =
        new ReadControl(channel, new RateLimiter(settings.maxLinesPerSecond()), this::slowed);
    this.reader =
        new SessionLineReader(
            listener, connections.counters, splitter, control, settings.maxFrameBytes());
    this.writer = new SessionLineWriter(channel, connections.counters);
  }

  /** Receives the input until a session is attached. */
  private final class Unclaimed implements SessionChannelListener {
    private final SessionListener node;

    Unclaimed(SessionListener node) {
      this.node = node;
    }

    @Override
    public void control(ControlLine line) {
      if (line instanceof Hello hello) {
        node.hello(SessionChannelHandler.this, hello);
      } else {
        broken("a control line before HELLO");
      }
    }

    @Override
    public void chat(List<String> texts, long bytes) {
      throw new IllegalStateException("no header was agreed");
    }

    @Override
    public void heard() {}

    @Override
    public void writable() {}

    @Override
    public void slowed() {}

    @Override
    public void broken(String description) {
      node.broken(SessionChannelHandler.this, description);
    }

    @Override
    public void ended() {}
  }

  /** Returns the remote end. */
  public ConnectionInfo remote() {
    return remote;
  }

  /** Returns the remote IP address. */
  public InetAddress ip() {
    return remote.ip();
  }

  /** Returns the fingerprint of the peer, or null if the connection is not encrypted. */
  public @Nullable Fingerprint peer() {
    return peer;
  }

  /** Returns whether the connection has ended or is closing. */
  public boolean isLeaving() {
    return control.isEnding();
  }

  /** Attaches a session, which receives the input, and its queue of lines to send. */
  public void attach(SessionChannelListener session, SendQueue queue) {
    listener = session;
    reader.attach(session);
    writer.attach(queue);
    cancelTimer();
  }

  /** Attaches the receiver of a short conversation without chat lines, which ends in time. */
  public void attach(SessionChannelListener visit, Duration time) {
    listener = visit;
    reader.attach(visit);
    closeAfter(time.toNanos());
  }

  /** Sets the peer, whose header all chat lines must have. */
  public void agree(NodeInfo peer) {
    reader.agree(peer);
  }

  /** The session is open on this connection. */
  public void opened() {
    connections.hasSession(channel);
  }

  /** Sets whether to read, and to deliver what is already read. */
  public void setReading(boolean reading) {
    control.setWanted(reading);
    if (reader.isHolding() && !control.isHeld()) {
      // Delayed, because this method can be called while a line is delivered.
      channel.eventLoop().execute(this::readHeld);
    }
  }

  /** Stops reading and delivery, even of bytes already read, until {@link #resume}. */
  public void pause() {
    control.pause();
  }

  /** Ends a pause. */
  public void resume() {
    control.resume();
    readHeld();
  }

  private void readHeld() {
    if (!isLeaving()) {
      reader.readHeld();
    }
    if (inputEnded && !reader.isHolding()) {
      channel.close();
    }
  }

  private void slowed() {
    if (!isLeaving()) {
      listener.slowed();
    }
  }

  /** Returns whether the rate limit has stopped reading. */
  public boolean isSlowed() {
    return control.isSlowed();
  }

  /** Holds chat lines back until a level-0 send to the same peer has ended. */
  public void hold(boolean hold) {
    writer.hold(hold);
  }

  /** Closes the connection unless {@code HELLO} arrives in time. */
  public void awaitHello(Duration time) {
    closeAfter(time.toNanos());
  }

  @Override
  public void send(ControlLine line) {
    writer.send(line);
  }

  @Override
  public boolean isEncrypted() {
    return peer != null;
  }

  @Override
  public void startLines(long from, boolean numbered) {
    writer.startLines(from, numbered);
  }

  @Override
  public long writtenTo() {
    return writer.writtenTo();
  }

  @Override
  public boolean hasDrained() {
    return writer.hasDrained();
  }

  /** Returns the next queued lines for {@link #writeLines}, or null if none may be written. */
  public SendQueue.@Nullable Slice nextLines() {
    return isLeaving() ? null : writer.nextLines();
  }

  /** Writes the lines from {@link #nextLines}. */
  public void writeLines(SendQueue.Slice lines) {
    writer.write(lines);
  }

  /** Sends {@code BYE} with the reason, then closes. */
  public void refuse(Bye.Reason reason) {
    refuse(new Bye(reason));
  }

  /** Sends {@code BYE}, then closes. */
  public void refuse(Bye bye) {
    send(bye);
    close();
  }

  @Override
  public void close() {
    if (isLeaving()) {
      return;
    }
    writer.end();
    control.readToEnd();
    reader.drop();
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (channel.isActive()) {
                ((DuplexChannel) channel).shutdownOutput();
              }
            });
    closeAfter(TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS));
  }

  private void closeAfter(long nanos) {
    cancelTimer();
    timer = channel.eventLoop().schedule(() -> channel.close(), nanos, TimeUnit.NANOSECONDS);
  }

  // A pending timer would keep the ended connection in memory.
  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!isLeaving()) {
        reader.read(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!isLeaving()) {
      listener.heard();
    }
  }

  // Scheduled, because this method is called from within writes.
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      channel
          .eventLoop()
          .execute(
              () -> {
                writer.writeAnswers();
                listener.writable();
              });
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      readHeld();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancelTimer();
    control.end();
    listener.ended();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Netty wraps the exception of a bad TLS record.
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      LOG.debug("The connection with {} broke", PeerAddress.of(remote.socket()), cause);
    } else {
      LOG.error("The connection with {} failed", PeerAddress.of(remote.socket()), cause);
    }
    channel.close();
  }
}
