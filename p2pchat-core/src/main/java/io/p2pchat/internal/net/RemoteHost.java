package io.p2pchat.internal.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.AbstractNioChannel;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A remote host and its connections: an IPv4 address, or the /64 network of an IPv6 address. It is
 * the {@link FlowWindow} of its level-0 messages. There each message has a connection of its own,
 * so flow control must stop the whole host. Used on the event loop only.
 */
public final class RemoteHost extends FlowWindow {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteHost.class);

  // Lines that one connection delivers in its turn, and that a host delivers before the event loop
  // does other work. They keep busy connections from delaying the others.
  private static final int LINES_A_TURN = 128;

  private static final int LINES_A_PASS = 1024;

  /**
   * The accepted connections, the longest-silent first, and when each came, or null if it speaks
   * level 0.
   */
  final Map<Channel, @Nullable Long> accepted = new LinkedHashMap<>(4, 0.75f, true);

  /** The connections at level 1. Each is stopped separately. */
  final Set<Channel> level1 = new HashSet<>(4);

  /** All other connections, the oldest first. */
  final Set<Channel> byAge = new LinkedHashSet<>();

  private final EventDispatcher events;
  private final EventLoop loop;
  private final Set<Channel> waiting = new HashSet<>();
  private final RateLimiter rate;
  private final Set<Channel> inTurn = new LinkedHashSet<>();
  private boolean flowing = true;
  private boolean slowed;
  private boolean delivering;
  private int linesLeft;
  private int linesAfterReset;

  RemoteHost(EventDispatcher events, EventLoop loop, int linesPerSecond) {
    this.rate = new RateLimiter(linesPerSecond);
    this.events = events;
    this.loop = loop;
  }

  boolean isUnused() {
    return byAge.isEmpty() && level1.isEmpty() && events.isIdle(this);
  }

  /**
   * Returns the accepted connections that may be closed to make room for new ones, the
   * longest-silent first. One that came later than {@code start} may be about to open a session,
   * unless it speaks level 0.
   */
  Stream<Channel> silentSince(long start) {
    return accepted.entrySet().stream()
        .filter(entry -> entry.getValue() == null || entry.getValue() - start <= 0)
        .map(Map.Entry::getKey);
  }

  /** The accepted connection is at level 0. */
  void setLevel0(Channel channel) {
    accepted.replace(channel, null);
  }

  /** The connection is at level 1. */
  void setLevel1(Channel channel) {
    byAge.remove(channel);
    level1.add(channel);
  }

  void remove(Channel channel) {
    accepted.remove(channel);
    byAge.remove(channel);
    inTurn.remove(channel);
    level1.remove(channel);
  }

  /** Returns whether data from this host may be read and delivered. */
  public boolean isFlowing() {
    return flowing;
  }

  /** Returns whether one of its accepted connections has its turn to deliver. */
  public boolean isDelivering() {
    return delivering && flowing && linesLeft > 0;
  }

  /** One of its accepted connections delivered a line. */
  public void passedOn() {
    linesLeft--;
  }

  @Override
  protected void set(boolean open) {
    if (!open && loop.inEventLoop()) {
      stop();
      return;
    }
    try {
      loop.execute(this::apply);
    } catch (RejectedExecutionException e) {
      LOG.trace("The node has closed, and with it all connections", e);
    }
  }

  // Uses the current state, because a stop may have overtaken a queued resume.
  private void apply() {
    if (isOpen() && !slowed) {
      resume();
    } else {
      stop();
    }
  }

  /** A level-0 line was delivered. */
  public void lineTaken() {
    slowDown(rate.taken(1));
  }

  private void slowDown(long nanos) {
    if (nanos > 0 && !slowed) {
      slowed = true;
      stop();
      loop.schedule(this::speedUp, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void speedUp() {
    slowed = false;
    apply();
  }

  // Dialed connections are still read, to detect their end. Their lines stay in the decoder.
  private void stop() {
    flowing = false;
    accepted.keySet().stream()
        .filter(channel -> !level1.contains(channel))
        .forEach(channel -> channel.config().setAutoRead(false));
  }

  private void resume() {
    flowing = true;
    inTurn.clear();
    for (Channel channel : List.copyOf(byAge)) {
      if (flowing) {
        passOn(channel, ResumeDecoding.AGAIN);
      }
    }
  }

  /**
   * Queues a connection for delivery. Delivery starts after the event loop has read everything that
   * is ready. The loop reads connections in any order, and a fast sender's messages use several.
   */
  public void waiting(Channel channel) {
    if (waiting.isEmpty() && delivering) {
      goOnLater();
    } else if (waiting.isEmpty()) {
      loop.execute(this::passOnWaiting);
    }
    waiting.add(channel);
  }

  private void passOnWaiting() {
    byAge.stream().filter(waiting::contains).forEach(inTurn::add);
    waiting.clear();
    int lines = 0;
    for (Channel channel : List.copyOf(inTurn)) {
      if (!flowing || lines >= LINES_A_PASS) {
        break;
      }
      inTurn.remove(channel);
      passOn(channel, ResumeDecoding.NOW);
      lines += LINES_A_TURN - linesLeft;
    }
    if (flowing && !inTurn.isEmpty() && waiting.isEmpty()) {
      goOnLater();
    }
  }

  // Scheduled, not executed: a task would run in this pass, before all other work.
  private void goOnLater() {
    loop.schedule(this::passOnWaiting, 0, TimeUnit.NANOSECONDS);
  }

  /**
   * Returns whether a reset connection may deliver one line. It cannot wait for its turn, so lines
   * above the limit are lost.
   */
  public boolean mayPassOnAfterReset() {
    if (!flowing || linesAfterReset >= LINES_A_PASS) {
      return false;
    }
    if (linesAfterReset == 0) {
      loop.schedule(() -> linesAfterReset = 0, 0, TimeUnit.NANOSECONDS);
    }
    linesAfterReset++;
    return true;
  }

  /** Delivers the lines that a connection has received, and its end, which also ends a line. */
  void passOn(Channel channel, ResumeDecoding wanted) {
    if (!channel.isActive()) {
      return;
    }
    delivering = true;
    linesLeft = LINES_A_TURN;
    channel.pipeline().fireUserEventTriggered(wanted);
    if (isDelivering()) {
      channel.config().setAutoRead(true);
      readNow(channel);
      readNow(channel);
    } else if (flowing) {
      waiting(channel);
    }
    delivering = false;
  }

  /** Reads pending data, or the end, without waiting for the event loop to select the channel. */
  private void readNow(Channel channel) {
    if (isDelivering() && channel.isActive()) {
      ((AbstractNioChannel.NioUnsafe) channel.unsafe()).read();
    }
  }
}
