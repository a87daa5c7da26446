package io.p2pchat.internal.peer;

import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.session.SessionConnection;
import io.p2pchat.internal.session.SessionEffects;

/** Does what the session of a contact asks for. Used on the event loop. */
final class SessionResults implements SessionEffects {
  private final PeerEndpoint contact;

  SessionResults(PeerEndpoint contact) {
    this.contact = contact;
  }

  @Override
  public void dial() {
    contact.attempts.dial();
  }

  @Override
  public void acknowledged(long number) {
    contact.outbox.acknowledged(number);
  }

  @Override
  public void unknown(long number) {
    String problem =
        "The session with " + contact.address + " ended before the message was acknowledged";
    contact.outbox.fail(number, () -> new DeliveryUnknownException(problem, null));
  }

  @Override
  public void unsent(long number, String reason) {
    contact.outbox.fail(number, contact.attempts.unsent(reason));
  }

  @Override
  public void violated(SessionConnection from, String description) {
    contact.contacts.peers.violated(description, ((SessionChannelHandler) from).remote());
  }

  @Override
  public void happened(Event event) {
    PeerEventPublisher peers = contact.contacts.peers;
    switch (event) {
      case UNREACHABLE -> peers.unreachable(contact.address, null);
      case REACHABLE -> peers.reachable(contact.address, contact.inbox.account);
      case RESET -> peers.reset(contact.address, contact.inbox.account);
      case GIVEN_UP -> {
        ended();
        peers.givenUp(contact.address, contact.inbox.account);
      }
      case ENDED -> ended();
    }
  }

  private void ended() {
    contact.outbox.setLimit(Integer.MAX_VALUE);
    contact.sessionEnded();
  }
}
