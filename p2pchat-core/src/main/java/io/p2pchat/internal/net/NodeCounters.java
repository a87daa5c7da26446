package io.p2pchat.internal.net;

import io.p2pchat.NodeMetrics;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts of its connections. Thread-safe. */
public final class NodeCounters {
  /** Bytes read from connections. */
  public final LongAdder bytesReceived = new LongAdder();

  /** Bytes given to connections. */
  public final LongAdder bytesSent = new LongAdder();

  /** Lines of conversation that were received, commands included. */
  public final LongAdder linesReceived = new LongAdder();

  /** Lines of a session whose kind is not known. */
  public final LongAdder linesIgnored = new LongAdder();

  /** Connections that were refused at the bound. */
  public final LongAdder connectionsRefused = new LongAdder();

  /** Connections there are now, accepted and dialed. */
  public final LongAdder connections = new LongAdder();

  /** Connections that hold a session now. */
  public final LongAdder sessions = new LongAdder();

  /** Lines of conversation that were given to connections, commands included. */
  public final LongAdder linesSent = new LongAdder();

  /** Breaches of the protocol. */
  public final LongAdder violations = new LongAdder();

  /** Sessions that went on with another connection. */
  public final LongAdder reconnects = new LongAdder();

  /** Makes counters that are zero. */
  public NodeCounters() {}

  /**
   * What was counted, and what waits now.
   *
   * @param outboundLines messages that wait to be sent or acknowledged
   * @param outboundBytes their bytes
   * @param inboundBytes what waits for the listener
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
