package io.p2pchat.discovery;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knocks once at each address of a small network, for networks that drop multicast. It connects to
 * ports {@value #FIRST_PORT} to {@value #LAST_PORT}, {@value #AT_A_TIME} at a time, says nothing,
 * and waits for a greeting. A node that greets is found with its {@code NODE}. A program that stays
 * silent is found as a candidate of level 0. Others are not reported.
 *
 * <p>An administrator may take a sweep for an attack. So it is never done unasked, and an own
 * network is swept as at most the 256 addresses around the own one. Nothing is announced.
 *
 * <p>This class is thread-safe. See docs/DISCOVERY.md.
 */
public final class SubnetSweep implements PeerDiscovery {
  /** The first port at which peers are looked for. */
  public static final int FIRST_PORT = 7001;

  /** The last port at which peers are looked for. */
  public static final int LAST_PORT = 7016;

  /** The maximum number of hosts of a sweep. */
  public static final int MAX_HOSTS = 1024;

  private static final int AT_A_TIME = 64;

  private static final Logger LOG = LoggerFactory.getLogger(SubnetSweep.class);
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long GREETING_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int LONGEST_GREETING = 512;
  private static final Pattern GREETING =
      Pattern.compile(
          "GREETING:1\\|(?:[^\\n]*\\|)?NODE:([a-z2-7]{26})(?:\\|[^\\n]*)?\\r?\\n.*",
          Pattern.DOTALL);

  private final SourceThread thread = new SourceThread("sweep");
  private final List<InetAddress> hosts;
  private final int firstPort;
  private final int lastPort;
  private final boolean ownNetworks;

  private SubnetSweep(
      Collection<InetAddress> hosts, int firstPort, int lastPort, boolean ownNetworks) {
    this.hosts = List.copyOf(hosts);
    this.firstPort = firstPort;
    this.lastPort = lastPort;
    this.ownNetworks = ownNetworks;
  }

  /**
   * Creates a sweep of the networks of this machine: for each IPv4 address of an interface that is
   * up and not loopback, the addresses of its network, or of the /24 around it if the network is
   * larger. They are determined at the start.
   *
   * @return the source
   */
  public static SubnetSweep ofOwnNetworks() {
    return new SubnetSweep(List.of(), FIRST_PORT, LAST_PORT, true);
  }

  /**
   * Creates a sweep of these hosts.
   *
   * @param hosts 1 to {@link #MAX_HOSTS} IP addresses
   * @param firstPort the first port, 1 to 65535
   * @param lastPort the last port, at most 15 after the first
   * @return the source
   * @throws IllegalArgumentException if there are no or too many hosts, or ports
   */
  public static SubnetSweep of(List<InetAddress> hosts, int firstPort, int lastPort) {
    if (hosts.isEmpty() || hosts.size() > MAX_HOSTS) {
      throw new IllegalArgumentException(
          "a sweep has 1 to " + MAX_HOSTS + " hosts, not " + hosts.size());
    }
    if (firstPort < 1
        || lastPort > 65535
        || lastPort < firstPort
        || lastPort - firstPort > LAST_PORT - FIRST_PORT) {
      throw new IllegalArgumentException(
          "not the ports of a sweep: " + firstPort + " to " + lastPort + "; at most 16 in a row");
    }
    return new SubnetSweep(new LinkedHashSet<>(hosts), firstPort, lastPort, false);
  }

  /** Returns {@code sweep}. */
  @Override
  public String name() {
    return "sweep";
  }

  @Override
  public void start(Advertisement self, Sink sink) {
    thread.begin();
    thread.run(() -> sweep(self, sink), 0);
  }

  @Override
  public void close() {
    thread.end();
  }

  private void sweep(Advertisement self, Sink sink) {
    List<InetAddress> all = ownNetworks ? ofOwn() : hosts;
    Set<PeerAddress> own = Set.copyOf(self.addresses());
    Iterator<InetSocketAddress> targets =
        all.stream()
            .flatMap(
                host ->
                    IntStream.rangeClosed(firstPort, lastPort)
                        .mapToObj(port -> new InetSocketAddress(host, port)))
            .filter(target -> !own.contains(PeerAddress.of(target)))
            .iterator();
    try (Selector selector = Selector.open()) {
      while (!thread.hasEnded() && (fill(selector, targets) || !selector.keys().isEmpty())) {
        selector.select(50);
        turn(selector, sink);
      }
      for (SelectionKey key : List.copyOf(selector.keys())) {
        key.channel().close();
      }
      LOG.debug("The sweep of {} hosts has ended", all.size());
    } catch (IOException e) {
      LOG.warn("The sweep failed: {}", e.toString());
    }
  }

  /** Dials up to the limit. Returns whether targets are left. */
  private static boolean fill(Selector selector, Iterator<InetSocketAddress> targets)
      throws IOException {
    while (selector.keys().size() < AT_A_TIME && targets.hasNext()) {
      Knock knock = new Knock(targets.next());
      knock.begin(selector);
    }
    return targets.hasNext();
  }

  private static void turn(Selector selector, Sink sink) throws IOException {
    Set<SelectionKey> ready = selector.selectedKeys();
    for (SelectionKey key : List.copyOf(selector.keys())) {
      if (key.isValid() && key.attachment() instanceof Knock knock) {
        knock.turn(key, ready.contains(key), sink);
      }
    }
    ready.clear();
    // Forgets the closed ones.
    selector.selectNow();
    selector.selectedKeys().clear();
  }

  /** One connection. */
  private static final class Knock {
    private final InetSocketAddress target;
    private final ByteBuffer heard = ByteBuffer.allocate(LONGEST_GREETING);
    private long until = System.nanoTime() + CONNECT_NANOS;

    Knock(InetSocketAddress target) {
      this.target = target;
    }

    void begin(Selector selector) throws IOException {
      SocketChannel channel = SocketChannel.open();
      try {
        channel.configureBlocking(false);
        boolean connected = channel.connect(target);
        channel.register(
            selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        if (connected) {
          until = System.nanoTime() + GREETING_NANOS;
        }
      } catch (IOException e) {
        // No route there, or refused at once.
        channel.close();
      }
    }

    void turn(SelectionKey key, boolean ready, Sink sink) throws IOException {
      SocketChannel channel = (SocketChannel) key.channel();
      try {
        if (ready && key.isConnectable() && channel.finishConnect()) {
          key.interestOps(SelectionKey.OP_READ);
          until = System.nanoTime() + GREETING_NANOS;
        } else if (ready && key.isReadable()) {
          read(channel, sink);
        } else if (System.nanoTime() - until >= 0) {
          if (channel.isConnected() && heard.position() == 0) {
            found(PeerCandidate.builder(PeerAddress.of(target).toString()), sink);
          }
          channel.close();
        }
      } catch (IOException e) {
        channel.close();
      }
    }

    private void read(SocketChannel channel, Sink sink) throws IOException {
      boolean ended = channel.read(heard) < 0;
      String text = new String(heard.array(), 0, heard.position(), StandardCharsets.UTF_8);
      Matcher greeting = GREETING.matcher(text);
      if (greeting.matches()) {
        found(
            PeerCandidate.builder(PeerAddress.of(target).toString())
                .node(greeting.group(1))
                .level(1),
            sink);
      }
      if (ended || greeting.matches() || !heard.hasRemaining()) {
        channel.close();
      }
    }

    private void found(PeerCandidate.Builder candidate, Sink sink) {
      sink.found(candidate.address(PeerAddress.of(target)).build(), LEASE);
    }
  }

  private static List<InetAddress> ofOwn() {
    Set<InetAddress> all = new LinkedHashSet<>();
    try {
      Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
      while (interfaces.hasMoreElements()) {
        NetworkInterface each = interfaces.nextElement();
        if (each.isUp() && !each.isLoopback() && !each.isPointToPoint()) {
          each.getInterfaceAddresses().forEach(address -> addNetwork(address, all));
        }
      }
    } catch (SocketException e) {
      LOG.warn("The interfaces of this machine cannot be read: {}", e.toString());
    }
    return all.stream().limit(MAX_HOSTS).toList();
  }

  private static void addNetwork(InterfaceAddress own, Set<InetAddress> all) {
    if (own.getAddress() instanceof Inet4Address ip && !ip.isLinkLocalAddress()) {
      all.addAll(network(ip, own.getNetworkPrefixLength()));
    }
  }

  /** Returns the hosts of the network of an address, or of the /24 around it if that is smaller. */
  static List<InetAddress> network(Inet4Address own, int prefixLength) {
    int size = 1 << (Integer.SIZE - Math.min(30, Math.max(24, prefixLength)));
    int ip = ByteBuffer.wrap(own.getAddress()).getInt();
    List<InetAddress> hosts = new ArrayList<>(size);
    for (int i = 1; i < size - 1; i++) {
      byte[] host = ByteBuffer.allocate(Integer.BYTES).putInt((ip & -size) + i).array();
      try {
        hosts.add(InetAddress.getByAddress(host));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an IPv4 address has 4 bytes", e);
      }
    }
    return hosts;
  }
}
