package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Bye;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One random schedule of two or three nodes with stores that send to each other, while connections
 * break and nodes crash at any instant: before and after each write and each commit too.
 */
final class StoreSimulation extends SimConnection.World {
  private static final long AFTERWARDS = 900 * VirtualTime.SECOND;

  /** What must happen in all schedules together, or the simulation shows nothing. */
  enum Happening {
    CRASHED,
    ACKNOWLEDGED,
    /** Settled by STORED. */
    TOLD,
    /** Numbered by NEXT with its time. */
    WAITED,
    WITHDRAWN,
    WITHDRAWN_LATE,
    LEFT
  }

  private final List<StoreNode> nodes = new ArrayList<>();
  private final List<SimConnection> connections = new ArrayList<>();
  private final Map<Happening, Integer> happenings;
  private final Set<String> withdrawn = new HashSet<>();
  private final long faultsEnd;
  private final int crashOdds;
  private int texts;

  StoreSimulation(long seed, Map<Happening, Integer> happenings) {
    super(seed);
    this.happenings = happenings;
    this.crashOdds = random.nextInt(4) == 0 ? 0 : 20 + random.nextInt(400);
    this.faultsEnd = (5L + random.nextInt(random.nextInt(8) == 0 ? 300 : 40)) * VirtualTime.SECOND;
    int count = random.nextInt(4) == 0 ? 3 : 2;
    for (int i = 0; i < count; i++) {
      nodes.add(new StoreNode(this, i));
    }
  }

  void run() {
    int sends = 20 + random.nextInt(100);
    for (int i = 0; i < sends; i++) {
      time.after(within(faultsEnd), this::sendSomething);
    }
    int trouble = random.nextInt(40);
    for (int i = 0; i < trouble; i++) {
      time.after(within(faultsEnd), this::causeTrouble);
    }
    time.runUntil(faultsEnd, () -> {});
    faults = false;
    time.runUntil(faultsEnd + AFTERWARDS, () -> {});
    check();
  }

  /** The milliseconds since 1970. */
  long wallClock() {
    return 1_800_000_000_000L + now() / VirtualTime.MILLI;
  }

  void dial(StorePeering from, int peer) {
    StoreNode target = nodes.get(peer);
    if (!target.isUp() || (faults && random.nextInt(5) == 0)) {
      later(100, () -> from.attemptFailed("refused"));
      return;
    }
    SimConnection connection = new SimConnection(this, from, target);
    connections.add(connection);
    later(100, connection.acceptorEnd::greet);
    time.after(5 * VirtualTime.SECOND, () -> from.attemptFailed("not greeted"));
  }

  void said(Bye bye) {
    switch (bye.reason()) {
      case BUSY, DUPLICATE, CLOSING -> {}
      case PROTOCOL, TRUST, REFUSED -> throw new AssertionError(bye.format());
    }
  }

  /** One of the instants at which a node may crash. */
  void mayCrash(StoreNode node) {
    if (faults && crashOdds > 0 && node.isUp() && random.nextInt(crashOdds) == 0) {
      crash(node);
    }
  }

  private void crash(StoreNode node) {
    node.crash();
    count(Happening.CRASHED);
    long down = random.nextInt(3) == 0 ? within(200 * VirtualTime.SECOND) : delay(3_000);
    time.after(
        down,
        () -> {
          if (!node.isUp()) {
            node.start();
          }
        });
  }

  /** The connections of a crashed node end, some without a word. */
  void crashed(StoreNode node) {
    for (SimConnection connection : connections) {
      if (connection.isUp()
          && (connection.dialerEnd.isOf(node) || connection.acceptorEnd.isOf(node))) {
        connection.cut(random.nextInt(4) == 0);
      }
    }
  }

  private void sendSomething() {
    StoreNode from = nodes.get(random.nextInt(nodes.size()));
    StoreNode to = nodes.get(random.nextInt(nodes.size()));
    if (from == to || !from.isUp()) {
      return;
    }
    int burst = random.nextInt(5) == 0 ? 40 : 1;
    for (int i = 0; i < burst && from.isUp(); i++) {
      from.peering(to.index()).send("m" + texts++);
    }
    if (random.nextInt(4) == 0) {
      from.peering(to.index()).withdraw();
    }
    if (random.nextInt(30) == 0) {
      count(Happening.LEFT);
      from.peering(to.index()).sayExit();
    }
  }

  private void causeTrouble() {
    StoreNode node = nodes.get(random.nextInt(nodes.size()));
    if (crashOdds > 0 && node.isUp() && random.nextInt(4) == 0) {
      crash(node);
      return;
    }
    List<SimConnection> up = connections.stream().filter(SimConnection::isUp).toList();
    if (!up.isEmpty()) {
      up.get(random.nextInt(up.size())).cut(random.nextInt(4) == 0);
    }
  }

  void withdrawn(String text) {
    withdrawn.add(text);
    count(Happening.WITHDRAWN);
  }

  void count(Happening happening) {
    happenings.merge(happening, 1, Integer::sum);
  }

  private void check() {
    for (StoreNode from : nodes) {
      for (StoreNode to : nodes) {
        if (from != to) {
          check(from, to);
        }
      }
    }
  }

  /** Each accepted message is in the receiver's store exactly once and in order. */
  private void check(StoreNode from, StoreNode to) {
    List<String> received =
        to.store.received.stream()
            .filter(message -> message.from() == from.index())
            .map(SimStore.Received::text)
            .toList();
    Map<String, Integer> places = new HashMap<>();
    for (String text : received) {
      require(places.put(text, places.size()) == null, text + " was received twice");
    }
    int last = -1;
    for (SimStore.Kept kept : from.store.kept) {
      if (kept.to != to.index()) {
        continue;
      }
      Integer place = places.get(kept.text);
      if (withdrawn.contains(kept.text)) {
        require(place == null, kept.text + " was withdrawn and received");
      } else if (!kept.withdrawn) {
        require(place != null, kept.text + " was accepted and not received");
        require(kept.delivered, kept.text + " was received, and its sender does not know it");
      }
      if (place != null) {
        require(place > last, kept.text + " is out of order");
        last = place;
      }
    }
    Set<String> accepted = new HashSet<>();
    from.store.kept.forEach(kept -> accepted.add(kept.text));
    received.forEach(text -> require(accepted.contains(text), text + " was never accepted"));
  }

  /** Cheaper than an assertion of AssertJ, for what is checked millions of times. */
  private static void require(boolean fact, String text) {
    if (!fact) {
      throw new AssertionError(text);
    }
  }
}
