package io.p2pchat.internal.net;

import io.p2pchat.NodeMetrics;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a node's connections. Thread-safe. */
public final class NodeCounters {
  /** Bytes read from connections. */
  public final LongAdder bytesReceived = new LongAdder();

  /** Bytes written to connections. */
  public final LongAdder bytesSent = new LongAdder();

  /** Chat and raw lines received, reserved texts included. */
  public final LongAdder linesReceived = new LongAdder();

  /** Session lines of an unknown kind. */
  public final LongAdder linesIgnored = new LongAdder();

  /** Connections refused because of a limit or a disallowed address. */
  public final LongAdder connectionsRefused = new LongAdder();

  /** Current connections, accepted and dialed. */
  public final LongAdder connections = new LongAdder();

  /** Current connections with a session. */
  public final LongAdder sessions = new LongAdder();

  /** Chat lines written to connections, reserved texts included. */
  public final LongAdder linesSent = new LongAdder();

  /** Protocol violations. */
  public final LongAdder violations = new LongAdder();

  /** Sessions resumed on another connection. */
  public final LongAdder reconnects = new LongAdder();

  /** Creates counters that are zero. */
  public NodeCounters() {}

  /**
   * Returns the counters and the current load.
   *
   * @param outboundLines messages not yet sent or acknowledged
   * @param outboundBytes their bytes
   * @param inboundBytes bytes queued for the listener
   */
  public NodeMetrics snapshot(long outboundLines, long outboundBytes, long inboundBytes) {
    long held = sessions.sum();
    return NodeMetrics.builder()
        .messagesSent(linesSent.sum())
        .messagesReceived(linesReceived.sum())
        .bytesSent(bytesSent.sum())
        .bytesReceived(bytesReceived.sum())
        .plainConnections(connections.sum() - held)
        .sessionConnections(held)
        .connectionsRefused(connectionsRefused.sum())
        .outboundMessages(outboundLines)
        .outboundBytes(outboundBytes)
        .inboundBytes(inboundBytes)
        .violations(violations.sum())
        .ignoredLines(linesIgnored.sum())
        .reconnects(reconnects.sum())
        .build();
  }
}
