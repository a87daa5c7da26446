package io.p2pchat.internal.net.handshake;

import io.p2pchat.PeerAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the dialed addresses turned out to speak (PROTOCOL.md section 3). An address is known to
 * speak level 0 only for 10 minutes. One that has greeted is known until it says something else:
 * its silence means that it is busy. Used on the event loop.
 */
public final class PeerLevels {
  private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

  private final int most;

  // The entry that changed longest ago comes first.
  private final Map<PeerAddress, Known> levels = new LinkedHashMap<>();

  private static final class Known {
    final boolean greets;

    /** When level 0 was chosen. */
    final long since;

    Known(boolean greets, long since) {
      this.greets = greets;
      this.since = since;
    }
  }

  /** Creates an empty memory for at most so many addresses. */
  public PeerLevels(int most) {
    this.most = most;
  }

  /** The address speaks level 0. */
  public void spokePlain(long now, PeerAddress address) {
    put(address, new Known(false, now));
  }

  /** The address has greeted. */
  public void greeted(PeerAddress address) {
    put(address, new Known(true, 0));
  }

  private void put(PeerAddress address, Known known) {
    levels.remove(address);
    if (levels.size() >= most) {
      Iterator<PeerAddress> oldest = levels.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    levels.put(address, known);
  }

  /** Somebody there has said {@code HELLO}. */
  public void saidHello(PeerAddress address) {
    forget(address, false);
  }

  /** A level-0 message came from there. */
  public void saidPlain(PeerAddress address) {
    forget(address, true);
  }

  private void forget(PeerAddress address, boolean greets) {
    Known known = levels.get(address);
    if (known != null && known.greets == greets) {
      levels.remove(address);
    }
  }

  /** Returns whether the address spoke level 0 only. */
  public boolean isPlain(long now, PeerAddress address) {
    Known known = levels.get(address);
    if (known == null || known.greets) {
      return false;
    }
    if (now - known.since >= KEPT_NANOS) {
      levels.remove(address);
      return false;
    }
    return true;
  }

  /** Returns whether the address has greeted. */
  public boolean greets(PeerAddress address) {
    Known known = levels.get(address);
    return known != null && known.greets;
  }
}
