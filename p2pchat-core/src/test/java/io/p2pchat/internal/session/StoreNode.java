package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.RandomIds;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A simulated node with a store. A crash leaves it only what it has committed. */
final class StoreNode implements SimConnection.Host {
  final StoreSimulation simulation;
  final SimStore store;
  private final int index;
  private final Map<Integer, StorePeering> peerings = new HashMap<>();
  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Integer, AtomicLong> written = new HashMap<>();
  private String id = "";
  private String outbox = "";
  private int incarnation;
  private boolean up;
  EndedSessions endedSessions = new EndedSessions(600 * VirtualTime.SECOND);

  StoreNode(StoreSimulation simulation, int index) {
    this.simulation = simulation;
    this.index = index;
    this.store = new SimStore(simulation, when -> simulation.mayCrash(this));
    start();
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int incarnation() {
    return incarnation;
  }

  boolean isUp() {
    return up;
  }

  @Override
  public StorePeering peering(int peer) {
    return peerings.computeIfAbsent(peer, any -> new StorePeering(this, peer));
  }

  String outbox() {
    return outbox;
  }

  /** The greatest number that was written to a peer. */
  AtomicLong written(int peer) {
    return written.computeIfAbsent(peer, any -> new AtomicLong());
  }

  long nextNumber(int peer) {
    return numbers.merge(peer, 1L, Long::sum);
  }

  void crash() {
    up = false;
    incarnation++;
    store.crash();
    peerings.clear();
    simulation.crashed(this);
  }

  void start() {
    up = true;
    id = newId();
    outbox = newId();
    numbers.clear();
    written.clear();
    endedSessions = new EndedSessions(600 * VirtualTime.SECOND);
    for (SimStore.Kept kept : store.kept) {
      if (!kept.delivered && !kept.withdrawn) {
        peering(kept.to).load(kept);
      }
    }
    peerings.values().forEach(StorePeering::begin);
  }

  private String newId() {
    return RandomIds.node(simulation.random.nextLong(), simulation.random.nextLong());
  }
}
