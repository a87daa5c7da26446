package io.p2pchat.internal.peer;

import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import org.jspecify.annotations.Nullable;

/**
 * What comes from one peer in sessions and goes to the application: the account on which it waits,
 * the receipts for what was taken, and whether the peer is read meanwhile.
 *
 * <p>{@link #set} may be called on any thread; the rest runs on the event loop.
 */
final class InboundFlow implements FlowWindow.Valve {
  final FlowWindow account;
  final Receipts receipts;
  private final PeerEndpoint contact;
  private final EndpointTable contacts;
  private @Nullable SessionChannelHandler link;

  InboundFlow(PeerEndpoint contact) {
    this.contact = contact;
    this.contacts = contact.contacts;
    this.receipts = new Receipts(() -> contacts.tasks.onLoop(contact::collect));
    this.account = contacts.handOver.open(this);
  }

  /** The session has this connection from now on. */
  void opened(long now, SessionChannelHandler newLink) {
    link = newLink;
    apply(now);
  }

  /** The session has no connection. */
  void closed() {
    link = null;
  }

  /** Stops and resumes reading, as the listener falls behind and catches up. */
  @Override
  public void set(boolean open) {
    if (contacts.tasks.loop.inEventLoop()) {
      apply();
    } else {
      contacts.tasks.onLoop(this::apply);
    }
  }

  /** Reads, or not, as things are now. */
  void apply() {
    long now = contacts.tasks.now();
    apply(now);
    contact.schedule(now);
  }

  private void apply(long now) {
    if (link != null) {
      link.setReading(account.isOpen());
    }
    contact.session.setStopped(now, isStopped());
  }

  /** Whether this node itself does not read from the peer. */
  private boolean isStopped() {
    return !account.isOpen() || (link != null && link.isSlowed());
  }
}
