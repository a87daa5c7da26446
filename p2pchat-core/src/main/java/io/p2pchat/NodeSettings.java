package io.p2pchat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits and timeouts of a node. All sizes are in bytes.
 *
 * <p>An outbound message counts with its encoded size. An event queued for the listener counts with
 * 2 bytes a character plus 256 for its objects. For a message of a session that overhead is 96
 * bytes, not 256.
 *
 * <p>A <i>source</i> is a session, or at level 0 a remote host. At level 0 each message has a
 * connection of its own, so connections cannot be the source. A <i>host</i> is an IPv4 address, or
 * the /64 network of an IPv6 address, where one machine can use every address.
 *
 * <p>This class is immutable and thread-safe. Later versions may add settings. Specification:
 * docs/PROTOCOL.md, sections 3, 5 and 6.
 */
public final class NodeSettings {
  /** The default settings of a node. */
  public static final NodeSettings DEFAULTS = builder().build();

  private final Values values;

  private NodeSettings(Values values) {
    this.values = values;
  }

  /**
   * Creates a builder with the default for each setting.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder(new Values());
  }

  /**
   * Creates a builder with these settings, to change some of them.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(values.copy());
  }

  /**
   * Returns the longest frame, in bytes with its terminator. A longer message is rejected when it
   * is sent. A longer frame received breaks the connection.
   *
   * @return 512 to 1,000,000,000
   */
  public int maxFrameBytes() {
    return values.maxFrameBytes;
  }

  /**
   * Returns the quiet period after which pending bytes count as a frame. It applies only to
   * connections that never sent a line end.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration quietPeriod() {
    return values.quietPeriod;
  }

  /**
   * Returns how long the first frame of a connection may take from its first byte.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration firstFrameTimeout() {
    return values.firstFrameTimeout;
  }

  /**
   * Returns the timeout for connecting.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration connectTimeout() {
    return values.connectTimeout;
  }

  /**
   * Returns how long a sender waits for the peer to close the connection after the line was
   * written.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration peerCloseTimeout() {
    return values.peerCloseTimeout;
  }

  /**
   * Returns how long closing the node may take.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration closeTimeout() {
    return values.closeTimeout;
  }

  /**
   * Returns the limit on bytes of messages to one peer that are not yet sent or acknowledged.
   *
   * @return 1024 or more
   */
  public int outboundBytesPerPeer() {
    return values.outboundBytesPerPeer;
  }

  /**
   * Returns the limit on messages to one peer that are not yet sent or acknowledged.
   *
   * @return 1 or more
   */
  public int outboundLinesPerPeer() {
    return values.outboundLinesPerPeer;
  }

  /**
   * Returns the limit on bytes of messages to all peers that are not yet sent or acknowledged. Each
   * message counts 128 bytes more here. The messages to one host get no more than what is still
   * free. A host with none gets one beyond the limit, until a quarter more than it is used.
   *
   * @return 1024 or more
   */
  public int outboundBytesInAll() {
    return values.outboundBytesInAll;
  }

  /**
   * Returns the limit on bytes of the messages that the store keeps for offline peers. Each message
   * counts 128 bytes more here. Beyond it, messages to such peers are not accepted.
   *
   * @return 1024 or more
   */
  public int keptBytesInAll() {
    return values.keptBytesInAll;
  }

  /**
   * Returns how many bytes received from one source may be queued for the listener. At the limit
   * reading from it stops; it resumes below half.
   *
   * @return 1024 or more
   */
  public int inboundBytesPerSource() {
    return values.inboundBytesPerSource;
  }

  /**
   * Returns how many bytes received from all sources may be queued for the listener. At the limit
   * reading stops first for the sources with the most bytes queued.
   *
   * @return 1024 or more
   */
  public int inboundBytesInAll() {
    return values.inboundBytesInAll;
  }

  /**
   * Returns the limit on accepted connections in all. Above three quarters of it, the
   * longest-silent connection without a session is closed to make room for a new one. At the limit
   * the new one is closed.
   *
   * @return 4 to 1,000,000
   */
  public int maxConnections() {
    return values.maxConnections;
  }

  /**
   * Returns the limit on accepted connections from one remote host. Above three quarters of it, the
   * longest-silent connection without a session is closed to make room for a new one, unless it has
   * been there for less than {@link #firstFrameTimeout}. At the limit the new one is closed.
   *
   * @return 4 to 1,000,000
   */
  public int maxConnectionsPerIp() {
    return values.maxConnectionsPerIp;
  }

  /**
   * Returns the limit on TLS handshakes in progress on accepted connections from one remote IP
   * address, or IPv6 network (/64). Further ones wait until others have ended.
   *
   * @return 1 to 1,000,000
   */
  public int maxHandshakesPerIp() {
    return values.maxHandshakesPerIp;
  }

  /**
   * Returns how many connections this node dials at a time. Connections with a session do not
   * count. Further ones are queued until one ends. The last quarter is for hosts without such a
   * connection.
   *
   * @return 1 to 1,000,000
   */
  public int maxDialedConnections() {
    return values.maxDialedConnections;
  }

  /**
   * Returns how many of the dialed connections can go to one host. Further ones are queued until
   * one ends. Hosts take turns.
   *
   * @return 1 to 1,000,000
   */
  public int maxDialedConnectionsPerHost() {
    return values.maxDialedConnectionsPerHost;
  }

  /**
   * Returns the limit on remembered active peers. Above it, the host with the most peers loses its
   * longest-silent one that is not connected. A peer that only its own message has connected is
   * lost too, if its host has more peers than that of the new one.
   *
   * @return 1 to 10,000,000
   */
  public int maxActivePeers() {
    return values.maxActivePeers;
  }

  /**
   * Returns the limit on remembered active peers of one host. Above it, the longest-silent peer of
   * that host that is not connected is forgotten.
   *
   * @return 1 to 10,000,000
   */
  public int maxPeersPerHost() {
    return values.maxPeersPerHost;
  }

  /**
   * Returns how long an accepted connection must be silent before the node greets it.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration greetingDelay() {
    return values.greetingDelay;
  }

  /**
   * Returns how long a dialer waits for the greeting before it falls back to the plain format. It
   * waits longer while something shows that the network or this machine is busy.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration greetingTimeout() {
    return values.greetingTimeout;
  }

  /**
   * Returns how long a session survives without progress: without a connection, or with a peer that
   * acknowledges none of the messages that wait. The node redials a lost connection for that time.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration sessionTimeout() {
    return values.sessionTimeout;
  }

  /**
   * Returns how long a connected peer may acknowledge none of the messages that wait, before the
   * node reports {@code PeerStalled}.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration stallTimeout() {
    return values.stallTimeout;
  }

  /**
   * Returns the delay before a session redials a lost connection. The delay doubles after each
   * failed attempt, up to 120 times this one, and varies randomly by ±20 %.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration redialDelay() {
    return values.redialDelay;
  }

  /**
   * Returns how long a session's peer may be silent before it is pinged. It then has two thirds of
   * this time to answer.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration silenceTimeout() {
    return values.silenceTimeout;
  }

  /**
   * Returns the limit on chat lines read from one source a second, on average. Above it reading
   * slows down. Nothing is dropped.
   *
   * @return 0 to 1,000,000,000; 0 means no limit
   */
  public int maxLinesPerSecond() {
    return values.maxLinesPerSecond;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeSettings that
        && ValueFields.list(values).equals(ValueFields.list(that.values));
  }

  @Override
  public int hashCode() {
    return ValueFields.list(values).hashCode();
  }

  @Override
  public String toString() {
    return ValueFields.toString("NodeSettings", values);
  }

  /** The settings with their defaults, as fields, so that copying needs no list of them. */
  private static final class Values implements Cloneable {
    private int maxFrameBytes = 64 * 1024;
    private Duration quietPeriod = Duration.ofMillis(300);
    private Duration firstFrameTimeout = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration peerCloseTimeout = Duration.ofSeconds(1);
    private Duration closeTimeout = Duration.ofSeconds(1);
    private int outboundBytesPerPeer = 8 * 1024 * 1024;
    private int outboundLinesPerPeer = 65_536;
    private int outboundBytesInAll = 64 * 1024 * 1024;
    private int keptBytesInAll = 64 * 1024 * 1024;
    private int inboundBytesPerSource = 1024 * 1024;
    private int inboundBytesInAll = 16 * 1024 * 1024;
    private int maxConnections = 16_384;
    private int maxConnectionsPerIp = 256;
    private int maxHandshakesPerIp = 64;
    private int maxDialedConnections = 1024;
    private int maxDialedConnectionsPerHost = 256;
    private int maxActivePeers = 65_536;
    private int maxPeersPerHost = 256;
    private Duration greetingDelay = Duration.ofMillis(100);
    private Duration greetingTimeout = Duration.ofSeconds(1);
    private Duration sessionTimeout = Duration.ofMinutes(2);
    private Duration stallTimeout = Duration.ofSeconds(10);
    private Duration redialDelay = Duration.ofMillis(250);
    private Duration silenceTimeout = Duration.ofSeconds(15);
    private int maxLinesPerSecond;

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("this class is Cloneable", e);
      }
    }
  }

  /**
   * Builds {@link NodeSettings}. A time may be 1 millisecond to 1 day. A value out of range is
   * rejected at once, and the error names the setting and its range. Not thread-safe.
   */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets the longest frame, in bytes with its terminator. A longer message is rejected when it is
     * sent. A longer frame received breaks the connection.
     *
     * @param value the new value; 512 to 1,000,000,000; 64 KiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxFrameBytes(int value) {
      values.maxFrameBytes = requireRange("maxFrameBytes", value, 512, 1_000_000_000);
      return this;
    }

    /**
     * Sets the quiet period after which pending bytes count as a frame. It applies only to
     * connections that never sent a line end.
     *
     * @param value the new value; 300 ms by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder quietPeriod(Duration value) {
      values.quietPeriod = requireTime("quietPeriod", value);
      return this;
    }

    /**
     * Sets how long the first frame of a connection may take from its first byte.
     *
     * @param value the new value; 10 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder firstFrameTimeout(Duration value) {
      values.firstFrameTimeout = requireTime("firstFrameTimeout", value);
      return this;
    }

    /**
     * Sets the timeout for connecting.
     *
     * @param value the new value; 5 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder connectTimeout(Duration value) {
      values.connectTimeout = requireTime("connectTimeout", value);
      return this;
    }

    /**
     * Sets how long a sender waits for the peer to close the connection after the line was written.
     *
     * @param value the new value; 1 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder peerCloseTimeout(Duration value) {
      values.peerCloseTimeout = requireTime("peerCloseTimeout", value);
      return this;
    }

    /**
     * Sets how long closing the node may take.
     *
     * @param value the new value; 1 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder closeTimeout(Duration value) {
      values.closeTimeout = requireTime("closeTimeout", value);
      return this;
    }

    /**
     * Sets the limit on bytes of messages to one peer that are not yet sent or acknowledged.
     *
     * @param value the new value; 1024 or more; 8 MiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder outboundBytesPerPeer(int value) {
      values.outboundBytesPerPeer =
          requireRange("outboundBytesPerPeer", value, 1024, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets the limit on messages to one peer that are not yet sent or acknowledged.
     *
     * @param value the new value; 1 or more; 65,536 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder outboundLinesPerPeer(int value) {
      values.outboundLinesPerPeer =
          requireRange("outboundLinesPerPeer", value, 1, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets the limit on bytes of messages to all peers that are not yet sent or acknowledged. Each
     * message counts 128 bytes more here. The messages to one host get no more than what is still
     * free. A host with none gets one beyond the limit, until a quarter more than it is used.
     *
     * @param value the new value; 1024 or more; 64 MiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder outboundBytesInAll(int value) {
      values.outboundBytesInAll =
          requireRange("outboundBytesInAll", value, 1024, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets the limit on bytes of the messages that the store keeps for offline peers. Each message
     * counts 128 bytes more here. Beyond it, messages to such peers are not accepted.
     *
     * @param value the new value; 1024 or more; 64 MiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder keptBytesInAll(int value) {
      values.keptBytesInAll = requireRange("keptBytesInAll", value, 1024, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets how many bytes received from one source may be queued for the listener. At the limit
     * reading from it stops; it resumes below half.
     *
     * @param value the new value; 1024 or more; 1 MiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder inboundBytesPerSource(int value) {
      values.inboundBytesPerSource =
          requireRange("inboundBytesPerSource", value, 1024, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets how many bytes received from all sources may be queued for the listener. At the limit
     * reading stops first for the sources with the most bytes queued.
     *
     * @param value the new value; 1024 or more; 16 MiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder inboundBytesInAll(int value) {
      values.inboundBytesInAll = requireRange("inboundBytesInAll", value, 1024, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets the limit on accepted connections in all. Above three quarters of it, the longest-silent
     * connection without a session is closed to make room for a new one. At the limit the new one
     * is closed.
     *
     * @param value the new value; 4 to 1,000,000; 16,384 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxConnections(int value) {
      values.maxConnections = requireRange("maxConnections", value, 4, 1_000_000);
      return this;
    }

    /**
     * Sets the limit on accepted connections from one remote host. Above three quarters of it, the
     * longest-silent connection without a session is closed to make room for a new one, unless it
     * has been there for less than {@link #firstFrameTimeout}. At the limit the new one is closed.
     *
     * @param value the new value; 4 to 1,000,000; 256 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxConnectionsPerIp(int value) {
      values.maxConnectionsPerIp = requireRange("maxConnectionsPerIp", value, 4, 1_000_000);
      return this;
    }

    /**
     * Sets the limit on TLS handshakes in progress on accepted connections from one remote IP
     * address, or IPv6 network (/64). Further ones wait until others have ended.
     *
     * @param value the new value; 1 to 1,000,000; 64 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxHandshakesPerIp(int value) {
      values.maxHandshakesPerIp = requireRange("maxHandshakesPerIp", value, 1, 1_000_000);
      return this;
    }

    /**
     * Sets how many connections this node dials at a time. Connections with a session do not count.
     * Further ones are queued until one ends. The last quarter is for hosts without such a
     * connection.
     *
     * @param value the new value; 1 to 1,000,000; 1,024 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxDialedConnections(int value) {
      values.maxDialedConnections = requireRange("maxDialedConnections", value, 1, 1_000_000);
      return this;
    }

    /**
     * Sets how many of the dialed connections can go to one host. Further ones are queued until one
     * ends. Hosts take turns.
     *
     * @param value the new value; 1 to 1,000,000; 256 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxDialedConnectionsPerHost(int value) {
      values.maxDialedConnectionsPerHost =
          requireRange("maxDialedConnectionsPerHost", value, 1, 1_000_000);
      return this;
    }

    /**
     * Sets the limit on remembered active peers. Above it, the host with the most peers loses its
     * longest-silent one that is not connected. A peer that only its own message has connected is
     * lost too, if its host has more peers than that of the new one.
     *
     * @param value the new value; 1 to 10,000,000; 65,536 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxActivePeers(int value) {
      values.maxActivePeers = requireRange("maxActivePeers", value, 1, 10_000_000);
      return this;
    }

    /**
     * Sets the limit on remembered active peers of one host. Above it, the longest-silent peer of
     * that host that is not connected is forgotten.
     *
     * @param value the new value; 1 to 10,000,000; 256 by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxPeersPerHost(int value) {
      values.maxPeersPerHost = requireRange("maxPeersPerHost", value, 1, 10_000_000);
      return this;
    }

    /**
     * Sets how long an accepted connection must be silent before the node greets it.
     *
     * @param value the new value; 100 ms by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder greetingDelay(Duration value) {
      values.greetingDelay = requireTime("greetingDelay", value);
      return this;
    }

    /**
     * Sets how long a dialer waits for the greeting before it falls back to the plain format. It
     * waits longer while something shows that the network or this machine is busy.
     *
     * @param value the new value; 1 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder greetingTimeout(Duration value) {
      values.greetingTimeout = requireTime("greetingTimeout", value);
      return this;
    }

    /**
     * Sets how long a session survives without progress: without a connection, or with a peer that
     * acknowledges none of the messages that wait. The node redials a lost connection for that
     * time.
     *
     * @param value the new value; 2 minutes by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder sessionTimeout(Duration value) {
      values.sessionTimeout = requireTime("sessionTimeout", value);
      return this;
    }

    /**
     * Sets how long a connected peer may acknowledge none of the messages that wait, before the
     * node reports {@code PeerStalled}.
     *
     * @param value the new value; 10 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder stallTimeout(Duration value) {
      values.stallTimeout = requireTime("stallTimeout", value);
      return this;
    }

    /**
     * Sets the delay before a session redials a lost connection. The delay doubles after each
     * failed attempt, up to 120 times this one, and varies randomly by ±20 %.
     *
     * @param value the new value; 250 ms by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder redialDelay(Duration value) {
      values.redialDelay = requireTime("redialDelay", value);
      return this;
    }

    /**
     * Sets how long a session's peer may be silent before it is pinged. It then has two thirds of
     * this time to answer.
     *
     * @param value the new value; 15 s by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder silenceTimeout(Duration value) {
      values.silenceTimeout = requireTime("silenceTimeout", value);
      return this;
    }

    /**
     * Sets the limit on chat lines read from one source a second, on average. Above it reading
     * slows down. Nothing is dropped.
     *
     * @param value the new value; 0 to 1,000,000,000; by default 0, which means no limit
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxLinesPerSecond(int value) {
      values.maxLinesPerSecond = requireRange("maxLinesPerSecond", value, 0, 1_000_000_000);
      return this;
    }

    /**
     * Builds the settings.
     *
     * @return immutable settings
     */
    public NodeSettings build() {
      return new NodeSettings(values.copy());
    }

    private static int requireRange(String name, int value, int low, int high) {
      if (value < low || value > high) {
        throw new IllegalArgumentException(
            name + " is " + value + "; accepted are " + low + " to " + high);
      }
      return value;
    }

    private static Duration requireTime(String name, Duration value) {
      if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            name + " is " + value + "; accepted are 1 millisecond to 1 day");
      }
      return value;
    }
  }
}
