package io.p2pchat.testing.faultproxy;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network on this machine whose addresses move from node to node while the nodes run, as after
 * DHCP, or that hides several nodes behind one address, as address translation does. All addresses
 * have one port.
 *
 * <p>A node listens at its home, which no other node learns. The others see it at its place: what
 * it dials comes from there, and what others dial there comes to the node that was moved there
 * last.
 *
 * <p>This class is thread-safe.
 */
public final class MovingNetwork implements AutoCloseable {
  private static final int DIAL_MILLIS = 10_000;
  private static final int TRIES = 100;

  private record Moving(InetAddress from, InetAddress to, ForwardedConnection connection) {}

  // Other processes run these tests too, and dial from their homes.
  private static final AtomicInteger NETWORKS =
      new AtomicInteger((int) (ProcessHandle.current().pid() % 250));

  // Homes of its own, because others dial from theirs, with any port.
  private final int homes = 1 + NETWORKS.getAndIncrement() % 250;
  private final int port;
  private final List<Dials> places = new ArrayList<>();
  private final TrafficLog log = new TrafficLog();
  private final Map<InetAddress, InetAddress> placeOfHome = new ConcurrentHashMap<>();
  private final Map<InetAddress, InetAddress> homeOfPlace = new ConcurrentHashMap<>();
  private final List<Moving> connections = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private MovingNetwork(int count) throws IOException {
    this.port = listen(0, 0);
    for (int i = 1; i < count; i++) {
      listen(i, port);
    }
  }

  /** Makes a network with so many places. */
  public static MovingNetwork open(int places) throws IOException {
    for (int i = 1; ; i++) {
      try {
        MovingNetwork network = new MovingNetwork(places);
        network.places.forEach(Dials::start);
        return network;
      } catch (BindException e) {
        // Somebody has the port at one of the places.
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }

  private int listen(int place, int atPort) throws IOException {
    try {
      InetAddress ip = ip(0, place);
      Dials dials =
          new Dials(new InetSocketAddress(ip, atPort), connection -> forward(ip, connection));
      places.add(dials);
      return dials.port();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static InetAddress ip(int net, int number) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, (byte) net, (byte) (10 + number)});
  }

  private InetAddress homeIp(int node) throws IOException {
    return ip(homes, node);
  }

  /** The port of all places and homes. */
  public int port() {
    return port;
  }

  /** Where a node listens. */
  public String home(int node) {
    return "127.0." + homes + "." + (10 + node);
  }

  /** Where others dial the node at a place. */
  public PeerAddress place(int place) {
    return new PeerAddress("127.0.0." + (10 + place), port);
  }

  /** From now on a node is at this place, and gets what comes there. */
  public void move(int node, int place) throws IOException {
    placeOfHome.put(homeIp(node), ip(0, place));
    homeOfPlace.put(ip(0, place), homeIp(node));
  }

  /** From now on nobody is at this place. */
  public void vacate(int place) throws IOException {
    homeOfPlace.remove(ip(0, place));
  }

  /** Resets all connections of a node. */
  public void cut(int node) throws IOException {
    InetAddress home = homeIp(node);
    connections.stream()
        .filter(each -> each.from().equals(home) || each.to().equals(home))
        .forEach(each -> each.connection().cutNow());
  }

  /** Turns the connections of a node into half-open ones: no side learns that the other is gone. */
  public void dropSilently(int node) throws IOException {
    InetAddress home = homeIp(node);
    connections.stream()
        .filter(each -> each.from().equals(home) || each.to().equals(home))
        .forEach(each -> each.connection().dropSilently());
  }

  private void forward(InetAddress place, Socket dialer) throws IOException {
    InetAddress from = dialer.getInetAddress();
    InetAddress to = homeOfPlace.get(place);
    if (to == null) {
      throw new IOException("nobody is there");
    }
    Socket acceptor = new Socket();
    try {
      dialer.setTcpNoDelay(true);
      acceptor.setTcpNoDelay(true);
      acceptor.bind(new InetSocketAddress(placeOfHome.getOrDefault(from, from), 0));
      acceptor.connect(new InetSocketAddress(to, port), DIAL_MILLIS);
    } catch (IOException e) {
      acceptor.close();
      throw e;
    }
    ForwardedConnection connection =
        new ForwardedConnection(
            new SocketPair(dialer, acceptor),
            log,
            over -> connections.removeIf(each -> each.connection() == over));
    connections.add(new Moving(from, to, connection));
    connection.start(Duration.ZERO, Integer.MAX_VALUE);
    if (closed || !to.equals(homeOfPlace.get(place))) {
      connection.close();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (Dials each : places) {
      each.close();
    }
    connections.forEach(each -> each.connection().close());
  }
}
