package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.Cut.Manner;
import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * Dials the target of a {@link FaultProxy}, and has all its connections. It is locked while it
 * dials: who has seen the target accept a connection finds it here.
 */
final class Relay implements AutoCloseable {
  private static final int DIAL_MILLIS = 10_000;

  private final InetSocketAddress target;
  private final TrafficLog log;
  private final List<ForwardedConnection> connections = new CopyOnWriteArrayList<>();
  private CutPlan plan = CutPlan.NONE;
  private Cut next = Cut.never();
  private Duration delay = Duration.ZERO;
  private int rate = Integer.MAX_VALUE;
  private boolean stalled;
  private boolean closed;

  Relay(InetSocketAddress target, TrafficLog log) {
    this.target = target;
    this.log = log;
  }

  /** Forwards an accepted connection. */
  synchronized void forward(Socket dialer) throws IOException {
    Socket acceptor = new Socket();
    try {
      dialer.setTcpNoDelay(true);
      acceptor.setTcpNoDelay(true);
      acceptor.connect(target, DIAL_MILLIS);
    } catch (IOException e) {
      acceptor.close();
      throw e;
    }
    add(new SocketPair(dialer, acceptor));
  }

  synchronized void cutAfter(Set<Direction> counted, long bytes, Manner manner) {
    List<ForwardedConnection> existing = forwarding();
    existing.forEach(each -> each.cutBy(Cut.after(counted, bytes, manner)));
    next = existing.isEmpty() ? Cut.after(counted, bytes, manner) : Cut.never();
  }

  synchronized void cutRandomly(RandomGenerator random, long maxBytes, int cuts) {
    plan = new CutPlan(random, maxBytes, cuts);
    forwarding().forEach(connection -> connection.cutBy(plan.next()));
  }

  synchronized void cutNow() {
    connections.forEach(ForwardedConnection::cutNow);
  }

  synchronized void stall(boolean stalled) {
    this.stalled = stalled;
    connections.forEach(connection -> connection.stall(stalled));
  }

  synchronized void delay(Duration time) {
    delay = time;
  }

  synchronized void slow(int bytesPerSecond) {
    rate = bytesPerSecond;
  }

  synchronized void dropSilently() {
    connections.forEach(ForwardedConnection::dropSilently);
  }

  synchronized int open() {
    return (int) connections.stream().filter(ForwardedConnection::isOpen).count();
  }

  synchronized int forwarded() {
    return log.connections();
  }

  @Override
  public synchronized void close() {
    closed = true;
    connections.forEach(ForwardedConnection::close);
  }

  private List<ForwardedConnection> forwarding() {
    return connections.stream().filter(ForwardedConnection::isForwarding).toList();
  }

  private void add(SocketPair sides) {
    ForwardedConnection connection = new ForwardedConnection(sides, log, connections::remove);
    connections.add(connection);
    connection.stall(stalled);
    Cut planned = plan.next();
    connection.cutBy(next.isNever() ? planned : next);
    next = Cut.never();
    connection.start(delay, rate);
    if (closed) {
      connection.close();
    }
  }
}
