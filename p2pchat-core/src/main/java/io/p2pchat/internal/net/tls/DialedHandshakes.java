package io.p2pchat.internal.net.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.p2pchat.internal.net.CountedTime;
import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Begins a few TLS handshakes of dialed connections at a time, so that they end (PROTOCOL.md
 * section 6). Many at once would share the cores of this machine and of the peers, and none would
 * end before its timeout. The others wait without a timeout, and hosts take turns.
 *
 * <p>A handshake counts until the peer has answered {@code HELLO}: its part of the computation is
 * done only then. Each quick one makes room for one more, and a slow one makes them few again. A
 * slow one no longer counts, so that a peer that does not answer does not keep others waiting.
 *
 * <p>Used on the event loop.
 */
final class DialedHandshakes {
  /** How many count at first. */
  private static final int FIRST = 2;

  /** How many count after one was slow because of its peer, or because this machine is busy. */
  private static final int SLOW_PEER = 4;

  private static final int BUSY = 1;

  private static final int MOST = 256;
  private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(500);

  /** From when on a handshake is slow. It no longer counts, unless this machine is busy. */
  private static final long SLOW = TimeUnit.SECONDS.toNanos(1);

  /** From when on a handshake does not count even if this machine is busy. */
  private static final long SLOW_WHILE_BUSY = TimeUnit.SECONDS.toNanos(5);

  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);

  // The host with the next turn comes first.
  private final Map<HostPrefix, Map<Channel, Supplier<TlsHandlers>>> waiting =
      new LinkedHashMap<>();

  private final Set<Channel> counted = new HashSet<>();
  private int most = FIRST;
  private boolean scheduled;

  /**
   * Queues a handshake.
   *
   * @param begin begins the handshake, later and unless the connection is closed before
   */
  void await(Channel channel, InetAddress ip, Supplier<TlsHandlers> begin) {
    HostPrefix host = HostPrefix.of(ip);
    waiting.computeIfAbsent(host, added -> new LinkedHashMap<>()).put(channel, begin);
    channel.closeFuture().addListener(closed -> drop(channel, host));
    goOn(channel);
  }

  private void drop(Channel channel, HostPrefix host) {
    Map<Channel, Supplier<TlsHandlers>> own = waiting.get(host);
    if (own != null && own.remove(channel) != null && own.isEmpty()) {
      waiting.remove(host);
    }
    release(channel);
  }

  private void release(Channel channel) {
    if (counted.remove(channel)) {
      goOn(channel);
    }
  }

  private void goOn(Channel channel) {
    if (waiting.isEmpty() && counted.isEmpty()) {
      most = FIRST;
    } else if (!waiting.isEmpty() && counted.size() < most && !scheduled) {
      scheduled = true;
      // Scheduled, not executed: a task would run in this pass, before all other work.
      channel.eventLoop().schedule(this::beginNext, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void beginNext() {
    scheduled = false;
    Iterator<Map.Entry<HostPrefix, Map<Channel, Supplier<TlsHandlers>>>> hosts =
        waiting.entrySet().iterator();
    if (!hosts.hasNext() || counted.size() >= most) {
      return;
    }
    Map.Entry<HostPrefix, Map<Channel, Supplier<TlsHandlers>>> first = hosts.next();
    HostPrefix host = first.getKey();
    Map<Channel, Supplier<TlsHandlers>> own = first.getValue();
    hosts.remove();
    Channel channel = own.keySet().iterator().next();
    Supplier<TlsHandlers> begin = Objects.requireNonNull(own.remove(channel));
    if (!own.isEmpty()) {
      waiting.put(host, own);
    }
    counted.add(channel);
    goOn(channel);
    try {
      new Handshake(channel, begin.get()).begin();
    } catch (RuntimeException | Error e) {
      // Nothing else would end it.
      channel.close();
      throw e;
    }
  }

  /** A handshake that counts. */
  private final class Handshake extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private final TlsHandlers handlers;
    private final CountedTime time = new CountedTime(STEP);
    private final long begun;

    Handshake(Channel channel, TlsHandlers handlers) {
      this.channel = channel;
      this.handlers = handlers;
      this.begun = now();
    }

    private long now() {
      return channel.eventLoop().ticker().nanoTime();
    }

    void begin() {
      handlers
          .handler()
          .handshakeFuture()
          .addListener(
              ended -> {
                if (ended.isSuccess() && channel.isActive()) {
                  ChannelHandlerContext tls = channel.pipeline().context(handlers.handler());
                  channel.pipeline().addAfter(tls.name(), null, this);
                } else {
                  release(channel);
                }
              });
      awaitStep();
    }

    /** The peer has answered. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (now() - begun < QUICK && !waiting.isEmpty()) {
        most = Math.min(most + 1, MOST);
      }
      release(channel);
      ctx.fireChannelRead(message);
      ctx.pipeline().remove(this);
    }

    private void awaitStep() {
      channel.eventLoop().schedule(this::stepEnded, time.begin(now()), TimeUnit.NANOSECONDS);
    }

    private void stepEnded() {
      if (!counted.contains(channel)) {
        return;
      }
      long now = now();
      long counting = time.end(now);
      if (counting >= SLOW) {
        most = SLOW_PEER;
        release(channel);
      } else if (now - begun >= SLOW_WHILE_BUSY) {
        release(channel);
      } else {
        if (now - begun >= SLOW && counting < SLOW / 2) {
          most = BUSY;
        }
        awaitStep();
      }
    }
  }
}
