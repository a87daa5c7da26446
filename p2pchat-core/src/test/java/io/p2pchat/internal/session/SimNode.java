package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.RandomIds;
import java.util.HashMap;
import java.util.Map;

/** A simulated node: all it remembers is lost when it restarts. */
final class SimNode implements SimConnection.Host {
  final int index;
  private final Simulation simulation;
  private final Map<Integer, SimPeering> peerings = new HashMap<>();
  int incarnation;
  String id;
  EndedSessions endedSessions;

  SimNode(Simulation simulation, int index) {
    this.simulation = simulation;
    this.index = index;
    this.id = newId();
    this.endedSessions = new EndedSessions(600 * VirtualTime.SECOND);
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

  @Override
  public SimPeering peering(int peer) {
    return peerings.computeIfAbsent(peer, any -> new SimPeering(simulation, this, peer));
  }

  void restart() {
    incarnation++;
    id = newId();
    endedSessions = new EndedSessions(600 * VirtualTime.SECOND);
    peerings.clear();
  }

  private String newId() {
    return RandomIds.node(simulation.random.nextLong(), simulation.random.nextLong());
  }
}
