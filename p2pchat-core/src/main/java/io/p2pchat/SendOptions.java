package io.p2pchat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Options of a send.
 *
 * <pre>{@code
 * node.send(peer, "lunch?", SendOptions.expireAfter(Duration.ofMinutes(1)))
 * }</pre>
 *
 * <p>This class is immutable and thread-safe. Later versions may add options. Two instances are
 * equal if all options are.
 */
public final class SendOptions {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Duration KEPT_FOR = Duration.ofDays(7);
  private static final SendOptions DEFAULTS = new SendOptions(null, KEPT_FOR);

  private final @Nullable Duration expiry;
  private final Duration keptFor;

  private SendOptions(@Nullable Duration expiry, Duration keptFor) {
    this.expiry = expiry;
    this.keptFor = keptFor;
  }

  /**
   * Returns the options of a plain {@link PeerNode#send(PeerAddress, String)}: the message does not
   * expire.
   *
   * @return the defaults
   */
  public static SendOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Bounds the time that a send takes, from the call on. When it is over, the message is withdrawn
   * if it was not written yet. Its future fails with {@link MessageWithdrawnException}, and the
   * peer never gets the message. If it was written and not acknowledged, the future fails with
   * {@link DeliveryUnknownException}. It is then not withdrawn, and may still arrive.
   *
   * @param time 1 ms to 365 days
   * @return options with this bound
   * @throws IllegalArgumentException if the time is out of its range
   */
  public static SendOptions expireAfter(Duration time) {
    return new SendOptions(checked("expireAfter", time), KEPT_FOR);
  }

  private static Duration checked(String option, Duration time) {
    if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          option + " is not 1 ms to 365 days: " + time + ". Choose a time in that range.");
    }
    return time;
  }

  /**
   * Sets how long a node with a store ({@link PeerNodeBuilder#store}) keeps the message for an
   * offline peer. When the time is over, the send ends as with {@link #expireAfter}, which counts
   * if it is set too. Other nodes ignore this option.
   *
   * @param time 1 ms to 365 days; 7 days by default
   * @return these options with this time
   * @throws IllegalArgumentException if the time is out of its range
   */
  public SendOptions keepFor(Duration time) {
    return new SendOptions(expiry, checked("keepFor", time));
  }

  /**
   * Returns how long a node with a store keeps the message for an offline peer.
   *
   * @return the time
   */
  public Duration keptFor() {
    return keptFor;
  }

  /**
   * Returns the time after which the message expires.
   *
   * @return the time, or empty if the message does not expire
   */
  public Optional<Duration> expiry() {
    return Optional.ofNullable(expiry);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SendOptions options
        && expiry().equals(options.expiry())
        && keptFor.equals(options.keptFor);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expiry, keptFor);
  }

  @Override
  public String toString() {
    return "SendOptions[expiry=" + expiry + ", keptFor=" + keptFor + "]";
  }
}
