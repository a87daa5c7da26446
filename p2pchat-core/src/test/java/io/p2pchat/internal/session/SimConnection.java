package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A simulated TCP connection: each way in order, with delays, until it is cut or closed. */
final class SimConnection {
  /** How many chat lines are on their way at once; the rest waits to be written. */
  private static final int WINDOW = 8;

  /** A chat line on its way. */
  interface ChatOnWire {}

  /** Time and chance. */
  abstract static class World {
    final Random random;
    final VirtualTime time = new VirtualTime();

    /** Whether things still go wrong. */
    boolean faults = true;

    World(long seed) {
      this.random = new Random(seed);
    }

    final long now() {
      return time.now();
    }

    final void at(long when, Runnable action) {
      time.after(when - now(), action);
    }

    /** Within so many milliseconds. */
    final void later(long millis, Runnable action) {
      time.after(delay(millis), action);
    }

    final long delay(long millis) {
      return within(millis * VirtualTime.MILLI + 1);
    }

    final long within(long bound) {
      return (long) (random.nextDouble() * bound);
    }

    /** Whether a node refuses a connection for now. */
    final boolean isBusy() {
      return faults && random.nextInt(20) == 0;
    }
  }

  /** A node. */
  interface Host {
    int index();

    String id();

    /** How often it was started. */
    int incarnation();

    Side peering(int peer);
  }

  /** What a node has with the other. */
  interface Side {
    Host host();

    boolean isStopped();

    void hello(SessionConnection from, Hello hello);

    void control(SessionConnection from, ControlLine line);

    void chat(SessionConnection from, Side sender, ChatOnWire line);

    void lost(SessionConnection from);

    /** Begins to write lines on a connection. */
    Lines lines(long from, boolean numbered);
  }

  /** What one connection writes. */
  interface Lines {
    /** Returns the next lines, each after its control lines; none if none waits. */
    List<Object> next();

    long writtenTo();
  }

  private enum Mark {
    END
  }

  private final World simulation;
  final End dialerEnd;
  final End acceptorEnd;
  private boolean cut;

  SimConnection(World simulation, Side dialer, Host acceptor) {
    this.simulation = simulation;
    this.dialerEnd = new End(dialer.host());
    this.acceptorEnd = new End(acceptor);
    dialerEnd.other = acceptorEnd;
    acceptorEnd.other = dialerEnd;
    dialerEnd.peering = dialer;
  }

  boolean isUp() {
    return !cut && !dialerEnd.closed && !acceptorEnd.closed;
  }

  /** Loses all that has not arrived. The ends learn of it soon, or, if it is silent, never. */
  void cut(boolean silent) {
    cut = true;
    if (!silent) {
      simulation.later(50, dialerEnd::end);
      simulation.later(50, acceptorEnd::end);
    }
  }

  /** One end, as its node's session sees it. */
  final class End implements SessionConnection {
    private final Host node;
    private final int incarnation;
    private final Queue<Object> unread = new ArrayDeque<>();
    private End other = this;
    @Nullable Side peering;
    private @Nullable Lines lines;
    private boolean closed;
    private int onTheWay;
    private long lastArrival;

    End(Host node) {
      this.node = node;
      this.incarnation = node.incarnation();
    }

    @Override
    public void send(ControlLine line) {
      transmit(line);
    }

    @Override
    public boolean isEncrypted() {
      return true;
    }

    @Override
    public void startLines(long from, boolean numbered) {
      if (peering != null) {
        lines = peering.lines(from, numbered);
        pump();
      }
    }

    @Override
    public long writtenTo() {
      return lines == null ? 0 : lines.writtenTo();
    }

    @Override
    public void close() {
      if (!closed) {
        transmit(Mark.END);
        closed = true;
      }
    }

    @Override
    public boolean hasDrained() {
      return false;
    }

    /** Writes what waits, as far as there is room. */
    void pump() {
      while (lines != null && !closed && onTheWay < WINDOW) {
        List<Object> next = lines.next();
        if (next.isEmpty()) {
          return;
        }
        for (Object line : next) {
          onTheWay += line instanceof ChatOnWire ? 1 : 0;
          transmit(line);
        }
      }
    }

    boolean isOf(Host host) {
      return node == host;
    }

    /** Takes what waits unread, if the node reads again. */
    void readOn() {
      while (!unread.isEmpty() && !isStopped()) {
        take(unread.remove());
      }
    }

    private void transmit(Object line) {
      if (closed) {
        return;
      }
      lastArrival = Math.max(lastArrival, simulation.now() + simulation.delay(30));
      simulation.at(lastArrival, () -> other.arrive(line));
    }

    private void arrive(Object line) {
      if (cut || isGone()) {
        return;
      }
      if (isStopped() || !unread.isEmpty()) {
        unread.add(line);
      } else {
        take(line);
      }
    }

    private boolean isStopped() {
      return peering != null && peering.isStopped();
    }

    private boolean isGone() {
      return closed || incarnation != node.incarnation();
    }

    private void take(Object line) {
      if (isGone()) {
        return;
      }
      if (line instanceof ChatOnWire chat) {
        other.onTheWay--;
        other.pump();
        if (peering != null) {
          peering.chat(this, other.sender(), chat);
        }
      } else if (line instanceof Hello hello && peering == null) {
        if (simulation.isBusy()) {
          send(new Bye(Bye.Reason.BUSY));
          close();
        } else {
          peering = node.peering(other.node.index());
          peering.hello(this, hello);
        }
      } else if (line instanceof ControlLine control && peering != null) {
        peering.control(this, control);
      } else if (line == Mark.END) {
        end();
      }
    }

    private Side sender() {
      if (peering == null) {
        throw new IllegalStateException("a chat line before HELLO");
      }
      return peering;
    }

    private void end() {
      if (!isGone() && peering != null) {
        peering.lost(this);
      }
      closed = true;
    }

    /** The acceptor breaks the silence. */
    void greet() {
      if (!isGone()) {
        send(new Greeting(1, Greeting.Tls.NO, node.id()));
      }
    }
  }
}
