package io.p2pchat.internal.node;

import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.message.Greeting;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.Session.State;
import io.p2pchat.internal.transport.Approach;
import io.p2pchat.internal.transport.Dial;
import io.p2pchat.internal.transport.SessionHandler;
import org.jspecify.annotations.Nullable;

/**
 * One dial of a contact whose level is not known, and what its end leads to: a session, a level-0
 * send on the same connection, or a failure (PROTOCOL.md section 3). One that a later dial has
 * taken the place of changes nothing. Used on the event loop.
 */
final class Attempt implements Approach.Outcome {
  private final Contact contact;
  private final Contacts contacts;
  private final Session session;

  Attempt(Contact contact) {
    this.contact = contact;
    this.contacts = contact.contacts;
    this.session = contact.session;
  }

  private boolean isLate() {
    return this != contact.attempt;
  }

  @Override
  public void greeted(SessionHandler link, Greeting greeting) {
    if (isLate()) {
      link.close();
      return;
    }
    Contact known = contacts.known(greeting.node());
    contacts.plainPeers.remove(contact.address);
    if (known != null && known != contact && known.hasSession() && !contact.hasSession()) {
      link.close();
      session.fellBack();
      contacts.alias(contact, known);
      return;
    }
    if (session.state() == State.DIALING) {
      contacts.know(greeting.node(), contact);
    }
    contact.take(link);
    session.greeted(contacts.now(), link, greeting);
    contact.after(contacts.now());
  }

  @Override
  public @Nullable Dial plain() {
    if (isLate() || session.state() != State.DIALING || session.exists()) {
      return null;
    }
    contacts.plainPeers.add(contacts.now(), contact.address);
    session.fellBack();
    Dial next = contact.plainSends.next();
    contacts.dropIfUnused(contact);
    return next;
  }

  @Override
  public void failed(PeerUnreachableException reason) {
    if (isLate() || session.state() != State.DIALING) {
      return;
    }
    if (session.exists()) {
      session.attemptFailed(contacts.now(), String.valueOf(reason.getMessage()));
    } else {
      session.fellBack();
      contact.notReached(reason);
    }
    contact.after(contacts.now());
  }
}
