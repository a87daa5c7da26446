package io.p2pchat.internal.transport;

/** Dials peers. Called on the event loop; never blocks, and tells nothing within the call. */
public interface Dialer {
  /** Dials and sends at level 0. */
  void dial(Dial dial);

  /** Dials and finds out the level. */
  void approach(Approach approach);
}
