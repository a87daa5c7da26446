package io.p2pchat.internal.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.AbstractNioChannel;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.protocol.ResumeDecoding;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One remote IP address and its connections. It is the source of what these receive at level 0:
 * there a message has a connection of its own, so it is the host that is stopped when too much of
 * its waits. Used on the event loop only.
 */
public final class RemoteHost extends FlowWindow {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteHost.class);

  // What one connection passes on before the next, and all of a host before the event loop turns to
  // its other work: so that many connections of many lines do not keep all others waiting.
  private static final int LINES_A_TURN = 128;

  private static final int LINES_A_PASS = 1024;

  /** The accepted connections, the longest-silent first. */
  final Map<Channel, RemoteHost> accepted = new LinkedHashMap<>(4, 0.75f, true);

  /** The connections at level 1: each is stopped by itself. */
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

  /** The connection is at level 1 from now on. */
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

  /** Whether what is received from here is wanted. */
  public boolean isFlowing() {
    return flowing;
  }

  /** Whether it is the turn of one of its accepted connections. */
  public boolean isDelivering() {
    return delivering && flowing && linesLeft > 0;
  }

  /** One of its accepted connections has passed on a line. */
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

  // By the state as it is now: an opening that was queued may have been overtaken by a stop.
  private void apply() {
    if (isOpen() && !slowed) {
      resume();
    } else {
      stop();
    }
  }

  /** A line was taken at level 0. */
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

  // Dialed connections are read all the same, to see when they end; their lines are held back.
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
   * Something was read that is to be passed on. That is done when the event loop has read all that
   * is ready now: it reads in any order, but a sender that does not wait has its messages on
   * several connections.
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

  // Not among the tasks of this pass, before which all others would have to wait.
  private void goOnLater() {
    loop.schedule(this::passOnWaiting, 0, TimeUnit.NANOSECONDS);
  }

  /**
   * Whether one line of a connection that was reset is passed on: it cannot wait for its turn, and
   * what is too much is lost with it.
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

  /**
   * Gives on what a connection has received; together with its end, which is the end of a line too.
   */
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

  /** Reads what has come, or the end, without waiting for the event loop to select the channel. */
  private void readNow(Channel channel) {
    if (isDelivering() && channel.isActive()) {
      ((AbstractNioChannel.NioUnsafe) channel.unsafe()).read();
    }
  }
}
