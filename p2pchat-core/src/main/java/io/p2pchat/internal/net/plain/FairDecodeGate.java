package io.p2pchat.internal.net.plain;

import io.netty.channel.Channel;
import io.p2pchat.internal.frame.DecodeGate;
import io.p2pchat.internal.net.RemoteHost;

/**
 * The gate of an accepted connection. The connections of a host deliver their lines in turns, the
 * oldest first.
 *
 * @param host the host
 * @param channel the connection
 */
public record FairDecodeGate(RemoteHost host, Channel channel) implements DecodeGate {
  @Override
  public boolean isOpen() {
    return host.isDelivering();
  }

  @Override
  public boolean isOpenAfterReset() {
    return host.mayPassOnAfterReset();
  }

  @Override
  public void passedOn() {
    host.passedOn();
  }

  @Override
  public boolean isFlowing() {
    return host.isFlowing();
  }

  @Override
  public boolean holdsEnd() {
    return true;
  }

  @Override
  public void waiting() {
    host.waiting(channel);
  }
}
