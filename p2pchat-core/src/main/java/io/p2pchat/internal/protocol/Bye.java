package io.p2pchat.internal.protocol;

import java.util.Locale;

/**
 * Ends the connection.
 *
 * @param reason why, and whether the session ends with it
 */
public record Bye(Reason reason) implements ControlLine {
  /** Why a connection is ended. */
  public enum Reason {
    /** The sender leaves; ends the session. */
    CLOSING,
    /** The other side broke the protocol; ends the session. */
    PROTOCOL,
    /** The other side is not who it must be; ends the session. */
    TRUST,
    /** Try again later; any reason that is not known is read as this one. */
    BUSY,
    /** The pair has another connection. */
    DUPLICATE
  }

  /** Whether the session ends as well. */
  public boolean endsSession() {
    return switch (reason) {
      case CLOSING, PROTOCOL, TRUST -> true;
      case BUSY, DUPLICATE -> false;
    };
  }

  static Bye read(ControlFields fields) {
    String text = fields.text("BYE");
    for (Reason reason : Reason.values()) {
      if (name(reason).equals(text)) {
        return new Bye(reason);
      }
    }
    // Of a reason that a later version adds, only the end of the connection is certain.
    return new Bye(Reason.BUSY);
  }

  private static String name(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String format() {
    return "BYE:" + name(reason);
  }
}
