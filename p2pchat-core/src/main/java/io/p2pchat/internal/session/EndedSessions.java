package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Welcome;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers for a while how many lines were received in ended sessions (PROTOCOL.md section 5). A
 * dialer that names such a session learns which lines it must not send again.
 */
public final class EndedSessions {
  private static final int MOST = 4096;

  private record Ended(String node, long received, long until) {}

  private final long keptFor;
  private final Map<String, Ended> sessions = new LinkedHashMap<>();

  /**
   * Creates an empty memory.
   *
   * @param keptFor how long a session is remembered, in nanoseconds
   */
  public EndedSessions(long keptFor) {
    this.keptFor = keptFor;
  }

  void add(long now, String session, String node, long received) {
    sessions.values().removeIf(ended -> now - ended.until >= 0);
    if (sessions.size() >= MOST) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    sessions.put(session, new Ended(node, received, now + keptFor));
  }

  /**
   * Returns how many lines were received in a session of this node, or {@link Welcome#NONE} if
   * unknown.
   */
  long received(long now, String session, String node) {
    Ended ended = sessions.get(session);
    return ended != null && ended.node.equals(node) && now - ended.until < 0
        ? ended.received
        : Welcome.NONE;
  }
}
