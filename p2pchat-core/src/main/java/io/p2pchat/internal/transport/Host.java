package io.p2pchat.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.AbstractNioChannel;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.frame.ReadingResumed;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One remote IP address: its connections and its account. At level 0 a message has a connection of
 * its own, so it is the address that is stopped when too much of its waits. Used on the event loop
 * only.
 */
final class Host implements Account.Valve {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);

  final Account account;

  /** The accepted connections, the longest-silent first. */
  final Map<Channel, Host> accepted = new LinkedHashMap<>(4, 0.75f, true);

  /** All connections, the oldest first. */
  final Set<Channel> byAge = new LinkedHashSet<>();

  private final HandOver handOver;
  private boolean flowing = true;
  private final EventLoop loop;

  Host(HandOver handOver, EventLoop loop) {
    this.handOver = handOver;
    this.loop = loop;
    this.account = handOver.open(this);
  }

  boolean isUnused() {
    return byAge.isEmpty() && handOver.isIdle(account);
  }

  /** Whether what is received from here is given on now. */
  boolean isFlowing() {
    return flowing;
  }

  @Override
  public void set(boolean open) {
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
    if (account.isOpen()) {
      resume();
    } else {
      stop();
    }
  }

  // Dialed connections are read all the same, to see when they end; their lines are held back.
  private void stop() {
    flowing = false;
    accepted.keySet().forEach(channel -> channel.config().setAutoRead(false));
  }

  /**
   * One connection after the other, the oldest first, until stopped again. Each is read here and
   * now: a sender that does not wait has its messages on several connections, and they must stay in
   * order.
   */
  private void resume() {
    flowing = true;
    for (Channel channel : List.copyOf(byAge)) {
      if (!flowing) {
        return;
      }
      if (channel.isActive()) {
        channel.config().setAutoRead(true);
        channel.pipeline().fireUserEventTriggered(ReadingResumed.INSTANCE);
        readNow(channel);
        // A line without a line end is whole only with the end of the stream, which a read of its
        // own finds.
        readNow(channel);
      }
    }
  }

  /**
   * Reads what has come on a connection, or its end, without waiting for the event loop to select
   * it.
   */
  static void readNow(Channel channel) {
    if (channel.isActive()) {
      ((AbstractNioChannel.NioUnsafe) channel.unsafe()).read();
    }
  }
}
