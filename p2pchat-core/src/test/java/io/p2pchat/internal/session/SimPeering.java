package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.EffectLog.Happening;
import io.p2pchat.internal.session.SimQueue.Fate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** What one simulated node has with one other: queue, session, dispatcher, application. */
final class SimPeering implements SessionEffects, SimConnection.Side {
  private static final int DISPATCHER = 20;

  /** A line on its way: its number in the sender's queue. */
  private record Line(long number) implements SimConnection.ChatOnWire {}

  private record Waiting(long epoch, SimPeering sender, long number) {}

  final SimNode node;
  final int incarnation;
  final SimQueue queue = new SimQueue();
  final Session session;
  private final Simulation simulation;
  private final int peer;
  private final Queue<Waiting> dispatcher = new ArrayDeque<>();
  private boolean stopped;
  private boolean endedIsTold;
  private long nextTick = SessionTimeouts.NEVER;

  SimPeering(Simulation simulation, SimNode node, int peer) {
    this.simulation = simulation;
    this.node = node;
    this.incarnation = node.incarnation;
    this.peer = peer;
    NodeInfo self = new NodeInfo(node.id, 65_536, 7000 + node.index, "Team " + node.index, true);
    this.session =
        new Session(
            SessionTimeouts.DEFAULTS,
            () -> self,
            queue,
            this,
            node.endedSessions.of("host"),
            simulation.random);
  }

  @Override
  public SimNode host() {
    return node;
  }

  @Override
  public boolean isStopped() {
    return stopped;
  }

  void send() {
    queue.add();
    simulation.sent(this);
    session.linesWait(simulation.now());
    pump();
    schedule();
  }

  /** The application says {@code exit}. */
  void leave() {
    if (session.exists()) {
      long number = queue.addExit();
      simulation.sent(this);
      session.linesWait(simulation.now());
      pump();
      session.leave(simulation.now(), number);
      schedule();
    }
  }

  @Override
  public void hello(SessionConnection from, Hello hello) {
    session.hello(simulation.now(), from, hello);
    schedule();
  }

  @Override
  public void lost(SessionConnection from) {
    session.lost(simulation.now(), from);
    schedule();
  }

  @Override
  public SimConnection.Lines lines(long from, boolean numbered) {
    return new SimConnection.Lines() {
      private long next = from;

      @Override
      public List<Object> next() {
        next = queue.nextLive(next);
        if (next >= queue.accepted()) {
          return List.of();
        }
        queue.read(next);
        return List.of(new Line(next++));
      }

      @Override
      public long writtenTo() {
        return next;
      }
    };
  }

  @Override
  public List<String> outboxes() {
    return List.of();
  }

  @Override
  public boolean stored(List<Stored.Entry> entries) {
    return false;
  }

  @Override
  public void asked(SessionConnection from, List<String> outboxes) {}

  @Override
  public void chat(
      SessionConnection from, SimConnection.Side other, SimConnection.ChatOnWire line) {
    SimPeering sender = (SimPeering) other;
    long number = ((Line) line).number;
    if (session.received(simulation.now(), from, 1)) {
      dispatcher.add(new Waiting(session.epoch(), sender, number));
      if (dispatcher.size() == 1) {
        simulation.later(simulation.appDelay(), this::take);
      }
      setStopped(dispatcher.size() >= DISPATCHER);
      if (sender.queue.isExit(number)) {
        simulation.count(Happening.LEFT);
        session.left(simulation.now());
      }
    }
    session.heard(simulation.now(), from);
    schedule();
  }

  @Override
  public void control(SessionConnection from, ControlLine line) {
    long now = simulation.now();
    if (line instanceof Greeting greeting) {
      session.greeted(now, from, greeting);
    } else if (line instanceof Welcome welcome) {
      welcomed(from, welcome);
    } else if (line instanceof Ack ack) {
      session.acknowledged(now, from, ack);
    } else if (line instanceof Ping ping) {
      session.pinged(now, from, ping);
    } else if (line instanceof Pong) {
      session.ponged(now, from);
    } else if (line instanceof Bye bye) {
      simulation.said(bye);
      session.bye(now, from, bye);
    } else if (line instanceof Hello) {
      session.protocolBroken(now, from, "a HELLO out of place");
    }
    session.heard(now, from);
    pump();
    schedule();
  }

  private void welcomed(SessionConnection from, Welcome welcome) {
    long before = session.epoch();
    endedIsTold = welcome.ended() != Welcome.NONE;
    session.welcomed(simulation.now(), from, welcome);
    endedIsTold = false;
    if (welcome.ended() != Welcome.NONE) {
      simulation.count(Happening.TOLD_ENDED);
    } else if (session.epoch() == before) {
      simulation.count(Happening.RESUMED);
    }
  }

  @Override
  public void dial() {
    simulation.dial(this, peer);
  }

  void attemptFailed(String reason) {
    session.attemptFailed(simulation.now(), reason);
    schedule();
  }

  @Override
  public boolean dialNext() {
    return false;
  }

  @Override
  public void acknowledged(long number) {
    queue.settle(number, endedIsTold ? Fate.RECEIVED : Fate.ACKNOWLEDGED);
  }

  @Override
  public void unknown(long number, String reason) {
    if (reason.startsWith("it took no message")) {
      simulation.count(Happening.TOOK_NOTHING);
    }
    queue.settle(number, Fate.UNKNOWN);
  }

  @Override
  public void refused(long number) {
    queue.settle(number, Fate.UNKNOWN);
  }

  @Override
  public void unsent(long number, Reason why, String reason) {
    queue.settle(number, Fate.UNSENT);
  }

  @Override
  public void violated(SessionConnection from, String description) {
    throw new AssertionError("two nodes that keep the protocol: " + description);
  }

  @Override
  public void happened(Event event) {
    simulation.happened(event);
  }

  /** The application takes one line. */
  private void take() {
    if (incarnation != node.incarnation) {
      return;
    }
    Waiting line = dispatcher.remove();
    simulation.delivered(line.sender, this, line.epoch, line.number);
    session.taken(simulation.now(), line.epoch, 1, 10);
    if (!dispatcher.isEmpty()) {
      simulation.later(simulation.appDelay(), this::take);
    }
    if (dispatcher.size() < DISPATCHER / 2) {
      setStopped(false);
    }
    schedule();
  }

  private void setStopped(boolean now) {
    if (stopped != now) {
      stopped = now;
      if (now) {
        simulation.count(Happening.STOPPED);
      }
      session.setStopped(simulation.now(), now, now);
      if (!now && session.connection() instanceof SimConnection.End end) {
        end.readOn();
      }
    }
  }

  private void pump() {
    if (session.connection() instanceof SimConnection.End end) {
      end.pump();
    }
  }

  private void schedule() {
    if (session.phase() == SessionPhase.IDLE && queue.accepted() > queue.settled()) {
      session.linesWait(simulation.now());
    }
    long next = session.nextTick();
    if (next != nextTick) {
      nextTick = next;
      if (next != SessionTimeouts.NEVER) {
        simulation.at(next, () -> tick(next));
      }
    }
  }

  private void tick(long due) {
    if (due == nextTick && incarnation == node.incarnation) {
      nextTick = SessionTimeouts.NEVER;
      session.tick(simulation.now());
      pump();
      schedule();
    }
  }
}
