package io.p2pchat.internal.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A dialer opens a session, or resumes one.
 *
 * @param version the protocol version it wants, 1 or more
 * @param from who it is
 * @param session the session to resume, or null for a new one
 * @param received how many of the acceptor's chat lines were received in it; 0 for a new one
 */
public record Hello(int version, NodeInfo from, @Nullable String session, long received)
    implements ControlLine {
  /** Checks the fields. */
  public Hello {
    ControlFields.requireVersion("HELLO", version);
    if (session != null) {
      RandomIds.requireSession(session);
    }
    ControlFields.requireNumber(
        "RECEIVED", received, 0, session == null ? 0 : ControlFields.MAX_COUNT);
  }

  static Hello read(ControlFields fields) {
    boolean resumes = fields.has("SESSION");
    return new Hello(
        fields.number("HELLO", 1, Integer.MAX_VALUE),
        NodeInfo.read(fields),
        resumes ? fields.text("SESSION") : null,
        resumes ? fields.number("RECEIVED") : 0);
  }

  @Override
  public String format() {
    String resumption = session == null ? "" : "|SESSION:" + session + "|RECEIVED:" + received;
    return "HELLO:" + version + "|NODE:" + from.node() + from.formatEnd() + resumption;
  }
}
