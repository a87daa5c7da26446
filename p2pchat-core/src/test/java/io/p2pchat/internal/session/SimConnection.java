package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A simulated TCP connection: each way in order, with delays, until it is cut or closed. */
final class SimConnection {
  /** How many chat lines are on their way at once; the rest waits to be written. */
  private static final int WINDOW = 8;

  /** A chat line on its way: its number in the sender's queue. */
  private record ChatOnWire(long number) {}

  private enum Mark {
    END
  }

  private final Simulation simulation;
  final End dialerEnd;
  final End acceptorEnd;
  private boolean cut;

  SimConnection(Simulation simulation, SimPeering dialer, SimNode acceptor) {
    this.simulation = simulation;
    this.dialerEnd = new End(dialer.node);
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
    private final SimNode node;
    private final int incarnation;
    private final Queue<Object> unread = new ArrayDeque<>();
    private End other = this;
    @Nullable SimPeering peering;
    private boolean closed;
    private boolean started;
    private long next;
    private int onTheWay;
    private long lastArrival;

    End(SimNode node) {
      this.node = node;
      this.incarnation = node.incarnation;
    }

    @Override
    public void send(ControlLine line) {
      transmit(line);
    }

    @Override
    public void startLines(long from) {
      started = true;
      next = from;
      pump();
    }

    @Override
    public long writtenTo() {
      return next;
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
      while (started && !closed && peering != null) {
        next = peering.queue.nextLive(next);
        if (onTheWay >= WINDOW || next >= peering.queue.accepted()) {
          return;
        }
        onTheWay++;
        peering.queue.read(next);
        transmit(new ChatOnWire(next++));
      }
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
      return closed || incarnation != node.incarnation;
    }

    private void take(Object line) {
      if (isGone()) {
        return;
      }
      if (line instanceof ChatOnWire chat) {
        other.onTheWay--;
        other.pump();
        if (peering != null) {
          peering.chat(this, other.sender(), chat.number);
        }
      } else if (line instanceof Hello hello && peering == null) {
        if (simulation.isBusy()) {
          send(new Bye(Bye.Reason.BUSY));
          close();
        } else {
          peering = node.peering(other.node.index);
          peering.hello(this, hello);
        }
      } else if (line instanceof ControlLine control && peering != null) {
        peering.control(this, control);
      } else if (line == Mark.END) {
        end();
      }
    }

    private SimPeering sender() {
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
        send(new Greeting(1, Greeting.Tls.NO, node.id));
      }
    }
  }
}
