package io.p2pchat.internal.peer;

import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionChannelListener;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Session;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Tells the session of a contact what its connections receive, from {@code HELLO} on, and the peer
 * registry what they carry. Used on the event loop.
 */
final class SessionBridge implements SessionChannelListener {
  private final PeerEndpoint contact;
  private final EndpointTable contacts;
  private final Session session;
  private final InboundFlow inbox;

  SessionBridge(PeerEndpoint contact) {
    this.contact = contact;
    this.contacts = contact.contacts;
    this.session = contact.session;
    this.inbox = contact.inbox;
  }

  /** What is received on this connection is for the session, and what waits is sent on it. */
  void take(SessionChannelHandler link) {
    link.attach(this, contact.outbox.queue);
  }

  /** A dialer has said {@code HELLO}. */
  void hello(SessionChannelHandler link, Hello hello) {
    take(link);
    shakeHands(link, hello.from(), now -> session.hello(now, link, hello));
  }

  @Override
  public void control(SessionChannelHandler link, ControlLine line) {
    long now = contacts.tasks.now();
    if (line instanceof Ack ack) {
      session.acknowledged(now, link, ack);
    } else if (line instanceof Ping ping) {
      session.pinged(now, link, ping);
    } else if (line instanceof Pong pong) {
      ponged(now, pong);
    } else if (line instanceof Welcome welcome) {
      admit(link, welcome);
      return;
    } else if (line instanceof Bye bye) {
      if (bye.reason() == Bye.Reason.TRUST) {
        contact.attempts.refused(contacts.security.vetting().refusedThere(contact.address));
      }
      session.bye(now, link, bye);
    } else {
      broken(link, "a control line out of place");
    }
    contact.after(now);
  }

  /** Nothing else is taken from a peer before it is known to be trusted. */
  private void admit(SessionChannelHandler link, Welcome welcome) {
    contacts
        .security
        .vetting()
        .admit(
            link,
            welcome.from(),
            contact.address,
            refused -> {
              if (refused == null) {
                shakeHands(link, welcome.from(), now -> session.welcomed(now, link, welcome));
              } else {
                contact.attempts.refused(refused);
                session.refused(contacts.tasks.now(), link);
                contact.after(contacts.tasks.now());
              }
            });
  }

  /** The peer has said who it is; counts a session that goes on with another connection. */
  private void shakeHands(SessionChannelHandler link, NodeInfo peer, LongConsumer step) {
    long now = contacts.tasks.now();
    boolean existed = session.exists();
    long epoch = session.epoch();
    link.agree(peer);
    step.accept(now);
    contact.after(now);
    if (existed && session.epoch() == epoch && contact.isOpenOn(link)) {
      contacts.counters.reconnects.increment();
    }
  }

  private void ponged(long now, Pong pong) {
    try {
      long sent = Long.parseLong(pong.token());
      contact.view.setRoundTrip(Math.max(0, now - sent));
    } catch (NumberFormatException e) {
      // Not the answer to anything that was asked here: a sign of life all the same.
    }
  }

  @Override
  public void chat(SessionChannelHandler link, List<String> texts, long bytes) {
    long now = contacts.tasks.now();
    NodeInfo peer = session.peer();
    if (peer == null || !session.received(now, link, texts.size())) {
      contact.after(now);
      return;
    }
    inbox.receipts.expect(now, session.epoch(), texts.size(), bytes);
    boolean left = contacts.peers.chat(contact.address, peer, texts, inbox.account, inbox.receipts);
    if (left) {
      session.left(now);
      contact.peerLeft = true;
      link.hold(true);
    }
    contact.schedule(now);
  }

  @Override
  public void writing(SessionChannelHandler link, long from, long to) {
    long now = contacts.tasks.now();
    NodeInfo peer = session.peer();
    String team = peer == null ? null : peer.team();
    long next = from;
    for (SendQueue.ReservedLine mark : contact.outbox.queue.reservedBelow(to)) {
      if (mark.number() > next) {
        contacts.peers.sending(contact.address, null, team);
      }
      next = mark.number() + 1;
      contacts.peers.sending(contact.address, mark.reserved(), team);
      if (mark.reserved() == ReservedText.EXIT) {
        session.leave(now, mark.number());
      }
    }
    if (next < to) {
      contacts.peers.sending(contact.address, null, team);
    }
  }

  @Override
  public void heard(SessionChannelHandler link) {
    session.heard(contacts.tasks.now(), link);
  }

  @Override
  public void writable(SessionChannelHandler link) {
    link.writeLines();
  }

  @Override
  public void slowed(SessionChannelHandler link) {
    inbox.apply();
  }

  @Override
  public void broken(SessionChannelHandler link, String description) {
    long now = contacts.tasks.now();
    session.protocolBroken(now, link, description);
    contact.after(now);
  }

  @Override
  public void ended(SessionChannelHandler link) {
    long now = contacts.tasks.now();
    session.lost(now, link);
    contact.after(now);
  }
}
