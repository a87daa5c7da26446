package io.p2pchat.internal.net.plain;

import io.p2pchat.internal.net.RemoteHost;
import io.p2pchat.internal.protocol.DecodeGate;

/**
 * The gate of a dialed connection: it passes on lines as they come, and its end even while lines
 * are not wanted, since a send waits for it.
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
    // They are asked for when lines are wanted again.
  }
}
