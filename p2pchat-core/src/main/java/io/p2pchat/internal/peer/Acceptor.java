package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.peer.PeerIndex.PeerIdentity;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.security.TrustService;
import java.net.InetSocketAddress;
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
    PeerEndpoint endpoint = endpoint(channel, hello, address);
    TrustException refusal = refused == null ? refusal(channel, hello, address, endpoint) : refused;
    if (refusal != null) {
      context.publisher().refused(address, refusal, channel.remote().source());
      channel.refuse(new Bye(Bye.Reason.TRUST, refusal.refusal().reason()));
    } else if (table.isClosing()) {
      channel.refuse(Bye.Reason.CLOSING);
    } else if (endpoint != null) {
      endpoint.take(channel).hello(hello);
    } else {
      table.hello(channel, hello, address);
    }
  }

  /** Returns the endpoint for this peer, or null if there is none yet. */
  private @Nullable PeerEndpoint endpoint(
      SessionChannelHandler channel, Hello hello, PeerAddress address) {
    String node = hello.from().node();
    PeerEndpoint known = table.index().find(PeerIdentity.of(node, channel));
    return known != null && (known.hasSessionWith(node) || known.isAt(channel.ip()))
        ? known
        : table.at(address);
  }

  private @Nullable TrustException refusal(
      SessionChannelHandler channel,
      Hello hello,
      PeerAddress address,
      @Nullable PeerEndpoint endpoint) {
    PeerEndpoint resumed = table.index().inSession(hello);
    if (resumed != null && !resumed.isSecuredAs(channel)) {
      return TrustService.imposture(address, resumed.status.key(), channel.peer());
    }
    if (endpoint == null) {
      return null;
    }
    return endpoint.isPosedAsBy(channel, hello.from().node())
            || (endpoint.isSecret() && channel.peer() == null)
        ? TrustService.imposture(address, endpoint.knownKey(), channel.peer())
        : context.authenticator().refuses(channel, endpoint.addresses, endpoint.knownKey());
  }
}
