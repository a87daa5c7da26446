package io.p2pchat.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.session.EffectLog.Happening;
import io.p2pchat.internal.session.SimQueue.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One random schedule: two to five nodes that send to each other over a network with faults. */
final class Simulation extends SimConnection.World {
  private static final long OUTAGE = 5 * VirtualTime.SECOND;
  private static final long AFTERWARDS = 70 * VirtualTime.SECOND;
  private static final long AFTER_STUCK = 400 * VirtualTime.SECOND;

  private final List<SimNode> nodes = new ArrayList<>();
  private final List<SimConnection> connections = new ArrayList<>();
  private final Map<SimPeering, List<Delivery>> deliveries = new HashMap<>();
  private final EffectLog happenings;
  private final boolean restarts;
  private final boolean slow;
  private final boolean stuck;
  private final boolean outage;
  private final long faultsEnd;

  private record Delivery(SimPeering to, long epoch, long number) {}

  Simulation(long seed, EffectLog happenings) {
    super(seed);
    this.happenings = happenings;
    this.restarts = random.nextInt(3) == 0;
    this.slow = random.nextInt(10) == 0;
    this.outage = random.nextInt(20) == 0;
    this.stuck = random.nextInt(20) == 0;
    this.faultsEnd = faultSeconds() * VirtualTime.SECOND;
    int count = random.nextInt(4) == 0 ? 3 + random.nextInt(3) : 2;
    for (int i = 0; i < count; i++) {
      nodes.add(new SimNode(this, i));
    }
  }

  void run() {
    int sends = 20 + random.nextInt(150);
    for (int i = 0; i < sends; i++) {
      time.after(within(faultsEnd), this::sendSomething);
    }
    int trouble = random.nextInt(40);
    for (int i = 0; i < trouble; i++) {
      time.after(within(faultsEnd), this::causeTrouble);
    }
    if (outage) {
      time.after(OUTAGE, () -> connections.forEach(connection -> connection.cut(false)));
    }
    time.runUntil(faultsEnd, () -> {});
    faults = false;
    time.runUntil(faultsEnd + (stuck ? AFTER_STUCK : AFTERWARDS), () -> {});
    check();
  }

  /** How many milliseconds at most the application takes for a line. */
  long appDelay() {
    if (faults && stuck && random.nextInt(20) == 0) {
      return 300_000;
    }
    if (faults && slow) {
      return 5_000;
    }
    return faults && random.nextInt(50) == 0 ? 20_000 : 5;
  }

  void dial(SimPeering from, int peer) {
    SimNode target = nodes.get(peer);
    if (faults && (isOutage() || random.nextInt(5) == 0)) {
      later(100, () -> from.attemptFailed("refused"));
      return;
    }
    SimConnection connection = new SimConnection(this, from, target);
    connections.add(connection);
    later(100, connection.acceptorEnd::greet);
    // A connection that is cut before its greeting.
    time.after(
        5 * VirtualTime.SECOND,
        () -> {
          if (from.incarnation == from.node.incarnation) {
            from.attemptFailed("not greeted");
          }
        });
  }

  void sent(SimPeering sender) {
    deliveries.computeIfAbsent(sender, any -> new ArrayList<>());
  }

  void delivered(SimPeering sender, SimPeering receiver, long epoch, long number) {
    deliveries
        .computeIfAbsent(sender, any -> new ArrayList<>())
        .add(new Delivery(receiver, epoch, number));
  }

  void said(Bye bye) {
    switch (bye.reason()) {
      case BUSY -> count(Happening.BUSY);
      case DUPLICATE -> count(Happening.DUPLICATE);
      case CLOSING -> {}
      case PROTOCOL, TRUST, REFUSED -> throw new AssertionError(bye.format());
    }
  }

  void happened(SessionEffects.Event event) {
    switch (event) {
      case STALLED -> count(Happening.STALLED);
      case GIVEN_UP -> count(Happening.GIVEN_UP);
      case RESET -> {
        assertThat(restarts).isTrue();
        count(Happening.RESET);
      }
      case UNREACHABLE, REACHABLE, ENDED -> {}
    }
  }

  void count(Happening happening) {
    happenings.count(happening);
  }

  /** Long enough for an outage in which sessions are given up, now and then. */
  private long faultSeconds() {
    if (outage) {
      return 140;
    }
    return 2L + random.nextInt(random.nextInt(10) == 0 ? 200 : 30);
  }

  private boolean isOutage() {
    return outage && now() >= OUTAGE;
  }

  private void sendSomething() {
    SimNode from = nodes.get(random.nextInt(nodes.size()));
    SimNode to = nodes.get(random.nextInt(nodes.size()));
    if (from == to) {
      return;
    }
    int burst = random.nextInt(5) == 0 ? 40 : 1;
    for (int i = 0; i < burst; i++) {
      from.peering(to.index).send();
    }
    if (random.nextInt(3) == 0) {
      to.peering(from.index).send();
    }
    if (random.nextInt(4) == 0 && from.peering(to.index).queue.withdraw(random)) {
      count(Happening.WITHDRAWN);
    }
    if (random.nextInt(40) == 0) {
      from.peering(to.index).leave();
    }
  }

  private void causeTrouble() {
    if (restarts && random.nextInt(8) == 0) {
      nodes.get(random.nextInt(nodes.size())).restart();
      return;
    }
    List<SimConnection> up = connections.stream().filter(SimConnection::isUp).toList();
    if (!up.isEmpty()) {
      up.get(random.nextInt(up.size())).cut(random.nextInt(4) == 0);
    }
  }

  private void check() {
    deliveries.forEach(this::check);
  }

  private void check(SimPeering sender, List<Delivery> received) {
    boolean gone = sender.incarnation != sender.node.incarnation;
    if (!gone) {
      assertThat(sender.queue.fates).doesNotContain(Fate.WAITING);
    }
    Set<Long> numbers = new HashSet<>();
    received.forEach(delivery -> numbers.add(delivery.number));
    for (int i = 0; i < sender.queue.fates.size(); i++) {
      check(i, sender.queue.fates.get(i), numbers.contains((long) i));
    }
    checkOrder(received);
  }

  private void check(int number, Fate fate, boolean isDelivered) {
    switch (fate) {
      case ACKNOWLEDGED -> require(isDelivered, number + " is acknowledged");
      case RECEIVED -> require(isDelivered || restarts, number + " is said to be received");
      case UNSENT -> {
        require(!isDelivered, number + " was said not to be sent");
        count(Happening.UNSENT);
      }
      case UNKNOWN -> count(Happening.UNKNOWN);
      case WITHDRAWN -> require(!isDelivered, number + " was withdrawn");
      case WAITING -> {}
    }
  }

  private void checkOrder(List<Delivery> received) {
    Map<String, Long> last = new HashMap<>();
    for (Delivery delivery : received) {
      String session =
          restarts ? delivery.to.incarnation + "/" + delivery.epoch : "the one without a restart";
      Long before = last.put(session, delivery.number);
      if (before != null && before >= delivery.number) {
        throw new AssertionError(before + " then " + delivery.number + " in " + session);
      }
    }
  }

  /** Cheaper than an assertion of AssertJ, for what is checked millions of times. */
  private static void require(boolean fact, String text) {
    if (!fact) {
      throw new AssertionError(text);
    }
  }
}
