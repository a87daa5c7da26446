package io.p2pchat.internal.node;

import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.message.Bye;
import io.p2pchat.internal.message.ControlLine;
import io.p2pchat.internal.message.Greeting;
import io.p2pchat.internal.message.Hello;
import io.p2pchat.internal.message.Message;
import io.p2pchat.internal.message.RawLine;
import io.p2pchat.internal.transport.Inbound;
import io.p2pchat.internal.transport.Remote;
import io.p2pchat.internal.transport.SessionHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes what connections receive that no session has: level-0 lines, and dialers that want a
 * session. Used on the event loop.
 */
final class Reception implements Inbound {
  private final Contacts contacts;
  private final PeerTracker peers;
  private final Self self;

  Reception(Contacts contacts) {
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
  public void received(Message message, Remote remote) {
    contacts.counters.linesReceived.increment();
    PeerAddress dialed = remote.dialed();
    if (dialed != null && isGreeting(message)) {
      // It came after this node had stopped waiting for it: the next message will find a session.
      contacts.plainPeers.remove(dialed);
    }
    peers.received(message, remote, this::hasSession);
  }

  private static boolean isGreeting(Message message) {
    return message instanceof RawLine line && ControlLine.parse(line.text()) instanceof Greeting;
  }

  private boolean hasSession(PeerAddress address) {
    Contact contact = contacts.at(address);
    return contact != null && contact.hasSession();
  }

  @Override
  public void violated(String description, Remote remote) {
    peers.violated(description, remote);
  }

  @Override
  public void broken(SessionHandler link, String description) {
    peers.violated(description, link.remote());
    link.refuse(Bye.Reason.PROTOCOL);
  }

  @Override
  public void hello(SessionHandler link, Hello hello) {
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
      SessionHandler link, Hello hello, PeerAddress address, @Nullable TrustException refused) {
    Contact contact = contact(link, hello, address);
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
  private @Nullable Contact contact(SessionHandler link, Hello hello, PeerAddress address) {
    String node = hello.from().node();
    Contact known = contacts.acquaintances.find(Shown.of(node, link));
    return known != null
            && (known.hasSessionWith(node) || known.isAt(link.remote().socket().getAddress()))
        ? known
        : contacts.at(address);
  }

  private @Nullable TrustException refusal(
      SessionHandler link, Hello hello, PeerAddress address, @Nullable Contact contact) {
    Contact resumed = contacts.acquaintances.inSession(hello);
    if (resumed != null && !resumed.isSecuredAs(link)) {
      return TrustGate.imposture(address, resumed.view.key(), link.peer());
    }
    if (contact == null) {
      return null;
    }
    return contact.isPosedAsBy(link, hello.from().node())
            || (contact.isSecret() && link.peer() == null)
        ? TrustGate.imposture(address, contact.knownKey(), link.peer())
        : contacts.security.vetting().refuses(link, contact);
  }
}
