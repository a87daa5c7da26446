package io.p2pchat.internal.net.handshake;

import io.p2pchat.internal.net.plain.PlainDial;

/** Dials peers. Called on the event loop; never blocks, and tells nothing within the call. */
public interface Dialer {
  /** Dials and sends at level 0. */
  void dial(PlainDial dial);

  /** Dials and finds out the level. */
  void dial(SessionDial dial);
}
