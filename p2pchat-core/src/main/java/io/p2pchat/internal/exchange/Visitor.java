package io.p2pchat.internal.exchange;

import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionChannelListener;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.security.HostPrefix;
import java.time.Duration;
import java.util.List;

/** A peer that visits this node, see {@link Visit}. Used on the event loop. */
final class Visitor implements SessionChannelListener {
  private static final Duration TIME = Duration.ofSeconds(5);

  private final PeerExchanger owner;
  private final SessionChannelHandler channel;
  private final NodeInfo peer;
  private boolean heard;

  Visitor(PeerExchanger owner, SessionChannelHandler channel, NodeInfo peer) {
    this.owner = owner;
    this.channel = channel;
    this.peer = peer;
  }

  /** Introduces this node, and names others. */
  void admit(ExchangeView view) {
    channel.attach(this, TIME);
    String id = RandomIds.session(owner.random.nextLong());
    channel.send(new Welcome(1, owner.self, id, 0, Welcome.NONE));
    channel.send(Peers.of(view.sample(owner.now(), channel.ip(), peer.node()), peer.limit()));
    owner.claimed(view, channel, peer);
  }

  @Override
  public void control(ControlLine line) {
    if (line instanceof Peers peers && !heard) {
      heard = true;
      owner.heard(HostPrefix.of(channel.ip()), channel.ip(), peers);
    } else if (line instanceof Bye) {
      channel.close();
    } else {
      broken("a control line out of place");
    }
  }

  @Override
  public void chat(List<String> texts, long bytes) {
    broken("a chat line on a visit");
  }

  @Override
  public void heard() {}

  @Override
  public void writable() {}

  @Override
  public void slowed() {}

  @Override
  public void broken(String description) {
    channel.refuse(Bye.Reason.PROTOCOL);
  }

  @Override
  public void ended() {}
}
