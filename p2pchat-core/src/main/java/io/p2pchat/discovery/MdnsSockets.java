package io.p2pchat.discovery;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a socket for each interface and family. Looks at the interfaces every 5 s: opens sockets
 * for new ones, closes those of interfaces that have gone, and replaces those that have failed,
 * whose interface has changed, and all after a jump of the clock. Used on the event loop only.
 */
final class MdnsSockets {
  private static final Logger LOG = LoggerFactory.getLogger(MdnsSockets.class);
  private static final long POLL_MILLIS = 5_000;
  private static final int MAX_INTERFACES = 32;
  private static final int PACKETS_OF_HOST = 200;
  private static final int PACKETS_PER_SECOND = 100;
  private static final int ALL_HOSTS = 10;
  private static final List<ProtocolFamily> FAMILIES =
      List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);

  private final EventLoop loop;
  private final Advertisement self;
  private final Listener listener;
  private final Map<Key, MdnsSocket> sockets = new LinkedHashMap<>();
  private final Set<Key> refused = new HashSet<>();
  private final MdnsRateLimit packets;
  private final ClockJump clock;
  private @Nullable Future<?> next;
  private boolean failed;

  private record Key(int index, String name, ProtocolFamily family) {}

  /** Hears of links and packets. */
  interface Listener {
    /** A link can be used. A link that it replaces is removed afterwards. */
    void added(MdnsLink link);

    /** A link has gone. */
    void removed(MdnsLink link);

    /**
     * A packet has come from the link itself.
     *
     * @param source the host that it came from
     */
    void received(MdnsLink link, InetAddress source, MdnsPacket packet);
  }

  MdnsSockets(EventLoop loop, Advertisement self, Listener listener) {
    this.loop = loop;
    this.self = self;
    this.listener = listener;
    long now = loop.ticker().nanoTime();
    this.packets = new MdnsRateLimit(PACKETS_OF_HOST, PACKETS_PER_SECOND, ALL_HOSTS, now);
    this.clock = new ClockJump(POLL_MILLIS, System.currentTimeMillis(), now);
  }

  /** Opens the sockets, and looks at the interfaces from now on. */
  void start() {
    next = loop.schedule(this::start, POLL_MILLIS, TimeUnit.MILLISECONDS);
    try {
      boolean jumped = clock.look(System.currentTimeMillis(), loop.ticker().nanoTime());
      if (jumped) {
        LOG.debug("The clock has jumped; announcing anew");
      }
      update(interfaces(), jumped);
    } catch (SocketException | RuntimeException e) {
      LOG.debug("The network interfaces cannot be read now", e);
    }
  }

  /** Closes all sockets, once what was sent has left. */
  void close() {
    if (next != null) {
      next.cancel(false);
    }
    sockets.values().forEach(MdnsSocket::close);
    sockets.clear();
  }

  private List<MdnsInterface> interfaces() throws SocketException {
    Set<InetAddress> dialable = dialable();
    List<MdnsInterface> usable = new ArrayList<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      MdnsInterface network = lookAt(each, dialable);
      if (network != null && usable.size() < MAX_INTERFACES) {
        usable.add(network);
      }
    }
    return usable;
  }

  /** Returns the addresses to announce: those of this node, if it wants to be found. */
  private Set<InetAddress> dialable() {
    Set<InetAddress> dialable = new HashSet<>();
    try {
      if (self.announces()) {
        self.addresses().forEach(address -> address.ip().ifPresent(dialable::add));
      }
    } catch (RuntimeException e) {
      if (!failed) {
        LOG.warn("The addresses of this node are not known, so it is not announced", e);
      }
      failed = true;
    }
    return dialable;
  }

  private static @Nullable MdnsInterface lookAt(NetworkInterface each, Set<InetAddress> dialable) {
    try {
      return MdnsInterface.of(each, dialable);
    } catch (SocketException e) {
      // It has gone meanwhile.
      return null;
    }
  }

  private void update(List<MdnsInterface> interfaces, boolean anew) {
    Set<Key> gone = new HashSet<>(sockets.keySet());
    for (MdnsInterface network : interfaces) {
      for (ProtocolFamily family : FAMILIES) {
        NetworkInterface device = network.device();
        Key key = new Key(device.getIndex(), device.getName(), family);
        if (network.has(family)) {
          gone.remove(key);
          MdnsSocket old = sockets.get(key);
          if (old == null || anew || old.hasFailed() || !old.network().equals(network)) {
            replace(key, network, old);
          }
        }
      }
    }
    for (Key key : gone) {
      remove(sockets.remove(key));
    }
  }

  private void replace(Key key, MdnsInterface network, @Nullable MdnsSocket old) {
    try {
      MdnsSocket socket = MdnsSocket.open(loop, network, key.family(), this::received);
      sockets.put(key, socket);
      refused.remove(key);
      LOG.debug("Opened {}", socket);
      listener.added(socket);
    } catch (IOException | RuntimeException e) {
      sockets.remove(key);
      // Once, and not every five seconds.
      if (refused.add(key)) {
        LOG.warn(
            "Multicast DNS does not work on {} ({}): {}. It is tried again every {} s",
            key.name(),
            key.family(),
            e.getMessage(),
            TimeUnit.MILLISECONDS.toSeconds(POLL_MILLIS));
      }
    }
    remove(old);
  }

  private void remove(@Nullable MdnsSocket socket) {
    if (socket != null) {
      LOG.debug("Closing {}", socket);
      listener.removed(socket);
      socket.close();
    }
  }

  private void received(MdnsSocket socket, DatagramPacket datagram) {
    InetAddress source = datagram.sender().getAddress();
    if (!counts(socket, datagram.sender()) || !packets.take(source, loop.ticker().nanoTime())) {
      return;
    }
    MdnsPacket packet = MdnsPacket.decode(datagram.content());
    if (packet != null) {
      listener.received(socket, source, packet);
    }
  }

  /**
   * Returns whether packets of a sender count: those from beyond the link do not, nor those of
   * simple resolvers, which want a unicast answer (RFC 6762 sections 6.7 and 11).
   */
  static boolean counts(MdnsLink link, InetSocketAddress sender) {
    return sender.getPort() == MdnsSocket.PORT && link.isOnLink(sender.getAddress());
  }
}
