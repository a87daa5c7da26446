package io.p2pchat.internal.protocol;

/**
 * An acceptor takes a session.
 *
 * @param version the protocol version of the session, 1 or more
 * @param from who it is
 * @param session the session: the one that was named if it is resumed, else a new one
 * @param received how many of the dialer's chat lines were received in it; 0 in a new one
 * @param ended how many were received in the session that was named and had ended, or {@link #NONE}
 */
public record Welcome(int version, NodeInfo from, String session, long received, long ended)
    implements ControlLine {
  /** No ended session is told of. */
  public static final long NONE = -1;

  /** Checks the fields. */
  public Welcome {
    ControlFields.requireVersion("WELCOME", version);
    RandomIds.requireSession(session);
    ControlFields.requireCount("RECEIVED", received);
    ControlFields.requireNumber("ENDED", ended, NONE, ControlFields.MAX_COUNT);
  }

  static Welcome read(ControlFields fields) {
    return new Welcome(
        fields.number("WELCOME", 1, Integer.MAX_VALUE),
        NodeInfo.read(fields),
        fields.text("SESSION"),
        fields.number("RECEIVED"),
        fields.has("ENDED") ? fields.number("ENDED") : NONE);
  }

  @Override
  public String format() {
    return "WELCOME:"
        + version
        + "|NODE:"
        + from.node()
        + "|SESSION:"
        + session
        + "|RECEIVED:"
        + received
        + from.formatEnd()
        + (ended == NONE ? "" : "|ENDED:" + ended);
  }
}
