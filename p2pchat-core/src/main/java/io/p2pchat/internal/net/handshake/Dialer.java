package io.p2pchat.internal.net.handshake;

import io.p2pchat.internal.net.plain.PlainDial;

/** Dials peers. Called on the event loop. Never blocks, and never calls back within the call. */
public interface Dialer {
  /** Dials and sends at level 0. */
  void dial(PlainDial dial);

  /** Dials and detects the level. */
  void dial(SessionDial dial);
}
