package io.p2pchat.internal.session;

import java.util.EnumMap;
import java.util.Map;

/** How often in all simulated schedules what they are made for has happened. */
final class EffectLog {
  /** What must happen, or the simulation shows nothing. */
  enum Happening {
    BUSY,
    DUPLICATE,
    RESUMED,
    TOLD_ENDED,
    RESET,
    STALLED,
    TOOK_NOTHING,
    GIVEN_UP,
    STOPPED,
    LEFT,
    UNKNOWN,
    UNSENT,
    WITHDRAWN
  }

  private final Map<Happening, Integer> counts = new EnumMap<>(Happening.class);

  void count(Happening happening) {
    counts.merge(happening, 1, Integer::sum);
  }

  Map<Happening, Integer> counts() {
    return counts;
  }
}
