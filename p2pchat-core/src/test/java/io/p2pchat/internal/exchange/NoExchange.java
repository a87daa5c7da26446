package io.p2pchat.internal.exchange;

import io.p2pchat.Security.Policy;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.security.TrustService;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;

/** The peer exchange of a node that does not take part. */
public final class NoExchange {
  private NoExchange() {}

  public static PeerExchanger of(ScheduledExecutorService loop, TrustService trust, Dialer dialer) {
    NodeInfo info = new NodeInfo("a".repeat(26), 1024, 2000, "One", true);
    return new PeerExchanger(
        loop, System::nanoTime, info, Policy.PLAINTEXT, trust, dialer, new Random(1));
  }
}
