package io.p2pchat.internal.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.p2pchat.IpRange;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.ThrottledLogger;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * All connections of a node, with the limits on accepted ones, in all and per host (PROTOCOL.md
 * section 6). Used on the event loop only.
 */
public final class ConnectionTable {
  private static final int FEW_HOSTS = 1024;

  private final NodeSettings settings;
  private final List<IpSubnetFilterRule> allowed;
  private final EventDispatcher events;
  private final EventLoop loop;
  public final NodeCounters counters;
  public final ReadBudget reads;
  private final ThrottledLogger log =
      new ThrottledLogger(LoggerFactory.getLogger(ConnectionTable.class));
  private final Map<HostPrefix, RemoteHost> hosts = new HashMap<>();
  // In access order: the longest-silent connection first.
  private final Map<Channel, RemoteHost> accepted = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Channel> sessions = new HashSet<>();
  private int sweepAt = FEW_HOSTS;

  /** Creates an empty table. */
  public ConnectionTable(
      NodeSettings settings,
      List<IpRange> allowed,
      EventDispatcher events,
      EventLoop loop,
      NodeCounters counters) {
    this.settings = settings;
    this.allowed =
        allowed.stream()
            .map(
                range ->
                    new IpSubnetFilterRule(
                        range.address(), range.prefix(), IpFilterRuleType.ACCEPT))
            .toList();
    this.events = events;
    this.loop = loop;
    this.counters = counters;
    this.reads = new ReadBudget(loop);
  }

  /** Adds an accepted connection, or refuses it with a reset. */
  public boolean admit(Channel channel) {
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    if (remote == null) {
      return false;
    }
    if (!isAllowed(remote)) {
      refuse(channel, "A connection was refused: its address is not among those allowed");
      return false;
    }
    RemoteHost host = host(remote.getAddress());
    long now = System.nanoTime();
    makeRoom(
        host.accepted.size(),
        settings.maxConnectionsPerIp(),
        host.silentSince(now - settings.firstFrameTimeout().toNanos()));
    makeRoom(accepted.size(), settings.maxConnections(), accepted.keySet().stream());
    if (accepted.size() >= settings.maxConnections()
        || host.accepted.size() >= settings.maxConnectionsPerIp()) {
      refuse(channel, "A connection was refused: the bound on connections is reached");
      return false;
    }
    accepted.put(channel, host);
    host.accepted.put(channel, now);
    host.byAge.add(channel);
    channel.config().setAutoRead(host.isFlowing());
    removeWhenClosed(channel, host);
    return true;
  }

  private boolean isAllowed(InetSocketAddress remote) {
    return allowed.isEmpty() || allowed.stream().anyMatch(rule -> rule.matches(remote));
  }

  /** Counts and logs a refused connection. Closing it then resets it. */
  public void refuse(Channel channel, String reason) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    counters.connectionsRefused.increment();
    log.warn(reason);
  }

  /** Adds a connection that this node dials. It does not count toward the limits. */
  public RemoteHost dialing(Channel channel, InetSocketAddress target) {
    RemoteHost host = host(target.getAddress());
    host.byAge.add(channel);
    removeWhenClosed(channel, host);
    return host;
  }

  private void removeWhenClosed(Channel channel, RemoteHost host) {
    counters.connections.increment();
    channel.closeFuture().addListener(closed -> remove(channel, host));
  }

  /** Returns the host of an accepted connection. */
  public RemoteHost hostOf(Channel channel) {
    return Objects.requireNonNull(accepted.get(channel), "not admitted");
  }

  /** The accepted connection is at level 0. */
  public void atLevel0(Channel channel, RemoteHost host) {
    host.setLevel0(channel);
  }

  /** The connection is at level 1. */
  public void atLevel1(Channel channel, RemoteHost host) {
    host.setLevel1(channel);
    ReadBudget.limit(channel);
  }

  /** The connection has a session. It is never closed to make room for others. */
  public void hasSession(Channel channel) {
    if (channel.isOpen() && sessions.add(channel)) {
      counters.sessions.increment();
    }
  }

  /** Bytes were read from this connection. */
  void heard(Channel channel, RemoteHost host) {
    accepted.get(channel);
    host.accepted.get(channel);
  }

  private void remove(Channel channel, RemoteHost host) {
    accepted.remove(channel);
    host.remove(channel);
    counters.connections.decrement();
    if (sessions.remove(channel)) {
      counters.sessions.decrement();
    }
  }

  /** Closes all connections. */
  public void closeAll() {
    List<Channel> all =
        hosts.values().stream()
            .flatMap(host -> Stream.concat(host.byAge.stream(), host.level1.stream()))
            .toList();
    all.forEach(Channel::close);
  }

  private RemoteHost host(InetAddress ip) {
    if (hosts.size() >= sweepAt) {
      hosts.values().removeIf(RemoteHost::isUnused);
      sweepAt = Math.max(FEW_HOSTS, 2 * hosts.size());
    }
    return hosts.computeIfAbsent(
        HostPrefix.of(ip), any -> new RemoteHost(events, loop, settings.maxLinesPerSecond()));
  }

  /** Above three quarters of the limit, closes the longest-silent connection that may be closed. */
  private void makeRoom(int count, int bound, Stream<Channel> silent) {
    if (count < bound - bound / 4) {
      return;
    }
    // A connection that this node has stopped reading only seems silent, so it is exempt.
    silent
        .filter(channel -> channel.config().isAutoRead())
        .filter(channel -> !sessions.contains(channel))
        .findFirst()
        .ifPresent(channel -> giveWay(channel, hostOf(channel)));
  }

  private void giveWay(Channel silent, RemoteHost host) {
    // The connection may have ended already, which completes its last line.
    host.passOn(silent, ResumeDecoding.NOW);
    if (silent.isOpen()) {
      log.warn("The longest-silent connection was closed to make room for a new one");
      silent.close();
      if (silent.isOpen()) {
        // Closes below TLS, which may be unable to write its close_notify.
        silent.pipeline().firstContext().close();
      }
    }
  }
}
