package io.p2pchat.cli.output;

import io.p2pchat.Peer;
import java.time.Duration;
import java.util.Locale;

/** Formats the state of a peer. */
public final class PeerState {
  private PeerState() {}

  /**
   * For example {@code reachable, in session, encrypted, 0.4 ms} or {@code unreachable, 3 messages
   * waiting}.
   */
  public static String of(Peer peer) {
    StringBuilder line = new StringBuilder(peer.state().name().toLowerCase(Locale.ROOT));
    boolean isReachable = peer.state() == Peer.State.REACHABLE;
    if (isReachable && peer.level() == Peer.Level.SESSION) {
      line.append(", in session, ").append(peer.encrypted() ? "encrypted" : "not encrypted");
      peer.roundTrip().ifPresent(time -> line.append(", ").append(millis(time)));
    } else if (isReachable && peer.lastHeard().isPresent() && !peer.encrypted()) {
      line.append(", not encrypted");
    }
    if (peer.unacknowledged() > 0) {
      line.append(", ").append(ResultText.messages(peer.unacknowledged())).append(" waiting");
    }
    return line.toString();
  }

  /**
   * Says it to people, for example {@code online, 0.4 ms}, {@code online, not encrypted} or {@code
   * offline, 3 waiting}.
   */
  public static String forPeople(Peer peer) {
    boolean isOnline = peer.state() == Peer.State.REACHABLE;
    StringBuilder line = new StringBuilder(isOnline ? "online" : "offline");
    if (peer.lastHeard().isPresent() && !peer.encrypted()) {
      line.append(", not encrypted");
    }
    if (isOnline) {
      peer.roundTrip().ifPresent(time -> line.append(", ").append(millis(time)));
    }
    if (peer.unacknowledged() > 0) {
      line.append(", ").append(peer.unacknowledged()).append(" waiting");
    }
    return line.toString();
  }

  private static String millis(Duration time) {
    double millis = time.toNanos() / 1e6;
    return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
  }
}
