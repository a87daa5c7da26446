package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.discovery.ContactResult;
import io.p2pchat.internal.discovery.DiscoveredPeers;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.peer.EndpointTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dials the addresses that the user has chosen, each for ever: with growing pauses until somebody
 * answers, and again when the session has ended. An address that was met by silence, or is this
 * node itself, is not dialed again for an hour. Used on the event loop.
 */
final class ChosenDials {
  /** The pauses between dials that fail. */
  private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();

  private static final long LONGEST_PAUSE = Duration.ofMinutes(1).toNanos();

  /** How often to look whether a session still exists. */
  private static final long AFTER_SESSION = Duration.ofMinutes(1).toNanos();

  private static final long AFTER_SILENCE = Duration.ofHours(1).toNanos();
  private static final int MOST_UNDER_WAY = 32;

  private final EventLoop loop;
  private final EndpointTable table;
  private final HostResolver resolver;
  private final DiscoveredPeers discovered;
  private final Map<PeerAddress, Chosen> all = new HashMap<>();
  private int underWay;

  ChosenDials(
      EventLoop loop, EndpointTable table, HostResolver resolver, DiscoveredPeers discovered) {
    this.loop = loop;
    this.table = table;
    this.resolver = resolver;
    this.discovered = discovered;
  }

  /** Dials those that are due. Called again and again. */
  void update(Set<PeerAddress> chosen) {
    long now = loop.ticker().nanoTime();
    all.keySet().retainAll(chosen);
    for (PeerAddress address : chosen) {
      Chosen each = all.computeIfAbsent(address, any -> new Chosen(address, now));
      if (each.isDue(now) && underWay < MOST_UNDER_WAY) {
        each.dial();
      }
    }
  }

  /** One address. */
  private final class Chosen implements ContactResult {
    private final PeerAddress address;
    private long due;
    private long pause = FIRST_PAUSE;
    private boolean dialing;

    /** Which of the addresses of a host name is dialed next. */
    private int turn;

    private @Nullable PeerAddress last;

    Chosen(PeerAddress address, long now) {
      this.address = address;
      this.due = now;
    }

    boolean isDue(long now) {
      PeerAddress there = last;
      if (dialing || now - due < 0) {
        return false;
      }
      if (there != null && table.hasSession(there)) {
        due = now + AFTER_SESSION;
        return false;
      }
      return true;
    }

    void dial() {
      dialing = true;
      underWay++;
      if (address.isIp()) {
        dial(address);
      } else {
        resolver.resolve(
            address,
            ip -> PeerAddress.of(new InetSocketAddress(ip, address.port())),
            (found, failure) -> resolved(found));
      }
    }

    private void resolved(@Nullable List<PeerAddress> found) {
      if (found == null || found.isEmpty()) {
        failed(Failure.OTHER);
      } else {
        dial(found.get(turn % found.size()));
        turn++;
      }
    }

    private void dial(PeerAddress at) {
      last = at;
      table.contact(at, this);
    }

    @Override
    public void answered(String node, String team, @Nullable Fingerprint key) {
      discovered.answered(address, node, team, key);
      pause = FIRST_PAUSE;
      end(AFTER_SESSION);
    }

    @Override
    public void failed(Failure why) {
      if (why == Failure.SELF) {
        discovered.isSelf(address);
      }
      end(why == Failure.OTHER ? pause : AFTER_SILENCE);
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }

    private void end(long wait) {
      dialing = false;
      underWay--;
      due = loop.ticker().nanoTime() + wait;
    }
  }
}
