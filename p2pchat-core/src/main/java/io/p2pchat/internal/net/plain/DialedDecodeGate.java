package io.p2pchat.internal.net.plain;

import io.p2pchat.internal.frame.DecodeGate;
import io.p2pchat.internal.net.RemoteHost;

/**
 * The gate of a dialed connection. It delivers lines as they arrive. It never holds back the end,
 * because a send waits for it.
 *
 * @param host the host
 */
public record DialedDecodeGate(RemoteHost host) implements DecodeGate {
  @Override
  public boolean isOpen() {
    return host.isFlowing();
  }

  @Override
  public boolean isFlowing() {
    return host.isFlowing();
  }

  @Override
  public boolean holdsEnd() {
    return false;
  }

  @Override
  public void waiting() {
    // Resuming the host starts delivery again.
  }
}
