package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Greeting.Tls;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionPhase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One dial of a contact whose level is not known, and what its end leads to: a session, a level-0
 * send on the same connection, or a failure (PROTOCOL.md section 3). One that a later dial has
 * taken the place of changes nothing. Used on the event loop.
 */
final class Attempt implements SessionDial.Outcome {
  private static final Duration RESUMING_WAIT = Duration.ofSeconds(5);

  private final PeerEndpoint contact;
  private final EndpointTable contacts;
  private final Session session;

  Attempt(PeerEndpoint contact) {
    this.contact = contact;
    this.contacts = contact.contacts;
    this.session = contact.session;
  }

  /** Dials. */
  void begin() {
    boolean resumes = session.exists();
    contacts
        .security
        .gate()
        .whenFresh(
            () -> {
              // Who is known to greet may take its time.
              boolean greets = resumes || contacts.security.gate().isPinned(contact.address);
              Duration wait = greets ? RESUMING_WAIT : contacts.settings.greetingTimeout();
              contacts
                  .dialer()
                  .approach(new SessionDial(contact.address, contact.target, wait, !resumes, this));
            });
  }

  private boolean isLate() {
    return contact.attempts.isLate(this);
  }

  @Override
  public boolean encrypts(Greeting greeting) {
    Policy policy = contacts.security.encryption().policy();
    if (policy == Policy.PLAINTEXT && greeting.tls() == Tls.REQUIRED) {
      throw unreachable("it requires encryption, and the policy of this node is plaintext");
    }
    if (policy != Policy.PLAINTEXT && greeting.tls() != Tls.NO) {
      return true;
    }
    requirePlain();
    return false;
  }

  /** Throws unless the peer may be talked to without TLS. */
  private void requirePlain() {
    if (contacts.security.encryption().policy() == Policy.REQUIRED) {
      throw unreachable("it does not encrypt, and this node requires that");
    }
    TrustException refusal = contacts.security.gate().refusesPlain(contact.address);
    if (refusal != null) {
      throw refusal;
    }
    if (contact.isSecret()) {
      throw unreachable("it does not encrypt any more, and the session with it was encrypted");
    }
  }

  private PeerUnreachableException unreachable(String reason) {
    return new PeerUnreachableException("Could not reach " + contact.address + ": " + reason, null);
  }

  @Override
  public void greeted(SessionChannelHandler link, Greeting greeting) {
    if (isLate()) {
      link.close();
      return;
    }
    contacts.plainPeers.remove(contact.address);
    TrustException refusal = refusal(link, greeting);
    if (refusal != null) {
      link.close();
      failed(refusal);
      return;
    }
    Shown shown = Shown.of(greeting.node(), link);
    PeerEndpoint known = contacts.acquaintances.find(shown);
    if (known != null && known != contact && known.hasSession() && !contact.hasSession()) {
      link.close();
      session.fellBack();
      contacts.alias(contact, known);
      return;
    }
    if (session.phase() == SessionPhase.DIALING) {
      contacts.acquaintances.know(shown, contact);
    }
    contact.traffic.take(link);
    session.greeted(contacts.tasks.now(), link, greeting);
    contact.after(contacts.tasks.now());
  }

  /** A session goes on only with the key that it has. */
  private @Nullable TrustException refusal(SessionChannelHandler link, Greeting greeting) {
    Fingerprint key = link.peer();
    TrustException refusal =
        key == null ? null : contacts.security.gate().refusesDialed(contact.address, key);
    return refusal == null && contact.hasSessionWith(greeting.node()) && !contact.isSecuredAs(link)
        ? TrustService.imposture(contact.address, contact.view.key(), key)
        : refusal;
  }

  @Override
  public @Nullable PlainDial plain() {
    if (isLate() || session.phase() != SessionPhase.DIALING || session.exists()) {
      return null;
    }
    requirePlain();
    contacts.plainPeers.add(contacts.tasks.now(), contact.address);
    session.fellBack();
    PlainDial next = contact.plainSends.next();
    contacts.dropIfUnused(contact);
    return next;
  }

  @Override
  public void failed(PeerNodeException reason) {
    if (isLate() || session.phase() != SessionPhase.DIALING) {
      return;
    }
    if (reason instanceof TrustException refusal) {
      contacts.peers.refused(contact.address, refusal, contact.inbox.account);
    }
    if (session.exists()) {
      session.attemptFailed(contacts.tasks.now(), String.valueOf(reason.getMessage()));
    } else {
      session.fellBack();
      contact.attempts.notReached(reason);
    }
    contact.after(contacts.tasks.now());
  }
}
