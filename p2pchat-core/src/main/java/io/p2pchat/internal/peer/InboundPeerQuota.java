package io.p2pchat.internal.peer;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the contacts that were made by a {@code HELLO}, for each IP address: one address must not
 * use up what all have. They outlive their connections. Used on the event loop.
 */
final class InboundPeerQuota {
  private final int maxPerIp;
  private final Map<InetAddress, Integer> counts = new HashMap<>();

  InboundPeerQuota(int maxPerIp) {
    this.maxPerIp = maxPerIp;
  }

  boolean hasRoom(InetAddress ip) {
    return counts.getOrDefault(ip, 0) < maxPerIp;
  }

  void enter(PeerEndpoint contact) {
    contact.guest = true;
    counts.merge(contact.target.getAddress(), 1, Integer::sum);
  }

  /** The contact is dropped, whether it was a guest or not. */
  void leave(PeerEndpoint contact) {
    InetAddress ip = contact.target.getAddress();
    if (contact.guest && counts.merge(ip, -1, Integer::sum) == 0) {
      counts.remove(ip);
    }
    contact.guest = false;
  }
}
