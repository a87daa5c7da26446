package io.p2pchat.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * One remote IP address: its connections and its account. At level 0 a message has a connection of
 * its own, so it is the address that is stopped when too much of its waits. Used on the event loop
 * only.
 */
final class Host implements Account.Valve {
  final Account account;
  // In the order in which they were last heard.
  final Map<Channel, Host> accepted = new LinkedHashMap<>(4, 0.75f, true);
  final Set<Channel> dialed = new LinkedHashSet<>();
  private final HandOver handOver;
  private final EventLoop loop;

  Host(HandOver handOver, EventLoop loop) {
    this.handOver = handOver;
    this.loop = loop;
    this.account = handOver.open(this);
  }

  boolean isOpen() {
    return handOver.isOpen(account);
  }

  boolean isUnused() {
    return accepted.isEmpty() && dialed.isEmpty() && handOver.isIdle(account);
  }

  @Override
  public void set(boolean open) {
    if (loop.inEventLoop()) {
      apply();
      return;
    }
    try {
      loop.execute(this::apply);
    } catch (RejectedExecutionException e) {
      // The node has closed, and with it all connections.
      accepted.clear();
    }
  }

  // By the state as it is now: an opening that was queued may have been overtaken by a stop.
  private void apply() {
    boolean open = isOpen();
    accepted.keySet().forEach(channel -> channel.config().setAutoRead(open));
    dialed.forEach(channel -> channel.config().setAutoRead(open));
  }
}
