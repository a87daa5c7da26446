package io.p2pchat.internal.exchange;

import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.time.Duration;

/**
 * How often a node sends and uses {@code PEERS} lines, and accepts visits. Pure: every call has the
 * time, in nanoseconds of one steady clock. Not thread-safe.
 */
final class ExchangeLimits {
  /** The time between two lines in one session. */
  static final Duration LINE = Duration.ofMinutes(1);

  /** The time between two lines of one sender that count. */
  static final Duration USED = Duration.ofSeconds(30);

  private final LineLimit sent = new LineLimit(LINE);
  private final LineLimit used = new LineLimit(USED);

  /** A node with very many sessions tells, and listens to, some of them in each minute. */
  private final Pace lines = new Pace(64, Duration.ofMillis(60));

  private final Pace usedLines = new Pace(64, Duration.ofMillis(60));
  private final Pace visits = new Pace(64, Duration.ofMillis(250));

  /** Returns whether any line may be sent now. */
  boolean hasLine(long now) {
    return lines.permits(now);
  }

  /** Returns whether a node in a session may get a line now. */
  boolean sendsLine(String who, long now) {
    return lines.permits(now) && sent.permits(who, now);
  }

  /** A node has got a line. */
  void sent(String who, long now) {
    lines.take(now);
    sent.take(who, now);
  }

  /** Returns whether a line of this sender counts. If so, it is the one for a while. */
  boolean usesLine(Object sender, long now) {
    boolean uses = usedLines.permits(now) && used.permits(sender, now);
    if (uses) {
      usedLines.take(now);
      used.take(sender, now);
    }
    return uses;
  }

  /** Returns the sender of a line on a visit. */
  Object hostOf(InetAddress ip) {
    return HostPrefix.of(ip);
  }

  /** Returns whether a visitor is let in. */
  boolean acceptsVisit(long now) {
    boolean accepts = visits.permits(now);
    if (accepts) {
      visits.take(now);
    }
    return accepts;
  }

  /** Forgets what is too old. */
  void expire(long now) {
    sent.forget(now);
    used.forget(now);
  }
}
