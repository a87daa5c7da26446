package io.p2pchat.internal.protocol;

import io.p2pchat.TrustException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Ends the connection.
 *
 * @param reason why, and whether the session ends with it
 * @param trust why the other side is not trusted; {@code UNKNOWN} for other reasons and if it was
 *     not said
 */
public record Bye(Reason reason, TrustException.Reason trust) implements ControlLine {
  private static final String DETAIL = "REASON";

  /** Those that are written. The others are of this node only, so a peer cannot give them. */
  private static final Set<TrustException.Reason> TRUST_REASONS =
      Collections.unmodifiableSet(
          EnumSet.of(
              TrustException.Reason.KEY,
              TrustException.Reason.FULL,
              TrustException.Reason.STORAGE));

  /** Why a connection ends. */
  public enum Reason {
    /** The sender leaves. Ends the session. */
    CLOSING,
    /**
     * The sender's application refuses the first chat line that is not acknowledged. Ends the
     * session. Written as {@link #CLOSING} with a further field, which older versions ignore.
     */
    REFUSED,
    /** The other side violated the protocol. Ends the session. */
    PROTOCOL,
    /** The other side is not trusted. Ends the session. */
    TRUST,
    /** Try again later. Unknown reasons are read as this one. */
    BUSY,
    /** The pair of nodes has another connection. */
    DUPLICATE
  }

  /** A reason without details. */
  public Bye(Reason reason) {
    this(reason, TrustException.Reason.UNKNOWN);
  }

  /** Returns whether the session ends too. */
  public boolean endsSession() {
    return switch (reason) {
      case CLOSING, REFUSED, PROTOCOL, TRUST -> true;
      case BUSY, DUPLICATE -> false;
    };
  }

  static Bye read(ControlFields fields) {
    String text = fields.text("BYE");
    for (Reason reason : Reason.values()) {
      if (key(reason).equals(text)) {
        return new Bye(isRefusal(reason, fields) ? Reason.REFUSED : reason, trust(reason, fields));
      }
    }
    // Of a later version's reason, only the end of the connection is certain.
    return new Bye(Reason.BUSY);
  }

  private static boolean isRefusal(Reason reason, ControlFields fields) {
    return reason == Reason.CLOSING
        && fields.has(DETAIL)
        && name(Reason.REFUSED).equals(fields.text(DETAIL));
  }

  private static TrustException.Reason trust(Reason ended, ControlFields fields) {
    for (TrustException.Reason reason : TRUST_REASONS) {
      if (ended == Reason.TRUST && fields.has(DETAIL) && name(reason).equals(fields.text(DETAIL))) {
        return reason;
      }
    }
    return TrustException.Reason.UNKNOWN;
  }

  /** Returns the first value of the line. */
  private static String key(Reason reason) {
    return name(reason == Reason.REFUSED ? Reason.CLOSING : reason);
  }

  private static String name(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String format() {
    Enum<?> detail = reason == Reason.REFUSED ? reason : trust;
    boolean isKnown = reason == Reason.REFUSED || TRUST_REASONS.contains(trust);
    return "BYE:" + key(reason) + (isKnown ? "|" + DETAIL + ":" + name(detail) : "");
  }
}
