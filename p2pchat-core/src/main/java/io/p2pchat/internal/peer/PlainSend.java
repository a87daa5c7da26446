package io.p2pchat.internal.peer;

import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.TextSplitter;
import io.p2pchat.internal.session.SendQueue;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way at level 0: each line on a connection of its own, a long text in several
 * lines, one after the other (PROTOCOL.md section 2, Sending). Used on the event loop.
 */
final class PlainSend {
  /** What a program that takes one small read for a whole message can take. */
  private static final int LINE_BYTES = 1024;

  final SendQueue.DequeuedLine message;
  private final PeerAddress peer;
  private final InetSocketAddress target;
  private final EndpointTable contacts;
  private final Ended ended;
  private final Iterator<ChatLine> pieces;
  private int written;

  /** Told once how the sending has ended. */
  interface Ended {
    void ended(PlainSend send, @Nullable PeerNodeException failure);
  }

  PlainSend(
      SendQueue.DequeuedLine message,
      PeerAddress peer,
      InetSocketAddress target,
      EndpointTable contacts,
      Ended ended) {
    this.message = message;
    this.peer = peer;
    this.target = target;
    this.contacts = contacts;
    this.ended = ended;
    ChatLine line = (ChatLine) ChatLine.parse(new String(message.line(), StandardCharsets.UTF_8));
    this.pieces = TextSplitter.cut(line, LINE_BYTES).iterator();
  }

  /** Dials with the next line. */
  void dial() {
    contacts
        .security
        .gate()
        .whenFresh(
            () -> {
              TrustException refusal = contacts.security.gate().refusesPlain(peer);
              if (refusal == null) {
                contacts.dialer().dial(next());
              } else {
                contacts.peers.refused(peer, refusal, null);
                lineEnded(refusal);
              }
            });
  }

  /** The next line, to go on a connection of its own. */
  PlainDial next() {
    String line = pieces.next().format();
    return new PlainDial(peer, target, line, this::writing, this::lineEnded);
  }

  private void writing() {
    if (written == 0) {
      contacts.counters.linesSent.increment();
    }
    contacts.peers.sending(peer, message.reserved(), null);
  }

  private void lineEnded(@Nullable PeerNodeException failure) {
    if (failure instanceof PeerUnreachableException || failure instanceof TrustException) {
      contacts.peers.unreachable(peer, message.reserved());
    }
    if (failure == null && pieces.hasNext()) {
      written++;
      dial();
    } else {
      ended.ended(this, failure == null || written == 0 ? failure : partly(failure));
    }
  }

  private PeerNodeException partly(PeerNodeException failure) {
    return new DeliveryUnknownException(
        "Only the first " + written + " lines of the message were written", failure);
  }

  /** Whether the peer did not answer at all, so that each further try would take as long again. */
  static boolean isTimeout(@Nullable PeerNodeException failure) {
    return failure != null && failure.getCause() instanceof ConnectTimeoutException;
  }
}
