package io.p2pchat.internal.security;

import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.util.Comparator;

/**
 * Link-local addresses. They mean nothing on other networks, and nothing without their zone. So the
 * other addresses of a peer are preferred.
 */
public final class LinkLocal {
  /** Puts link-local addresses behind the others. */
  public static final Comparator<PeerAddress> LAST = Comparator.comparing(LinkLocal::is);

  private LinkLocal() {}

  /** Returns whether an address is a link-local one. */
  public static boolean is(PeerAddress address) {
    return address.ip().map(InetAddress::isLinkLocalAddress).orElse(false);
  }
}
