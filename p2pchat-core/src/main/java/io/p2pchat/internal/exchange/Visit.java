package io.p2pchat.internal.exchange;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.Security.Policy;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionChannelListener;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.security.HostPrefix;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A short conversation with a peer that others have named, or that claims its address: both
 * introduce themselves and name others. It opens no session, and asks and records no trust. Nothing
 * is sent before the peer has shown the expected {@code NODE} and key. Used on the event loop.
 */
final class Visit implements SessionDial.Outcome, SessionChannelListener {
  private static final Duration TIME = Duration.ofSeconds(5);

  private final PeerExchanger owner;
  private final Contact expected;
  private @Nullable SessionChannelHandler channel;
  private boolean isAnother;
  private boolean welcomed;
  private boolean over;

  Visit(PeerExchanger owner, Contact expected) {
    this.owner = owner;
    this.expected = expected;
  }

  @Override
  public boolean encrypts(Greeting greeting) {
    if (!greeting.node().equals(expected.node())) {
      isAnother = true;
      throw unreachable("another node answers at its address");
    }
    boolean encrypts = owner.policy != Policy.PLAINTEXT && greeting.tls() != Greeting.Tls.NO;
    if (!encrypts && (expected.hint() != null || owner.policy == Policy.REQUIRED)) {
      throw unreachable("it cannot prove its key");
    }
    if (!encrypts && greeting.tls() == Greeting.Tls.REQUIRED) {
      throw unreachable("it requires encryption");
    }
    return encrypts;
  }

  @Override
  public @Nullable Predicate<Fingerprint> wanted(Greeting greeting) {
    String hint = expected.hint();
    return hint == null ? null : key -> hint.equals(PeerExchanger.hint(key, greeting.node()));
  }

  @Override
  public void anotherKey(Greeting greeting, Fingerprint shown) {
    isAnother = true;
    fail();
  }

  @Override
  public void greeted(SessionChannelHandler session, Greeting greeting) {
    channel = session;
    if (!owner.trust.admitsVisit(session.peer())) {
      session.close();
      fail();
    } else {
      session.attach(this, TIME);
      session.send(new Hello(1, owner.self, null, 0, true));
    }
  }

  @Override
  public void control(ControlLine line) {
    SessionChannelHandler there = channel;
    if (there == null || over) {
      return;
    }
    if (line instanceof Welcome welcome && !welcomed) {
      welcomed(there, welcome.from());
    } else if (line instanceof Peers peers && welcomed) {
      owner.heard(HostPrefix.of(there.ip()), there.ip(), peers);
      there.refuse(Bye.Reason.CLOSING);
      end();
    } else if (line instanceof Bye bye && bye.reason() == Bye.Reason.BUSY) {
      there.close();
      ExchangeView view = owner.view();
      if (view != null) {
        view.busy(expected);
      }
      end();
    } else if (line instanceof Bye) {
      there.close();
      fail();
    }
  }

  private void welcomed(SessionChannelHandler there, NodeInfo peer) {
    ExchangeView view = owner.view();
    Contact shown = PeerExchanger.contact(peer, there.peer(), expected.address());
    if (view == null
        || shown == null
        || !PeerExchanger.takesPart(peer)
        || !peer.node().equals(expected.node())) {
      there.refuse(Bye.Reason.CLOSING);
      fail();
      return;
    }
    welcomed = true;
    view.answered(owner.now(), expected, shown);
    List<Peers.Entry> sample = view.sample(owner.now(), there.ip(), peer.node());
    there.send(Peers.of(sample, peer.limit()));
  }

  private PeerUnreachableException unreachable(String reason) {
    return Unreachable.of(expected.address(), Reason.HANDSHAKE, reason);
  }

  private void fail() {
    ExchangeView view = owner.view();
    if (!over && !welcomed && view != null && isAnother) {
      view.isAnother(owner.now(), expected);
    } else if (!over && !welcomed && view != null) {
      view.failed(owner.now(), expected);
    }
    end();
  }

  private void end() {
    if (!over) {
      over = true;
      owner.visitEnded();
    }
  }

  /** A plain program is no node. It gets nothing, and nothing is remembered about its level. */
  @Override
  public @Nullable PlainDial plain(boolean silent) {
    throw unreachable("it is not a node");
  }

  @Override
  public void cut(String reason) {
    fail();
  }

  @Override
  public void failed(PeerNodeException reason) {
    fail();
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
    if (channel != null) {
      channel.refuse(Bye.Reason.PROTOCOL);
    }
    fail();
  }

  @Override
  public void ended() {
    fail();
  }
}
