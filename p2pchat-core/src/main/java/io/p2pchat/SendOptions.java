package io.p2pchat;

import java.time.Duration;
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
  private static final SendOptions DEFAULTS = new SendOptions(null);

  private final @Nullable Duration expiry;

  private SendOptions(@Nullable Duration expiry) {
    this.expiry = expiry;
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
    if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "expireAfter is not 1 ms to 365 days: " + time + ". Choose a time in that range.");
    }
    return new SendOptions(time);
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
    return other instanceof SendOptions options && expiry().equals(options.expiry());
  }

  @Override
  public int hashCode() {
    return expiry().hashCode();
  }

  @Override
  public String toString() {
    return "SendOptions[expiry=" + expiry + "]";
  }
}
