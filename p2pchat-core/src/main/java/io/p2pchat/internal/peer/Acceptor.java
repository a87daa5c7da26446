package io.p2pchat.internal.peer;

import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.security.TrustDecision;
import io.p2pchat.internal.security.TrustService;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Handles dialers that request a session. Used on the event loop. */
public final class Acceptor implements SessionListener {
  private final PeerContext context;
  private final EndpointTable table;

  /** Creates an acceptor for the endpoints of {@code table}. */
  public Acceptor(PeerContext context, EndpointTable table) {
    this.context = context;
    this.table = table;
  }

  /** Returns the greeting for silent dialers. */
  public Greeting greeting() {
    return new Greeting(
        1,
        switch (context.authenticator().policy()) {
          case PLAINTEXT -> Greeting.Tls.NO;
          case OPPORTUNISTIC -> Greeting.Tls.OFFERED;
          case REQUIRED -> Greeting.Tls.REQUIRED;
        },
        context.identity().node());
  }

  @Override
  public void broken(SessionChannelHandler channel, String description) {
    context.publisher().violated(description, channel.remote());
    channel.refuse(Bye.Reason.PROTOCOL);
  }

  @Override
  public void hello(SessionChannelHandler channel, Hello hello) {
    String node = hello.from().node();
    LocalIdentity self = context.identity();
    if (table.isClosing()) {
      channel.refuse(Bye.Reason.CLOSING);
    } else if (node.equals(self.node()) || self.isSender(channel.remote(), hello.from().port())) {
      channel.refuse(Bye.Reason.DUPLICATE);
    } else if (hello.visit()) {
      context.exchange().visited(channel, hello);
    } else {
      PeerAddress address =
          PeerAddress.of(new InetSocketAddress(channel.ip(), hello.from().port()));
      context
          .authenticator()
          .admit(
              channel,
              hello.from(),
              address,
              refused -> admitted(channel, hello, address, refused));
    }
  }

  private void admitted(
      SessionChannelHandler channel,
      Hello hello,
      PeerAddress address,
      @Nullable TrustException refused) {
    TrustException refusal = refused == null ? imposture(channel, hello, address) : refused;
    if (refusal != null) {
      context.publisher().refused(address, refusal, channel.remote().source());
      channel.refuse(new Bye(Bye.Reason.TRUST, refusal.refusal().reason()));
    } else if (table.isClosing()) {
      channel.refuse(Bye.Reason.CLOSING);
    } else {
      admitted(channel, hello, address);
    }
  }

  private void admitted(SessionChannelHandler channel, Hello hello, PeerAddress address) {
    String node = hello.from().node();
    PeerEndpoint known = table.index().find(PeerIdentity.of(node, channel));
    PeerEndpoint endpoint = known == null ? table.placeOf(channel, hello, address) : known;
    if (endpoint == null || !endpoint.peer.fits(hello.from().team())) {
      table.hello(channel, hello, address);
    } else if ((endpoint.peer.isOpen() && !endpoint.peer.hasSessionWith(node))
        || (channel.peer() == null
            && endpoint.session.isRepeated(context.executors().now(), hello))) {
      // Another node is there. If it is gone, its connection ends soon.
      channel.refuse(Bye.Reason.BUSY);
      endpoint.probe();
    } else {
      failWhatIsForAnother(endpoint, channel, hello);
      endpoint.take(channel).hello(hello);
    }
  }

  /** What was sent to whoever is at an address is not for a peer that has taken it over. */
  private void failWhatIsForAnother(
      PeerEndpoint endpoint, SessionChannelHandler channel, Hello hello) {
    TrustException changed =
        endpoint.peer.hasSession() || endpoint.peer.boundKey() != null
            ? null
            : context
                .authenticator()
                .trust()
                .changedHands(endpoint.address(), channel.peer(), hello.from().team());
    if (changed != null) {
      endpoint.outbound.failBare(() -> Redialer.again(changed));
    }
  }

  private @Nullable TrustException imposture(
      SessionChannelHandler channel, Hello hello, PeerAddress address) {
    KnownPeer holder = channel.peer() == null ? table.holderInSession(address) : null;
    if (holder != null) {
      String team = hello.from().team();
      return TrustService.exception(
          new TrustDecision.RefusedPlainBeside(holder, team),
          address,
          Optional.of(team),
          Optional.empty());
    }
    PeerEndpoint resumed = table.index().inSession(hello);
    if (resumed != null && !resumed.peer.isSecuredAs(channel)) {
      return TrustService.imposture(address, resumed.status.key(), channel.peer());
    }
    PeerEndpoint there = table.at(address);
    return there != null
            && (there.peer.isPosedAsBy(channel, hello.from().node())
                || (there.peer.isSecret() && channel.peer() == null))
        ? TrustService.imposture(address, there.peer.knownKey(), channel.peer())
        : null;
  }
}
