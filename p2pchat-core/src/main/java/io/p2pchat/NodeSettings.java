package io.p2pchat;

import java.time.Duration;

/**
 * The limits and times of a node. All sizes are bytes; all times are positive.
 *
 * <p>A message that waits to be sent or acknowledged counts with its encoded size; an event that
 * waits for the listener with two bytes for each character and 256 for the objects around it, 96
 * for a message of a session. A source is a session, and at level 0 a remote IP address, since each
 * message comes on a connection of its own there.
 *
 * <p>A value out of its range is an {@link IllegalArgumentException} that names it and the range.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, sections 3, 5 and 6.
 *
 * @param maxFrameBytes the longest frame, in bytes with its terminator; longer ones are refused
 *     when sent and break the connection when received
 * @param quietPeriod how long a connection that never sent a line end must be silent for what waits
 *     to count as a frame
 * @param firstFrameTimeout how long the first frame of a connection may take from its first byte
 * @param connectTimeout how long a connection may take to be made
 * @param peerCloseTimeout how long a sender waits for the peer to close after the line was written
 * @param closeTimeout how long closing the node may take
 * @param outboundBytesPerPeer bytes of messages to one peer that may wait, to be sent or
 *     acknowledged
 * @param outboundLinesPerPeer messages that may wait for one peer
 * @param inboundBytesPerSource bytes received from one source that may wait for the listener before
 *     reading from it stops; it goes on below half
 * @param inboundBytesInAll the same over all sources; those with most waiting are stopped first
 * @param maxConnections accepted connections in all; above three quarters the longest-silent one is
 *     closed for a new one, at the bound the new one is
 * @param maxConnectionsPerIp the same for one remote IP address
 * @param maxDialedConnections connections this node makes at a time, those that hold a session not
 *     counted; further ones wait for one to end
 * @param maxActivePeers active peers remembered; above it the longest-silent one that is not
 *     connected is forgotten
 * @param greetingDelay how long an accepted connection must be silent before it is greeted
 * @param greetingTimeout how long a dialer waits for the greeting before it falls back to the plain
 *     format
 * @param sessionTimeout how long a session without a connection is kept, and dialed for
 * @param redialDelay how long a session waits before it dials a lost connection again; the wait
 *     doubles with each failed attempt up to 120 times this one, and varies by a fifth
 * @param silenceTimeout how long a session's peer may be silent before it is asked for a sign of
 *     life; it then has two thirds of this time to answer
 * @param maxLinesPerSecond chat lines a second that are read from one source; 0 for no limit
 */
public record NodeSettings(
    int maxFrameBytes,
    Duration quietPeriod,
    Duration firstFrameTimeout,
    Duration connectTimeout,
    Duration peerCloseTimeout,
    Duration closeTimeout,
    int outboundBytesPerPeer,
    int outboundLinesPerPeer,
    int inboundBytesPerSource,
    int inboundBytesInAll,
    int maxConnections,
    int maxConnectionsPerIp,
    int maxDialedConnections,
    int maxActivePeers,
    Duration greetingDelay,
    Duration greetingTimeout,
    Duration sessionTimeout,
    Duration redialDelay,
    Duration silenceTimeout,
    int maxLinesPerSecond) {

  /** The settings a node has when none are given. */
  public static final NodeSettings DEFAULTS = builder().build();

  /**
   * Checks every value.
   *
   * @param maxFrameBytes as above
   * @param quietPeriod as above
   * @param firstFrameTimeout as above
   * @param connectTimeout as above
   * @param peerCloseTimeout as above
   * @param closeTimeout as above
   * @param outboundBytesPerPeer as above
   * @param outboundLinesPerPeer as above
   * @param inboundBytesPerSource as above
   * @param inboundBytesInAll as above
   * @param maxConnections as above
   * @param maxConnectionsPerIp as above
   * @param maxDialedConnections as above
   * @param maxActivePeers as above
   * @param greetingDelay as above
   * @param greetingTimeout as above
   * @param sessionTimeout as above
   * @param redialDelay as above
   * @param silenceTimeout as above
   * @param maxLinesPerSecond as above
   * @throws IllegalArgumentException if one is out of its range
   */
  public NodeSettings {
    requireRange("maxFrameBytes", maxFrameBytes, 300, 1_000_000_000);
    requirePositive("quietPeriod", quietPeriod);
    requirePositive("firstFrameTimeout", firstFrameTimeout);
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("peerCloseTimeout", peerCloseTimeout);
    requirePositive("closeTimeout", closeTimeout);
    requireRange("outboundBytesPerPeer", outboundBytesPerPeer, 1024, Integer.MAX_VALUE);
    requireRange("outboundLinesPerPeer", outboundLinesPerPeer, 1, Integer.MAX_VALUE);
    requireRange("inboundBytesPerSource", inboundBytesPerSource, 1024, Integer.MAX_VALUE);
    requireRange("inboundBytesInAll", inboundBytesInAll, 1024, Integer.MAX_VALUE);
    requireRange("maxConnections", maxConnections, 4, 1_000_000);
    requireRange("maxConnectionsPerIp", maxConnectionsPerIp, 4, 1_000_000);
    requireRange("maxDialedConnections", maxDialedConnections, 1, 1_000_000);
    requireRange("maxActivePeers", maxActivePeers, 1, 10_000_000);
    requirePositive("greetingDelay", greetingDelay);
    requirePositive("greetingTimeout", greetingTimeout);
    requirePositive("sessionTimeout", sessionTimeout);
    requirePositive("redialDelay", redialDelay);
    requirePositive("silenceTimeout", silenceTimeout);
    requireRange("maxLinesPerSecond", maxLinesPerSecond, 0, 1_000_000_000);
  }

  /**
   * Begins settings, with the default for each value.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private static void requireRange(String name, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          name + " is " + value + "; accepted are " + low + " to " + high);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; accepted are 1 millisecond to 1 day");
    }
  }

  /** Makes {@link NodeSettings}. Not thread-safe. */
  public static final class Builder {
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

    private Builder() {}

    /**
     * Sets the longest frame, in bytes with its terminator.
     *
     * @param value the new value; 300 or more; 64 KiB by default
     * @return this builder
     */
    public Builder maxFrameBytes(int value) {
      this.maxFrameBytes = value;
      return this;
    }

    /**
     * Sets how long a connection that never sent a line end must be silent for what waits to count
     * as a frame.
     *
     * @param value the new value; 300 ms by default
     * @return this builder
     */
    public Builder quietPeriod(Duration value) {
      this.quietPeriod = value;
      return this;
    }

    /**
     * Sets how long the first frame of a connection may take from its first byte.
     *
     * @param value the new value; 10 s by default
     * @return this builder
     */
    public Builder firstFrameTimeout(Duration value) {
      this.firstFrameTimeout = value;
      return this;
    }

    /**
     * Sets how long a connection may take to be made.
     *
     * @param value the new value; 5 s by default
     * @return this builder
     */
    public Builder connectTimeout(Duration value) {
      this.connectTimeout = value;
      return this;
    }

    /**
     * Sets how long a sender waits for the peer to close after the line was written.
     *
     * @param value the new value; 1 s by default
     * @return this builder
     */
    public Builder peerCloseTimeout(Duration value) {
      this.peerCloseTimeout = value;
      return this;
    }

    /**
     * Sets how long closing the node may take.
     *
     * @param value the new value; 1 s by default
     * @return this builder
     */
    public Builder closeTimeout(Duration value) {
      this.closeTimeout = value;
      return this;
    }

    /**
     * Sets bytes of messages that may wait for one peer.
     *
     * @param value the new value; 1024 or more; 8 MiB by default
     * @return this builder
     */
    public Builder outboundBytesPerPeer(int value) {
      this.outboundBytesPerPeer = value;
      return this;
    }

    /**
     * Sets messages that may wait for one peer.
     *
     * @param value the new value; 1 or more; 65,536 by default
     * @return this builder
     */
    public Builder outboundLinesPerPeer(int value) {
      this.outboundLinesPerPeer = value;
      return this;
    }

    /**
     * Sets bytes received from one source that may wait for the listener before reading from it
     * stops.
     *
     * @param value the new value; 1024 or more; 1 MiB by default
     * @return this builder
     */
    public Builder inboundBytesPerSource(int value) {
      this.inboundBytesPerSource = value;
      return this;
    }

    /**
     * Sets the same over all sources.
     *
     * @param value the new value; 1024 or more; 16 MiB by default
     * @return this builder
     */
    public Builder inboundBytesInAll(int value) {
      this.inboundBytesInAll = value;
      return this;
    }

    /**
     * Sets accepted connections in all.
     *
     * @param value the new value; 4 or more; 16,384 by default
     * @return this builder
     */
    public Builder maxConnections(int value) {
      this.maxConnections = value;
      return this;
    }

    /**
     * Sets the same for one remote IP address.
     *
     * @param value the new value; 4 or more; 256 by default
     * @return this builder
     */
    public Builder maxConnectionsPerIp(int value) {
      this.maxConnectionsPerIp = value;
      return this;
    }

    /**
     * Sets connections this node makes at a time.
     *
     * @param value the new value; 1 or more; 1,024 by default
     * @return this builder
     */
    public Builder maxDialedConnections(int value) {
      this.maxDialedConnections = value;
      return this;
    }

    /**
     * Sets active peers remembered.
     *
     * @param value the new value; 1 or more; 65,536 by default
     * @return this builder
     */
    public Builder maxActivePeers(int value) {
      this.maxActivePeers = value;
      return this;
    }

    /**
     * Sets how long an accepted connection must be silent before it is greeted.
     *
     * @param value the new value; 100 ms by default
     * @return this builder
     */
    public Builder greetingDelay(Duration value) {
      this.greetingDelay = value;
      return this;
    }

    /**
     * Sets how long a dialer waits for the greeting before it falls back to the plain format.
     *
     * @param value the new value; 1 s by default
     * @return this builder
     */
    public Builder greetingTimeout(Duration value) {
      this.greetingTimeout = value;
      return this;
    }

    /**
     * Sets how long a session without a connection is kept, and dialed for.
     *
     * @param value the new value; 2 minutes by default
     * @return this builder
     */
    public Builder sessionTimeout(Duration value) {
      this.sessionTimeout = value;
      return this;
    }

    /**
     * Sets how long a session waits before it dials a lost connection again.
     *
     * @param value the new value; 250 ms by default
     * @return this builder
     */
    public Builder redialDelay(Duration value) {
      this.redialDelay = value;
      return this;
    }

    /**
     * Sets how long a session's peer may be silent before it is asked for a sign of life; it then
     * has two thirds of this time to answer.
     *
     * @param value the new value; 15 s by default
     * @return this builder
     */
    public Builder silenceTimeout(Duration value) {
      this.silenceTimeout = value;
      return this;
    }

    /**
     * Sets how many chat lines a second are read from one source on average; reading slows down
     * above that, and nothing is dropped.
     *
     * @param value the new value; 0, for no limit, by default
     * @return this builder
     */
    public Builder maxLinesPerSecond(int value) {
      this.maxLinesPerSecond = value;
      return this;
    }

    /**
     * Makes the settings.
     *
     * @return immutable settings
     * @throws IllegalArgumentException if a value is out of its range
     */
    public NodeSettings build() {
      return new NodeSettings(
          maxFrameBytes,
          quietPeriod,
          firstFrameTimeout,
          connectTimeout,
          peerCloseTimeout,
          closeTimeout,
          outboundBytesPerPeer,
          outboundLinesPerPeer,
          inboundBytesPerSource,
          inboundBytesInAll,
          maxConnections,
          maxConnectionsPerIp,
          maxDialedConnections,
          maxActivePeers,
          greetingDelay,
          greetingTimeout,
          sessionTimeout,
          redialDelay,
          silenceTimeout,
          maxLinesPerSecond);
    }
  }
}
