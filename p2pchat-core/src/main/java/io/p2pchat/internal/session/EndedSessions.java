package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Welcome;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a while how many lines were received in ended sessions (PROTOCOL.md section 5). A
 * dialer that names such a session learns which lines it must not send again.
 *
 * <p>No host can make the node forget the sessions of others. Above its limit it loses its own
 * oldest session, and at the limit for all the host with the most does. Sessions in which nothing
 * was received cost a peer only a {@code HELLO}. They have a limit of their own, and push out no
 * others.
 */
public final class EndedSessions {
  static final int MOST = 4096;
  static final int MOST_OF_HOST = 256;

  private record Ended(Group group, String node, long received, long until) {}

  /** The sessions of a host in which lines were received, or those in which none were. */
  private record Group(Object host, boolean empty) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Group that && host.equals(that.host) && empty == that.empty;
    }

    @Override
    public int hashCode() {
      return 31 * host.hashCode() + Boolean.hashCode(empty);
    }
  }

  private final long keptFor;

  /** By identifier. All are kept equally long, so the first ends first. */
  private final Map<String, Ended> sessions = new LinkedHashMap<>();

  /** The identifiers by group, the oldest first. */
  private final Map<Group, Set<String>> groups = new HashMap<>();

  /**
   * Creates an empty memory.
   *
   * @param keptFor how long a session is remembered, in nanoseconds
   */
  public EndedSessions(long keptFor) {
    this.keptFor = keptFor;
  }

  /** Returns the memory for the sessions with peers of one host. */
  public OfHost of(Object host) {
    return new OfHost(this, host);
  }

  /** The memory, with the host to which new entries count. */
  public static final class OfHost {
    private final EndedSessions all;
    private final Object host;

    private OfHost(EndedSessions all, Object host) {
      this.all = all;
      this.host = host;
    }

    /** Remembers how many lines were received in a session of this node. */
    void add(long now, String session, String node, long received) {
      Group group = new Group(host, received == 0);
      all.add(session, new Ended(group, node, received, now + all.keptFor), now);
    }

    /**
     * Returns how many lines were received in a session of this node, or {@link Welcome#NONE} if
     * unknown. It can have ended with another host: a peer may have several addresses.
     */
    long received(long now, String session, String node) {
      Ended ended = all.sessions.get(session);
      return ended != null && ended.node.equals(node) && now - ended.until < 0
          ? ended.received
          : Welcome.NONE;
    }
  }

  private void add(String session, Ended ended, long now) {
    forget(session);
    forgetExpired(now);
    Set<String> own = groups.getOrDefault(ended.group, Set.of());
    if (own.size() >= MOST_OF_HOST) {
      forget(own.iterator().next());
    } else if (sessions.size() >= MOST) {
      groups.values().stream()
          .max(Comparator.comparingInt(Set::size))
          .ifPresent(most -> forget(most.iterator().next()));
    }
    sessions.put(session, ended);
    groups.computeIfAbsent(ended.group, any -> new LinkedHashSet<>(2)).add(session);
  }

  private void forgetExpired(long now) {
    Iterator<Map.Entry<String, Ended>> oldest = sessions.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, Ended> next = oldest.next();
      if (now - next.getValue().until < 0) {
        return;
      }
      oldest.remove();
      forget(next.getValue().group, next.getKey());
    }
  }

  private void forget(String session) {
    Ended ended = sessions.remove(session);
    if (ended != null) {
      forget(ended.group, session);
    }
  }

  private void forget(Group group, String session) {
    groups.computeIfPresent(group, (any, own) -> own.remove(session) && own.isEmpty() ? null : own);
  }
}
