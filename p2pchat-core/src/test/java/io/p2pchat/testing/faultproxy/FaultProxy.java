package io.p2pchat.testing.faultproxy;

import io.p2pchat.PeerAddress;
import io.p2pchat.testing.faultproxy.Cut.Manner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Stands between a node that dials and a node that listens, and breaks their connections. What it
 * is not told to break it passes on unchanged, half-closes and resets too.
 *
 * <p>Bytes are counted when they are written to their receiver. A cut after a number of bytes waits
 * for the writes before it, so it is late if the receiver does not read; and a reset loses what a
 * receiver has had no room for yet. A receiver that reads gets all that was counted, and never
 * more. Nothing cuts a connection on which nothing moves, but {@link #cutNow}.
 *
 * <p>A connection is there when the side that listens can accept it; the side that dials may take
 * it for made a little earlier.
 *
 * <p>This class is thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  /** The two ways through a connection. */
  public enum Direction {
    /** From the side that dialed to the side that listens. */
    TO_ACCEPTOR,
    /** From the side that listens to the side that dialed. */
    TO_DIALER;

    Direction opposite() {
      return this == TO_ACCEPTOR ? TO_DIALER : TO_ACCEPTOR;
    }
  }

  private final TrafficLog log = new TrafficLog();
  private final Relay relay;
  private final Dials dials;

  private FaultProxy(InetSocketAddress listen, InetSocketAddress target) throws IOException {
    this.relay = new Relay(target, log);
    this.dials = new Dials(listen, relay::forward);
  }

  /** Begins to listen on a free port, and to forward to a port of this machine. */
  public static FaultProxy to(int targetPort) throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    return between(new InetSocketAddress(local, 0), new InetSocketAddress(local, targetPort));
  }

  /** Begins to listen at one address, and to forward to another, of whatever machine. */
  public static FaultProxy between(InetSocketAddress listen, InetSocketAddress target)
      throws IOException {
    FaultProxy proxy = new FaultProxy(listen, target);
    proxy.dials.start();
    return proxy;
  }

  /** The port it listens on. */
  public int port() {
    return dials.port();
  }

  /** Where those on this machine reach it. */
  public PeerAddress address() {
    return new PeerAddress("127.0.0.1", port());
  }

  /** Resets each connection of now, or else the next one, after so many bytes of both ways. */
  public void cutAfter(long bytes) {
    relay.cutAfter(EnumSet.allOf(Direction.class), bytes, Manner.RESET);
  }

  /** The same, where only the bytes of one way are counted. */
  public void cutAfter(Direction direction, long bytes) {
    relay.cutAfter(EnumSet.of(direction), bytes, Manner.RESET);
  }

  /** The same with a clean close: both sides see the end, and what they still send is lost. */
  public void endAfter(Direction direction, long bytes) {
    relay.cutAfter(EnumSet.of(direction), bytes, Manner.CLEAN);
  }

  /** Resets all connections at once, also in the middle of a write. */
  public void cutNow() {
    relay.cutNow();
  }

  /**
   * Cuts each connection, of now and of later, after 0 to {@code maxBytes} bytes of both ways, with
   * a reset or with a clean close, until so many cuts are made. When and how the n-th connection is
   * cut depends on the generator alone, which nothing else may use from now on.
   */
  public void cutRandomly(RandomGenerator random, long maxBytes, int cuts) {
    relay.cutRandomly(random, maxBytes, cuts);
  }

  /**
   * Forwards nothing from now on. All connections stay open, and none is read, except for one
   * buffer of 64 KiB each way that a read under way may still fill. New ones are made, and stall
   * too.
   */
  public void stall() {
    relay.stall(true);
  }

  /** Forwards again; nothing of before is lost. */
  public void resume() {
    relay.stall(false);
  }

  /**
   * On each later connection, passes on what comes after this time, both ways, ends and resets too.
   * Up to 1 MiB each way is on its way at once; a stall lets so much more be read.
   */
  public void delay(Duration time) {
    relay.delay(time);
  }

  /** On each later connection, passes on no more than so many bytes a second each way. */
  public void slow(int bytesPerSecond) {
    relay.slow(bytesPerSecond);
  }

  /**
   * Turns the connections of now into half-open ones, as when a cable is pulled: what they send is
   * read and thrown away, and neither side learns that the other has ended. New ones work.
   */
  public void dropSilently() {
    relay.dropSilently();
  }

  /** From now on resets each connection as soon as it is accepted, or no longer does. */
  public void refuse(boolean refusing) {
    dials.refuse(refusing);
  }

  /** Accepts connections from now on, but does not forward them before they are released. */
  public void holdDials() {
    dials.hold();
  }

  /**
   * Forwards what was held, and what comes later at once. The target is dialed on this thread, for
   * one connection after the other, with their numbers of arrival (0, 1, ...) in the given order.
   */
  public void releaseDials(Comparator<Integer> order) {
    dials.release(order);
  }

  /** How many connections are held now. */
  public int heldDials() {
    return dials.held();
  }

  /** How many connections it has refused so far. */
  public int refusedDials() {
    return dials.refused();
  }

  /** How many connections it has forwarded so far. */
  public int connections() {
    return relay.forwarded();
  }

  /** How many connections are forwarded now; half-open ones count, cleanly cut ones do not. */
  public int openConnections() {
    return relay.open();
  }

  /** How many connections it has cut so far, in any manner. */
  public int cuts() {
    return log.cuts();
  }

  /** How many bytes it has forwarded so far, both ways, over all connections. */
  public long forwarded() {
    return log.bytes();
  }

  /** Records what is forwarded from now on, or no longer does. */
  public void record(boolean recording) {
    log.record(recording);
  }

  /**
   * The recorded lines, in the order in which they were completed: {@code "0 > text"} from the
   * dialer of connection 0, {@code "0 < text"} from its acceptor, without the line feeds. What has
   * no line feed yet comes last.
   */
  public List<String> transcript() {
    return log.lines();
  }

  /** Ends listening, and resets all connections. */
  @Override
  public void close() throws IOException {
    dials.close();
    relay.close();
  }
}
