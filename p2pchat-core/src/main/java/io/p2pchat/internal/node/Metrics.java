package io.p2pchat.internal.node;

import io.p2pchat.NodeMetrics;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.peer.EndpointTable;

/** Reads a node's counters. */
final class Metrics {
  private Metrics() {}

  static NodeMetrics of(NodeCounters counters, EndpointTable contacts, EventDispatcher handOver) {
    long[] waiting = contacts.waiting();
    long connections = counters.connections.sum();
    long sessions = counters.sessions.sum();
    return new NodeMetrics(
        counters.linesSent.sum(),
        counters.linesReceived.sum(),
        counters.bytesSent.sum(),
        counters.bytesReceived.sum(),
        connections - sessions,
        sessions,
        counters.connectionsRefused.sum(),
        waiting[0],
        waiting[1],
        handOver.waiting(),
        counters.violations.sum(),
        counters.linesIgnored.sum(),
        counters.reconnects.sum());
  }
}
