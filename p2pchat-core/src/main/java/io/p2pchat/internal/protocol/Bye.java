package io.p2pchat.internal.protocol;

import java.util.Locale;

/**
 * Ends the connection.
 *
 * @param reason why, and whether the session ends with it
 */
public record Bye(Reason reason) implements ControlLine {
  /** Why a connection ends. */
  public enum Reason {
    /** The sender leaves. Ends the session. */
    CLOSING,
    /** The other side violated the protocol. Ends the session. */
    PROTOCOL,
    /** The other side is not trusted. Ends the session. */
    TRUST,
    /** Try again later. Unknown reasons are read as this one. */
    BUSY,
    /** The pair of nodes has another connection. */
    DUPLICATE
  }

  /** Returns whether the session ends too. */
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
    // Of a later version's reason, only the end of the connection is certain.
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
