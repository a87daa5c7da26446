package io.p2pchat.internal.transport;

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
import io.p2pchat.internal.message.Bye;
import io.p2pchat.internal.message.ControlLine;
import io.p2pchat.internal.message.Header;
import io.p2pchat.internal.message.Hello;
import io.p2pchat.internal.message.Introduction;
import io.p2pchat.internal.message.MalformedLine;
import io.p2pchat.internal.message.Message;
import io.p2pchat.internal.session.Link;
import io.p2pchat.internal.session.SendQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection at level 1 (PROTOCOL.md sections 4 and 5):
 *
 * <ul>
 *   <li>lines in: chat lines of one read are given on together, control lines parsed;
 *   <li>lines out: see {@link LineWriter};
 *   <li>before {@code HELLO} it asks who takes the connection, for a while only;
 *   <li>to close, it ends its own direction first and waits for the peer's end, so that what was
 *       written last arrives.
 * </ul>
 */
public final class SessionHandler extends ChannelInboundHandlerAdapter
    implements Link, LineSplitter.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);
  private static final int CLOSE_MILLIS = 1000;
  private static final String CHAT_KEY = "LISTENING_PORT:";

  private final Channel channel;
  private final Remote remote;
  private final @Nullable Fingerprint peer;
  private final Inbound inbound;
  private final LineSplitter splitter;
  private final Connections connections;
  private final int maxFrameBytes;
  private final Rate rate;
  private final LineWriter writer;
  private final LineSplitter.Rest rest = new LineSplitter.Rest();

  private @Nullable SessionInbound owner;
  private @Nullable ChatTexts texts;
  private @Nullable List<String> burst;
  private int lastBurst;
  private long burstBytes;
  private boolean leaving;
  private boolean paused;
  private boolean wanted = true;
  private boolean slowed;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable ScheduledFuture<?> slowTimer;

  SessionHandler(
      Channel channel,
      Remote remote,
      @Nullable Fingerprint peer,
      Inbound inbound,
      Connections connections,
      LineSplitter splitter,
      NodeSettings settings) {
    this.channel = channel;
    this.remote = remote;
    this.peer = peer;
    this.inbound = inbound;
    this.connections = connections;
    this.splitter = splitter;
    this.maxFrameBytes = settings.maxFrameBytes();
    this.rate = new Rate(settings.maxLinesPerSecond());
    this.writer = new LineWriter(channel, connections.counters);
  }

  /** Where the other end is. */
  public Remote remote() {
    return remote;
  }

  /** Who has shown at the other end to hold this key, or null if it is not encrypted. */
  public @Nullable Fingerprint peer() {
    return peer;
  }

  /** Whether it has ended, or is about to. */
  public boolean isLeaving() {
    return leaving;
  }

  /** From now on {@code owner} takes what is received, and {@code queue} has what is sent. */
  public void attach(SessionInbound owner, SendQueue queue) {
    this.owner = owner;
    writer.attach(owner, queue);
    cancelTimer();
  }

  /** Chat lines have the header of this peer from now on. */
  public void agree(Introduction peer) {
    texts = new ChatTexts(peer);
  }

  /** A session is up on this connection. */
  public void opened() {
    connections.hasSession(channel);
  }

  /** Whether reading goes on. */
  public void setReading(boolean reading) {
    wanted = reading;
    applyReading();
  }

  /** Nothing more is read or given on, what has been read already included, until resumed. */
  public void pause() {
    paused = true;
    applyReading();
  }

  /** Goes on after a pause. */
  public void resume() {
    paused = false;
    applyReading();
    if (!leaving) {
      split(rest.take());
    }
  }

  private void slowDown(long nanos) {
    if (nanos > 0 && !slowed) {
      setSlowed(true);
      slowTimer = channel.eventLoop().schedule(() -> setSlowed(false), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void setSlowed(boolean now) {
    slowed = now;
    applyReading();
    if (owner != null && !leaving) {
      owner.slowed(this);
    }
  }

  /** Whether nothing is read since the peer has sent faster than it may. */
  public boolean isSlowed() {
    return slowed;
  }

  private void applyReading() {
    channel.config().setAutoRead(leaving || (wanted && !paused && !slowed));
  }

  /** Chat lines are not written before a level-0 send to the same peer has ended. */
  public void hold(boolean hold) {
    writer.hold(hold);
  }

  /** Closes the connection unless {@code HELLO} comes in time. */
  void awaitHello(Duration time) {
    closeAfter(time.toNanos());
  }

  @Override
  public void send(ControlLine line) {
    writer.send(line);
  }

  @Override
  public void startLines(long from) {
    writer.startLines(from);
  }

  @Override
  public long writtenTo() {
    return writer.writtenTo();
  }

  /** Writes the lines that wait, as many as the connection takes. */
  public void writeLines() {
    if (!leaving) {
      writer.writeLines(this);
    }
  }

  /** Says why, and closes. */
  public void refuse(Bye.Reason reason) {
    send(new Bye(reason));
    close();
  }

  @Override
  public void close() {
    if (leaving) {
      return;
    }
    writer.end();
    leaving = true;
    rest.clear();
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (channel.isActive()) {
                ((DuplexChannel) channel).shutdownOutput();
              }
            });
    applyReading();
    closeAfter(TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS));
  }

  private void closeAfter(long nanos) {
    cancelTimer();
    timer = channel.eventLoop().schedule(() -> channel.close(), nanos, TimeUnit.NANOSECONDS);
  }

  // A timer that is not cancelled holds its connection, though that has ended.
  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!leaving) {
        split(in);
      }
    } finally {
      in.release();
    }
  }

  private void split(ByteBuf in) {
    splitter.split(rest, in, this);
    giveOn();
    if (leaving) {
      rest.clear();
    }
    if (rest.length() >= maxFrameBytes && !paused) {
      tooLong();
    }
  }

  @Override
  public boolean wantsMore() {
    return !leaving && !paused;
  }

  @Override
  public void line(byte[] bytes, int from, int to) {
    if (to - from >= maxFrameBytes) {
      tooLong();
      return;
    }
    String text = texts == null ? null : texts.read(bytes, from, to);
    if (text != null) {
      if (burst == null) {
        burst = new ArrayList<>(lastBurst + lastBurst / 4 + 1);
      }
      burst.add(text);
      burstBytes += to - from + 1;
    } else {
      giveOn();
      other(new String(bytes, from, to - from, StandardCharsets.UTF_8).stripTrailing());
    }
  }

  private void giveOn() {
    List<String> lines = burst;
    if (owner != null && lines != null) {
      burst = null;
      lastBurst = lines.size();
      long bytes = burstBytes;
      burstBytes = 0;
      connections.counters.linesReceived.add(lines.size());
      owner.chat(this, lines, bytes);
      slowDown(rate.taken(lines.size()));
    }
  }

  private void other(String line) {
    if (line.startsWith(CHAT_KEY)) {
      broken(
          texts == null
              ? "a chat line before the session was open"
              : Header.read(line) == null
                  ? "a chat line with a broken header"
                  : "a chat line with another header than the one that was agreed");
      return;
    }
    Message message = ControlLine.parse(line);
    if (message instanceof MalformedLine malformed) {
      broken("a malformed control line, " + malformed.problem());
    } else if (!(message instanceof ControlLine control)) {
      connections.counters.linesIgnored.increment();
    } else if (owner != null) {
      owner.control(this, control);
    } else if (control instanceof Hello hello) {
      inbound.hello(this, hello);
    } else {
      broken("a control line before HELLO");
    }
  }

  private void tooLong() {
    rest.clear();
    broken("a line of more than " + maxFrameBytes + " bytes");
  }

  private void broken(String description) {
    if (owner != null) {
      owner.broken(this, description);
    } else {
      inbound.broken(this, description);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (owner != null && !leaving) {
      owner.heard(this);
    }
  }

  // Scheduled, since it is called from within writes.
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable() && owner != null) {
      SessionInbound told = owner;
      channel
          .eventLoop()
          .execute(
              () -> {
                writer.writeAnswers();
                told.writable(this);
              });
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leaving = true;
    cancelTimer();
    if (slowTimer != null) {
      slowTimer.cancel(false);
    }
    if (owner != null) {
      owner.ended(this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // What is wrong with a TLS record comes wrapped.
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      LOG.debug("The connection with {} broke", remote.socket(), cause);
    } else {
      LOG.error("The connection with {} failed", remote.socket(), cause);
    }
    channel.close();
  }
}
