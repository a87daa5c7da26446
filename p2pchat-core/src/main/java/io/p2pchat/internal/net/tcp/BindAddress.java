package io.p2pchat.internal.net.tcp;

import io.p2pchat.BindFailedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Finds the local address to listen at. May ask the system's resolver, and so block. */
public final class BindAddress {
  private BindAddress() {}

  /**
   * The address of this host and port; of all addresses if there is no host.
   *
   * @throws BindFailedException if the host is not known
   */
  public static InetSocketAddress of(@Nullable String host, int port) {
    if (host == null) {
      return new InetSocketAddress(port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new BindFailedException(
          "Could not listen at \"" + host + "\": no such address is known here", e);
    }
  }
}
