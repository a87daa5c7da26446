package io.p2pchat.internal.transport;

import io.p2pchat.internal.frame.LineGate;

/**
 * The gate of a dialed connection: it gives on lines as they come, and its end even while lines are
 * not wanted, since a send waits for it.
 *
 * @param host the host
 */
record DialedGate(Host host) implements LineGate {
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
