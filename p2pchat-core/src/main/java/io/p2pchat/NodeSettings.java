package io.p2pchat;

import java.time.Duration;

/**
 * The limits and times of a node. All sizes are bytes.
 *
 * <p>A message that waits to be sent or acknowledged counts with its encoded size; an event that
 * waits for the listener with two bytes for each character and 256 for the objects around it, 96
 * for a message of a session. A source is a session, and at level 0 a remote IP address, since each
 * message comes on a connection of its own there.
 *
 * <p>This class is immutable and thread-safe. Settings may be added. Specification:
 * docs/PROTOCOL.md, sections 3, 5 and 6.
 */
public final class NodeSettings {
  /** The settings a node has when none are given. */
  public static final NodeSettings DEFAULTS = builder().build();

  private final Values values;

  private NodeSettings(Values values) {
    this.values = values;
  }

  /**
   * Begins settings, with the default for each value.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder(new Values());
  }

  /**
   * Begins settings that differ from these in some values.
   *
   * @return a new builder, with the value that each setting has here
   */
  public Builder toBuilder() {
    return new Builder(values.copy());
  }

  /**
   * Returns the longest frame, in bytes with its terminator; longer ones are refused when sent and
   * break the connection when received.
   *
   * @return 300 to 1,000,000,000
   */
  public int maxFrameBytes() {
    return values.maxFrameBytes;
  }

  /**
   * Returns how long a connection that never sent a line end must be silent for what waits to count
   * as a frame.
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
   * Returns how long a connection may take to be made.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration connectTimeout() {
    return values.connectTimeout;
  }

  /**
   * Returns how long a sender waits for the peer to close after the line was written.
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
   * Returns how many bytes of messages to one peer may wait, to be sent or acknowledged.
   *
   * @return 1024 or more
   */
  public int outboundBytesPerPeer() {
    return values.outboundBytesPerPeer;
  }

  /**
   * Returns how many messages may wait for one peer, to be sent or acknowledged.
   *
   * @return 1 or more
   */
  public int outboundLinesPerPeer() {
    return values.outboundLinesPerPeer;
  }

  /**
   * Returns how many bytes received from one source may wait for the listener before reading from
   * it stops; it goes on below half.
   *
   * @return 1024 or more
   */
  public int inboundBytesPerSource() {
    return values.inboundBytesPerSource;
  }

  /**
   * Returns how many bytes received from all sources may wait for the listener; those with most
   * waiting are stopped first.
   *
   * @return 1024 or more
   */
  public int inboundBytesInAll() {
    return values.inboundBytesInAll;
  }

  /**
   * Returns how many connections are accepted in all; above three quarters the longest-silent one
   * is closed for a new one, at the bound the new one is.
   *
   * @return 4 to 1,000,000
   */
  public int maxConnections() {
    return values.maxConnections;
  }

  /**
   * Returns how many connections are accepted from one remote IP address; above three quarters the
   * longest-silent one is closed for a new one, at the bound the new one is.
   *
   * @return 4 to 1,000,000
   */
  public int maxConnectionsPerIp() {
    return values.maxConnectionsPerIp;
  }

  /**
   * Returns how many connections this node makes at a time, those that hold a session not counted;
   * further ones wait for one to end.
   *
   * @return 1 to 1,000,000
   */
  public int maxDialedConnections() {
    return values.maxDialedConnections;
  }

  /**
   * Returns how many active peers are remembered; above it the longest-silent one that is not
   * connected is forgotten.
   *
   * @return 1 to 10,000,000
   */
  public int maxActivePeers() {
    return values.maxActivePeers;
  }

  /**
   * Returns how long an accepted connection must be silent before it is greeted.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration greetingDelay() {
    return values.greetingDelay;
  }

  /**
   * Returns how long a dialer waits for the greeting before it falls back to the plain format.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration greetingTimeout() {
    return values.greetingTimeout;
  }

  /**
   * Returns how long a session without a connection is kept, and dialed for.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration sessionTimeout() {
    return values.sessionTimeout;
  }

  /**
   * Returns how long a session waits before it dials a lost connection again; the wait doubles with
   * each failed attempt up to 120 times this one, and varies by a fifth.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration redialDelay() {
    return values.redialDelay;
  }

  /**
   * Returns how long a session's peer may be silent before it is asked for a sign of life; it then
   * has two thirds of this time to answer.
   *
   * @return a time of 1 millisecond to 1 day
   */
  public Duration silenceTimeout() {
    return values.silenceTimeout;
  }

  /**
   * Returns how many chat lines a second are read from one source on average; reading slows down
   * above that, and nothing is dropped.
   *
   * @return 0 to 1,000,000,000
   */
  public int maxLinesPerSecond() {
    return values.maxLinesPerSecond;
  }

  /** The settings with their defaults, each named once: copies are made of all of them. */
  private static final class Values implements Cloneable {
    private int maxFrameBytes = 64 * 1024;
    private Duration quietPeriod = Duration.ofMillis(300);
    private Duration firstFrameTimeout = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration peerCloseTimeout = Duration.ofSeconds(1);
    private Duration closeTimeout = Duration.ofSeconds(1);
    private int outboundBytesPerPeer = 8 * 1024 * 1024;
    private int outboundLinesPerPeer = 65_536;
    private int inboundBytesPerSource = 1024 * 1024;
    private int inboundBytesInAll = 16 * 1024 * 1024;
    private int maxConnections = 16_384;
    private int maxConnectionsPerIp = 256;
    private int maxDialedConnections = 1024;
    private int maxActivePeers = 65_536;
    private Duration greetingDelay = Duration.ofMillis(100);
    private Duration greetingTimeout = Duration.ofSeconds(1);
    private Duration sessionTimeout = Duration.ofMinutes(2);
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
   * Makes {@link NodeSettings}. Each time is 1 millisecond to 1 day. A value out of its range is
   * refused at once, by its name and with the range. Not thread-safe.
   */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets the longest frame, in bytes with its terminator; longer ones are refused when sent and
     * break the connection when received.
     *
     * @param value the new value; 300 to 1,000,000,000; 64 KiB by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxFrameBytes(int value) {
      values.maxFrameBytes = requireRange("maxFrameBytes", value, 300, 1_000_000_000);
      return this;
    }

    /**
     * Sets how long a connection that never sent a line end must be silent for what waits to count
     * as a frame.
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
     * Sets how long a connection may take to be made.
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
     * Sets how long a sender waits for the peer to close after the line was written.
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
     * Sets how many bytes of messages to one peer may wait, to be sent or acknowledged.
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
     * Sets how many messages may wait for one peer, to be sent or acknowledged.
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
     * Sets how many bytes received from one source may wait for the listener before reading from it
     * stops; it goes on below half.
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
     * Sets how many bytes received from all sources may wait for the listener; those with most
     * waiting are stopped first.
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
     * Sets how many connections are accepted in all; above three quarters the longest-silent one is
     * closed for a new one, at the bound the new one is.
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
     * Sets how many connections are accepted from one remote IP address; above three quarters the
     * longest-silent one is closed for a new one, at the bound the new one is.
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
     * Sets how many connections this node makes at a time, those that hold a session not counted;
     * further ones wait for one to end.
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
     * Sets how many active peers are remembered; above it the longest-silent one that is not
     * connected is forgotten.
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
     * Sets how long an accepted connection must be silent before it is greeted.
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
     * Sets how long a dialer waits for the greeting before it falls back to the plain format.
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
     * Sets how long a session without a connection is kept, and dialed for.
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
     * Sets how long a session waits before it dials a lost connection again; the wait doubles with
     * each failed attempt up to 120 times this one, and varies by a fifth.
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
     * Sets how long a session's peer may be silent before it is asked for a sign of life; it then
     * has two thirds of this time to answer.
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
     * Sets how many chat lines a second are read from one source on average; reading slows down
     * above that, and nothing is dropped.
     *
     * @param value the new value; 0 to 1,000,000,000; 0, for no limit, by default
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxLinesPerSecond(int value) {
      values.maxLinesPerSecond = requireRange("maxLinesPerSecond", value, 0, 1_000_000_000);
      return this;
    }

    /**
     * Makes the settings.
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
