package io.p2pchat.internal.protocol;

/**
 * Accepts a session. Sent by an acceptor.
 *
 * @param version the protocol version of the session, 1 or more
 * @param from the sender
 * @param session the requested session if it is resumed, else a new one
 * @param received how many of the dialer's chat lines this side received in it; 0 in a new one
 * @param ended how many lines this side received in the requested session if that had ended, or
 *     {@link #NONE}
 */
public record Welcome(int version, NodeInfo from, String session, long received, long ended)
    implements ControlLine {
  /** The value of {@link #ended} without an ended session. */
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
