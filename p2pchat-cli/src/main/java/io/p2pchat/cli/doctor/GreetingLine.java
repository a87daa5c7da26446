package io.p2pchat.cli.doctor;

import java.util.Optional;

/**
 * A greeting, as docs/PROTOCOL.md, section 4 specifies it.
 *
 * @param version the version of the protocol
 * @param tls {@code no}, {@code offered} or {@code required}
 * @param node the identifier of the node
 */
record GreetingLine(String version, String tls, String node) {
  private static final String START = "GREETING:";

  /** Reads a line. Returns empty if it is not a greeting. */
  static Optional<GreetingLine> parse(String line) {
    String[] fields = line.strip().split("\\|");
    return fields[0].startsWith(START)
        ? Optional.of(
            new GreetingLine(
                fields[0].substring(START.length()), field(fields, "TLS:"), field(fields, "NODE:")))
        : Optional.empty();
  }

  private static String field(String[] fields, String name) {
    for (String field : fields) {
      if (field.startsWith(name)) {
        return field.substring(name.length());
      }
    }
    return "";
  }

  /** Returns whether the node encrypts. */
  boolean encrypts() {
    return !tls.equals("no");
  }
}
