package io.p2pchat.internal.protocol;

import java.util.Locale;

/**
 * Offers a session. Sent by an acceptor.
 *
 * @param version the highest protocol version that it supports, 1 or more
 * @param tls whether it supports TLS
 * @param node its node identifier
 */
public record Greeting(int version, Tls tls, String node) implements ControlLine {
  /** Whether an acceptor supports TLS. */
  public enum Tls {
    /** No. */
    NO,
    /** Yes. */
    OFFERED,
    /** Yes, and it accepts nothing else. */
    REQUIRED
  }

  /** Checks the fields. */
  public Greeting {
    ControlFields.requireVersion("GREETING", version);
    RandomIds.requireNode(node);
  }

  static Greeting read(ControlFields fields) {
    return new Greeting(
        fields.number("GREETING", 1, Integer.MAX_VALUE), tls(fields), fields.text("NODE"));
  }

  private static Tls tls(ControlFields fields) {
    for (Tls tls : Tls.values()) {
      if (name(tls).equals(fields.text("TLS"))) {
        return tls;
      }
    }
    throw new IllegalArgumentException("TLS is not no, offered or required");
  }

  private static String name(Tls tls) {
    return tls.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String format() {
    return "GREETING:" + version + "|TLS:" + name(tls) + "|NODE:" + node;
  }
}
