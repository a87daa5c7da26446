package io.p2pchat.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.frame.ReadingResumed;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
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
      LOG.trace("The node has closed, and with it all connections", e);
    }
  }

  // By the state as it is now: an opening that was queued may have been overtaken by a stop. Dialed
  // connections are read all the same, to see when they end; their lines are held back.
  private void apply() {
    if (account.isOpen()) {
      resume();
    } else {
      accepted.keySet().forEach(channel -> channel.config().setAutoRead(false));
    }
  }

  /** In the order of their acceptance, which keeps the order of messages; until stopped again. */
  private void resume() {
    List<Channel> all = Stream.concat(accepted.keySet().stream(), dialed.stream()).toList();
    for (Channel channel : all) {
      if (account.isOpen()) {
        channel.config().setAutoRead(true);
        channel.pipeline().fireUserEventTriggered(ReadingResumed.INSTANCE);
      }
    }
  }
}
