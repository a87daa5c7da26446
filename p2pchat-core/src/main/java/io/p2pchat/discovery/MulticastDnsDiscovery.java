package io.p2pchat.discovery;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetAddress;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nodes on the same network segment by DNS-SD over multicast DNS (RFC 6762 and 6763). The
 * service is {@code _p2pchat._tcp}. Other programs can find this node too, such as {@code
 * avahi-browse -rt _p2pchat._tcp} and {@code dns-sd -B _p2pchat._tcp}.
 *
 * <ul>
 *   <li>It uses every interface that can multicast, by IPv4 and by IPv6, except loopback and
 *       point-to-point ones such as most VPNs. It looks at the interfaces every five seconds.
 *   <li>It announces the {@code NODE}, the team name, the port, the {@linkplain
 *       Advertisement#keyHint hint of the key} and, on each interface, those {@linkplain
 *       Advertisement#addresses addresses} that belong to it. Everybody on the network can read
 *       this.
 *   <li>It shares UDP port 5353 with the system's responder, such as avahi-daemon.
 *   <li>Nothing leaves the local network: it answers nobody beyond it, and by multicast only.
 *   <li>A node that was killed is lost within two minutes, one that closes within two seconds.
 * </ul>
 *
 * <p>Specification: docs/PROTOCOL.md, section 8. This class is thread-safe. It has one daemon
 * thread from {@link #start} to {@link #close}.
 */
public final class MulticastDnsDiscovery implements PeerDiscovery {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long START_MILLIS = 5_000;
  private static final long CLOSE_MILLIS = 450;

  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private volatile @Nullable Parts parts;

  private enum State {
    NEW,
    STARTED,
    CLOSED
  }

  /** Creates the source. It does nothing before {@link #start}. */
  public MulticastDnsDiscovery() {}

  @Override
  public String name() {
    return "mdns";
  }

  @Override
  public void start(Advertisement self, Sink sink) {
    if (!state.compareAndSet(State.NEW, State.STARTED)) {
      throw new IllegalStateException("was started or closed before; create a new one");
    }
    Parts started = new Parts(loop(), self, sink);
    parts = started;
    started.start();
  }

  @Override
  public void close() {
    State before = state.getAndSet(State.CLOSED);
    Parts started = parts;
    if (before == State.STARTED && started != null) {
      started.close();
    }
  }

  private static EventLoop loop() {
    String name = "p2pchat-mdns-" + COUNT.incrementAndGet();
    try {
      return new SingleThreadIoEventLoop(
          null,
          task -> {
            Thread thread = new FastThreadLocalThread(task, name);
            thread.setDaemon(true);
            return thread;
          },
          NioIoHandler.newFactory());
    } catch (RuntimeException e) {
      throw new DiscoveryException(
          "Multicast DNS cannot start: " + e.getMessage() + ". Free some files or memory", e);
    }
  }

  /** The parts, all on one event loop. */
  private static final class Parts {
    private final EventLoop loop;
    private final MdnsResponder responder;
    private final MdnsBrowser browser;
    private final MdnsSockets sockets;

    Parts(EventLoop loop, Advertisement self, Sink sink) {
      RandomGenerator random = new SplittableRandom();
      this.loop = loop;
      this.responder = new MdnsResponder(loop, self, random);
      this.browser = new MdnsBrowser(loop, self.node(), sink, random);
      this.sockets = new MdnsSockets(loop, self, new Links(responder, browser));
    }

    void start() {
      loop.submit(sockets::start).awaitUninterruptibly(START_MILLIS);
    }

    void close() {
      if (loop.inEventLoop()) {
        sayGoodbye();
      } else {
        loop.submit(this::sayGoodbye).awaitUninterruptibly(CLOSE_MILLIS);
      }
      // Only now: an event loop closes its channels first of all.
      loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      if (!loop.inEventLoop()) {
        loop.terminationFuture().awaitUninterruptibly(CLOSE_MILLIS);
      }
    }

    private void sayGoodbye() {
      browser.close();
      responder.close();
      sockets.close();
    }
  }

  /** Tells both halves of links and packets. */
  private record Links(MdnsResponder responder, MdnsBrowser browser)
      implements MdnsSockets.Listener {
    @Override
    public void added(MdnsLink link) {
      responder.add(link);
      browser.add(link);
    }

    @Override
    public void removed(MdnsLink link) {
      responder.remove(link);
      browser.remove(link);
    }

    @Override
    public void received(MdnsLink link, InetAddress source, MdnsPacket packet) {
      responder.receive(link, source, packet);
      browser.receive(link, source, packet);
    }
  }
}
