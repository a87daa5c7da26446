package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.session.Inbound;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.RawLine;
import io.p2pchat.internal.security.TrustService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes what connections receive that no session has: level-0 lines, and dialers that want a
 * session. Used on the event loop.
 */
public final class Acceptor implements Inbound {
  private final EndpointTable contacts;
  private final PeerEventPublisher peers;
  private final LocalIdentity self;

  public Acceptor(EndpointTable contacts) {
    this.contacts = contacts;
    this.peers = contacts.peers;
    this.self = contacts.self;
  }

  @Override
  public Greeting greeting() {
    return new Greeting(
        1,
        switch (contacts.security.encryption().policy()) {
          case PLAINTEXT -> Greeting.Tls.NO;
          case OPPORTUNISTIC -> Greeting.Tls.OFFERED;
          case REQUIRED -> Greeting.Tls.REQUIRED;
        },
        self.node());
  }

  @Override
  public void received(Message message, ConnectionInfo remote) {
    contacts.counters.linesReceived.increment();
    PeerAddress dialed = remote.dialed();
    if (dialed != null && isGreeting(message)) {
      // It came after this node had stopped waiting for it: the next message will find a session.
      contacts.plainPeers.remove(dialed);
    }
    peers.received(message, remote, this::hasSession);
  }

  private static boolean isGreeting(Message message) {
    return message instanceof RawLine line
        && ControlLineParser.parse(line.text()) instanceof Greeting;
  }

  private boolean hasSession(PeerAddress address) {
    PeerEndpoint contact = contacts.at(address);
    return contact != null && contact.hasSession();
  }

  @Override
  public void violated(String description, ConnectionInfo remote) {
    peers.violated(description, remote);
  }

  @Override
  public void broken(SessionChannelHandler link, String description) {
    peers.violated(description, link.remote());
    link.refuse(Bye.Reason.PROTOCOL);
  }

  @Override
  public void hello(SessionChannelHandler link, Hello hello) {
    String node = hello.from().node();
    if (contacts.isClosing()) {
      link.refuse(Bye.Reason.CLOSING);
    } else if (node.equals(self.node()) || self.isSender(link.remote(), hello.from().port())) {
      link.refuse(Bye.Reason.DUPLICATE);
    } else {
      InetAddress ip = link.remote().socket().getAddress();
      PeerAddress address = PeerAddress.of(new InetSocketAddress(ip, hello.from().port()));
      contacts
          .security
          .vetting()
          .admit(link, hello.from(), address, refused -> admitted(link, hello, address, refused));
    }
  }

  private void admitted(
      SessionChannelHandler link,
      Hello hello,
      PeerAddress address,
      @Nullable TrustException refused) {
    PeerEndpoint contact = contact(link, hello, address);
    TrustException refusal = refused == null ? refusal(link, hello, address, contact) : refused;
    if (refusal != null) {
      peers.refused(address, refusal, link.remote().account());
      link.refuse(Bye.Reason.TRUST);
    } else if (contacts.isClosing()) {
      link.refuse(Bye.Reason.CLOSING);
    } else if (contact != null) {
      contact.traffic.hello(link, hello);
    } else {
      contacts.hello(link, hello, address);
    }
  }

  /** The contact that such a peer is to have, or null if there is none yet. */
  private @Nullable PeerEndpoint contact(
      SessionChannelHandler link, Hello hello, PeerAddress address) {
    String node = hello.from().node();
    PeerEndpoint known = contacts.acquaintances.find(Shown.of(node, link));
    return known != null
            && (known.hasSessionWith(node) || known.isAt(link.remote().socket().getAddress()))
        ? known
        : contacts.at(address);
  }

  private @Nullable TrustException refusal(
      SessionChannelHandler link,
      Hello hello,
      PeerAddress address,
      @Nullable PeerEndpoint contact) {
    PeerEndpoint resumed = contacts.acquaintances.inSession(hello);
    if (resumed != null && !resumed.isSecuredAs(link)) {
      return TrustService.imposture(address, resumed.view.key(), link.peer());
    }
    if (contact == null) {
      return null;
    }
    return contact.isPosedAsBy(link, hello.from().node())
            || (contact.isSecret() && link.peer() == null)
        ? TrustService.imposture(address, contact.knownKey(), link.peer())
        : contacts.security.vetting().refuses(link, contact);
  }
}
