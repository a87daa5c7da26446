package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Outbox;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SimStore.Kept;
import io.p2pchat.internal.session.StoreSimulation.Happening;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one simulated node with a store has with one other: the real queue and session. */
final class StorePeering implements SessionEffects, SimConnection.Side {
  private static final QueueLimits NO_LIMITS = new QueueLimits(1_000_000, 1L << 40);
  private static final Fingerprint KEY = Fingerprint.parse("ab".repeat(32));

  /** A chat line on its way: its text. */
  private record Line(String text) implements SimConnection.ChatOnWire {}

  final StoreNode node;
  final int incarnation;
  private final StoreSimulation simulation;
  private final int peer;
  private final SendQueue queue = new SendQueue(NO_LIMITS, (future, bytes) -> {});
  private final Session session;
  private final byte[] header;
  private final Map<KeptSend, Kept> messages = new LinkedHashMap<>();
  private boolean reading = true;
  private int uncommitted;
  private boolean redials;
  private long nextTick = SessionTimeouts.NEVER;

  StorePeering(StoreNode node, int peer) {
    this.node = node;
    this.incarnation = node.incarnation();
    this.simulation = node.simulation;
    this.peer = peer;
    NodeInfo self =
        new NodeInfo(node.id(), 65_536, 7000 + node.index(), "Team " + node.index(), true)
            .keeping(true, false);
    this.header = self.chatHeader();
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
  public StoreNode host() {
    return node;
  }

  @Override
  public boolean isStopped() {
    return !reading;
  }

  private long now() {
    return simulation.now();
  }

  /** A message from before the crash. */
  void load(Kept kept) {
    KeptSend future =
        new KeptSend(
            kept.text, new KeptSend.Wanted(KEY, null, null, null), true, simulation.wallClock());
    future.number(KEY, kept.outbox, kept.number, null);
    future.committed(1);
    future.written();
    offer(future, kept);
  }

  void begin() {
    after();
  }

  private void offer(KeptSend future, Kept kept) {
    messages.put(future, kept);
    queue.offer(header, EncodedText.of(kept.text), future);
  }

  /** The application sends. */
  void send(String text) {
    Kept kept = new Kept(peer, node.outbox(), node.nextNumber(peer), text);
    KeptSend future =
        new KeptSend(
            text, new KeptSend.Wanted(KEY, null, null, null), true, simulation.wallClock());
    future.number(KEY, kept.outbox, kept.number, node.written(peer));
    offer(future, kept);
    node.store.change(
        () -> node.store.kept.add(kept),
        () -> {
          if (future.isGone()) {
            kept.withdrawn = true;
          } else {
            future.committed(1);
            session.linesWait(now());
            after();
          }
        });
  }

  /** The application withdraws about a tenth of what is not written. */
  void withdraw() {
    for (Map.Entry<KeptSend, Kept> message : List.copyOf(messages.entrySet())) {
      if (message.getKey().isCommitted()
          && simulation.random.nextInt(10) == 0
          && !message.getKey().isGone()) {
        boolean written = message.getKey().mayBeWritten();
        boolean withdrawn = message.getKey().abandon();
        // Else it may arrive, and its sender was told so.
        message.getValue().withdrawn = true;
        if (withdrawn && !written) {
          simulation.withdrawn(message.getValue().text);
        } else {
          simulation.count(Happening.WITHDRAWN_LATE);
        }
        messages.remove(message.getKey());
      }
    }
  }

  void sayExit() {
    if (session.exists()) {
      queue.offer(header, EncodedText.of("exit"), new SendFuture());
      session.linesWait(now());
      after();
    }
  }

  @Override
  public SimConnection.Lines lines(long from, boolean numbered) {
    SendQueue.Cursor cursor =
        numbered ? queue.seek(from, new KeptSend.Numbers(simulation::wallClock)) : queue.seek(from);
    return new SimConnection.Lines() {
      @Override
      public List<Object> next() {
        SendQueue.Slice slice = queue.read(cursor);
        if (slice == null) {
          return List.of();
        }
        for (SendQueue.ReservedLine line : queue.reservedBelow(cursor.line())) {
          if (line.reserved() == ReservedText.EXIT) {
            session.leave(now(), line.number());
          }
        }
        List<Object> lines = new ArrayList<>();
        if (slice.next() != null) {
          lines.add(slice.next());
        }
        String text =
            new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.UTF_8);
        Arrays.stream(text.split("\n"))
            .map(StorePeering::textOf)
            .map(Line::new)
            .forEach(lines::add);
        simulation.mayCrash(node);
        return lines;
      }

      @Override
      public long writtenTo() {
        return cursor.line();
      }
    };
  }

  private static String textOf(String line) {
    return line.substring(line.lastIndexOf('|') + 1);
  }

  @Override
  public void hello(SessionConnection from, Hello hello) {
    session.hello(now(), from, hello);
    after();
  }

  @Override
  public void lost(SessionConnection from) {
    session.lost(now(), from);
    after();
  }

  @Override
  public void chat(
      SessionConnection from, SimConnection.Side sender, SimConnection.ChatOnWire line) {
    String text = ((Line) line).text;
    boolean command = ReservedText.of(text) != null;
    Next next = null;
    if (session.received(now(), from, 1)) {
      next = command ? null : session.messages(now(), from, 1);
      if (command || next != null) {
        receive(next, text);
      }
    }
    session.heard(now(), from);
    after();
  }

  private void receive(@Nullable Next next, String text) {
    long epoch = session.epoch();
    uncommitted++;
    reading = uncommitted < 20;
    node.store.change(
        () -> {
          if (next != null) {
            node.store.receive(peer, next.outbox(), next.number(), text);
          }
        },
        () -> {
          uncommitted--;
          if (uncommitted < 10 && !reading) {
            reading = true;
            if (session.connection() instanceof SimConnection.End end) {
              end.readOn();
            }
          }
          session.taken(now(), epoch, 1, 10);
          if (next == null && session.epoch() == epoch) {
            session.left(now());
          }
          after();
        });
  }

  @Override
  public void control(SessionConnection from, ControlLine line) {
    long now = now();
    if (line instanceof Greeting greeting) {
      session.greeted(now, from, greeting);
    } else if (line instanceof Welcome welcome) {
      session.welcomed(now, from, welcome);
    } else if (line instanceof Ack ack) {
      session.acknowledged(now, from, ack);
    } else if (line instanceof Outbox outbox) {
      session.asked(now, from, outbox);
    } else if (line instanceof Stored stored) {
      session.stored(now, from, stored);
    } else if (line instanceof Next next) {
      if (next.time() != Next.NOW) {
        simulation.count(Happening.WAITED);
      }
      session.numbered(now, from, next);
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
    after();
  }

  @Override
  public void dial() {
    simulation.dial(this, peer);
  }

  void attemptFailed(String reason) {
    if (incarnation == node.incarnation()) {
      session.attemptFailed(now(), reason);
      after();
    }
  }

  @Override
  public boolean dialNext() {
    return false;
  }

  @Override
  public void acknowledged(long number) {
    queue.settle(number).forEach(future -> delivered(future, Happening.ACKNOWLEDGED));
  }

  private void delivered(SendFuture future, Happening how) {
    Kept kept = messages.remove(future);
    if (kept != null) {
      future.deliver(Delivery.ACKNOWLEDGED);
      simulation.count(how);
      // Rides with a later commit: after a crash the message is unsettled again.
      node.store.change(() -> kept.delivered = true, () -> {});
    }
  }

  @Override
  public List<String> outboxes() {
    Set<String> outboxes = new LinkedHashSet<>(queue.outboxes());
    outboxes.remove(node.outbox());
    outboxes.add(node.outbox());
    return List.copyOf(outboxes);
  }

  @Override
  public boolean stored(List<Stored.Entry> entries) {
    for (Stored.Entry entry : entries) {
      if (entry.outbox().equals(node.outbox()) && entry.number() > node.written(peer).get()) {
        return false;
      }
    }
    queue
        .told(
            kept ->
                entries.stream()
                    .anyMatch(
                        entry ->
                            entry.outbox().equals(kept.outbox())
                                && kept.number() <= entry.number()))
        .forEach(line -> delivered(line.future(), Happening.TOLD));
    return true;
  }

  @Override
  public void asked(SessionConnection from, List<String> outboxes) {
    node.store.change(
        () -> {},
        () -> {
          session.answer(
              from,
              outboxes.stream()
                  .map(id -> new Stored.Entry(id, node.store.stored(peer, id)))
                  .toList());
          after();
        });
  }

  @Override
  public void unknown(long number, String text) {
    dropCommands();
  }

  @Override
  public void refused(long number) {}

  @Override
  public void unsent(long number, Reason reason, String text) {
    dropCommands();
  }

  private void dropCommands() {
    queue.drop(Long.MAX_VALUE, (future, reserved) -> !(future instanceof KeptSend));
  }

  @Override
  public void violated(SessionConnection from, String description) {
    throw new AssertionError("two nodes that keep the protocol: " + description);
  }

  @Override
  public void happened(Event event) {
    if (event == Event.RESET) {
      throw new AssertionError("a reset between two stores");
    }
  }

  private void after() {
    if (incarnation != node.incarnation()) {
      return;
    }
    if (session.connection() instanceof SimConnection.End end) {
      end.pump();
    }
    if (session.phase() == SessionPhase.IDLE && queue.accepted() > queue.settled() && !redials) {
      redials = true;
      simulation.later(2_000, this::redial);
    }
    long next = session.nextTick();
    if (next != nextTick) {
      nextTick = next;
      if (next != SessionTimeouts.NEVER) {
        simulation.at(next, () -> tick(next));
      }
    }
  }

  private void redial() {
    redials = false;
    if (incarnation == node.incarnation() && session.phase() == SessionPhase.IDLE) {
      session.linesWait(now());
      after();
    }
  }

  private void tick(long due) {
    if (due == nextTick && incarnation == node.incarnation()) {
      nextTick = SessionTimeouts.NEVER;
      session.tick(now());
      after();
    }
  }
}
