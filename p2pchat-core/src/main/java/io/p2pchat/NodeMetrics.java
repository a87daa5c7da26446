package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The counters of a node since its start, and its current load. The node keeps running while the
 * numbers are read, so they may belong to slightly different moments.
 *
 * <p>This class is immutable and thread-safe. Later versions may add numbers. Specification:
 * docs/PROTOCOL.md, section 6 (Bounds).
 */
public final class NodeMetrics {
  private final Values values;

  private NodeMetrics(Values values) {
    this.values = values;
  }

  /**
   * Creates a builder for tests of code that reads metrics. Every number starts at 0.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder(new Values());
  }

  /**
   * Returns the number of chat lines written to connections. Reserved texts and retransmitted lines
   * count too. At level 0 a long message counts once.
   *
   * @return 0 or more
   */
  public long messagesSent() {
    return values.messagesSent;
  }

  /**
   * Returns the number of chat and raw lines received.
   *
   * @return 0 or more
   */
  public long messagesReceived() {
    return values.messagesReceived;
  }

  /**
   * Returns the number of bytes written to connections.
   *
   * @return 0 or more
   */
  public long bytesSent() {
    return values.bytesSent;
  }

  /**
   * Returns the number of bytes read from connections.
   *
   * @return 0 or more
   */
  public long bytesReceived() {
    return values.bytesReceived;
  }

  /**
   * Returns the current number of connections without a session.
   *
   * @return 0 or more
   */
  public long plainConnections() {
    return values.plainConnections;
  }

  /**
   * Returns the current number of connections with a session.
   *
   * @return 0 or more
   */
  public long sessionConnections() {
    return values.sessionConnections;
  }

  /**
   * Returns the number of connections closed at once because of a limit or a disallowed address.
   *
   * @return 0 or more
   */
  public long connectionsRefused() {
    return values.connectionsRefused;
  }

  /**
   * Returns the current number of messages not yet sent or acknowledged, to all peers.
   *
   * @return 0 or more
   */
  public long outboundMessages() {
    return values.outboundMessages;
  }

  /**
   * Returns the current number of bytes of messages not yet sent or acknowledged.
   *
   * @return 0 or more
   */
  public long outboundBytes() {
    return values.outboundBytes;
  }

  /**
   * Returns the current number of bytes queued for the listener, or to be stored first. {@link
   * NodeSettings} says how they are counted.
   *
   * @return 0 or more
   */
  public long inboundBytes() {
    return values.inboundBytes;
  }

  /**
   * Returns the number of connections that violated the protocol.
   *
   * @return 0 or more
   */
  public long violations() {
    return values.violations;
  }

  /**
   * Returns the number of session lines ignored because their kind is unknown.
   *
   * @return 0 or more
   */
  public long ignoredLines() {
    return values.ignoredLines;
  }

  /**
   * Returns the number of sessions resumed on another connection.
   *
   * @return 0 or more
   */
  public long reconnects() {
    return values.reconnects;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeMetrics that
        && ValueFields.list(values).equals(ValueFields.list(that.values));
  }

  @Override
  public int hashCode() {
    return ValueFields.list(values).hashCode();
  }

  @Override
  public String toString() {
    return ValueFields.toString("NodeMetrics", values);
  }

  /** The numbers as fields, so that copying needs no list of them. */
  private static final class Values implements Cloneable {
    private long messagesSent;
    private long messagesReceived;
    private long bytesSent;
    private long bytesReceived;
    private long plainConnections;
    private long sessionConnections;
    private long connectionsRefused;
    private long outboundMessages;
    private long outboundBytes;
    private long inboundBytes;
    private long violations;
    private long ignoredLines;
    private long reconnects;

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("this class is Cloneable", e);
      }
    }
  }

  /** Builds {@link NodeMetrics}. Not thread-safe. */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets {@link NodeMetrics#messagesSent}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder messagesSent(long value) {
      values.messagesSent = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#messagesReceived}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder messagesReceived(long value) {
      values.messagesReceived = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#bytesSent}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder bytesSent(long value) {
      values.bytesSent = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#bytesReceived}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder bytesReceived(long value) {
      values.bytesReceived = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#plainConnections}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder plainConnections(long value) {
      values.plainConnections = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#sessionConnections}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder sessionConnections(long value) {
      values.sessionConnections = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#connectionsRefused}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder connectionsRefused(long value) {
      values.connectionsRefused = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#outboundMessages}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder outboundMessages(long value) {
      values.outboundMessages = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#outboundBytes}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder outboundBytes(long value) {
      values.outboundBytes = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#inboundBytes}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder inboundBytes(long value) {
      values.inboundBytes = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#violations}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder violations(long value) {
      values.violations = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#ignoredLines}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder ignoredLines(long value) {
      values.ignoredLines = value;
      return this;
    }

    /**
     * Sets {@link NodeMetrics#reconnects}.
     *
     * @param value the number
     * @return this builder
     */
    public Builder reconnects(long value) {
      values.reconnects = value;
      return this;
    }

    /**
     * Builds the metrics.
     *
     * @return immutable metrics
     */
    public NodeMetrics build() {
      return new NodeMetrics(values.copy());
    }
  }
}
