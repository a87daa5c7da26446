package io.p2pchat.internal.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Opens or resumes a session, or begins a visit for peer exchange. Sent by a dialer.
 *
 * @param version the requested protocol version, 1 or more
 * @param from the sender
 * @param session the session to resume, or null for a new one
 * @param received how many of the acceptor's chat lines this side received in it; 0 for a new one
 * @param visit whether the sender only wants to exchange peers, without a session
 */
public record Hello(
    int version, NodeInfo from, @Nullable String session, long received, boolean visit)
    implements ControlLine {
  private static final String VISIT = "VISIT";

  /** Checks the fields. */
  public Hello {
    ControlFields.requireVersion("HELLO", version);
    if (session != null) {
      RandomIds.requireSession(session);
    }
    ControlFields.requireNumber(
        "RECEIVED", received, 0, session == null ? 0 : ControlFields.MAX_COUNT);
  }

  /** A request for a session. */
  public Hello(int version, NodeInfo from, @Nullable String session, long received) {
    this(version, from, session, received, false);
  }

  static Hello read(ControlFields fields) {
    boolean resumes = fields.has("SESSION");
    return new Hello(
        fields.number("HELLO", 1, Integer.MAX_VALUE),
        NodeInfo.read(fields),
        resumes ? fields.text("SESSION") : null,
        resumes ? fields.number("RECEIVED") : 0,
        fields.has(VISIT) && fields.number(VISIT) >= 1);
  }

  @Override
  public String format() {
    String resumption = session == null ? "" : "|SESSION:" + session + "|RECEIVED:" + received;
    return "HELLO:"
        + version
        + "|NODE:"
        + from.node()
        + from.formatEnd()
        + resumption
        + (visit ? "|" + VISIT + ":1" : "");
  }
}
