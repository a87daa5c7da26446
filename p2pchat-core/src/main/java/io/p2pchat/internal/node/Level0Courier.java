package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.message.ChatLine;
import io.p2pchat.internal.message.ReservedText;
import io.p2pchat.internal.message.TextPieces;
import io.p2pchat.internal.transport.Dial;
import io.p2pchat.internal.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers at level 0: each line on a connection of its own, a long text in several lines, one
 * after the other (PROTOCOL.md section 2, Sending).
 */
final class Level0Courier implements Courier {
  /** What a program that takes one small read for a whole message can take. */
  private static final int LINE_BYTES = 1024;

  private final PeerAddress peer;
  private final InetSocketAddress target;
  private final boolean self;
  private final Transport transport;
  private final PeerTracker peers;
  private final EventLoop loop;

  Level0Courier(
      PeerAddress peer,
      InetAddress ip,
      boolean self,
      Transport transport,
      PeerTracker peers,
      EventLoop loop) {
    this.peer = peer;
    this.target = new InetSocketAddress(ip, peer.port());
    this.self = self;
    this.transport = transport;
    this.peers = peers;
    this.loop = loop;
  }

  @Override
  public void deliver(Item item, Consumer<SendResult> done) {
    if (self) {
      String problem = peer + " is this node itself";
      loop.execute(() -> done.accept(SendResult.failed(new IllegalArgumentException(problem))));
      return;
    }
    new Sending(item.line(), done).next();
  }

  @Override
  public void abandon(Item item) {
    peers.unreachable(peer, item.line().reserved());
  }

  /** One message on its way, line by line. */
  private final class Sending {
    private final Iterator<ChatLine> pieces;
    private final @Nullable ReservedText reserved;
    private final Consumer<SendResult> done;
    private int written;

    Sending(ChatLine line, Consumer<SendResult> done) {
      this.pieces = TextPieces.cut(line, LINE_BYTES).iterator();
      this.reserved = line.reserved();
      this.done = done;
    }

    void next() {
      String line = pieces.next().format();
      transport.dial(
          new Dial(peer, target, line, () -> peers.sending(peer, reserved), this::ended));
    }

    private void ended(@Nullable PeerNodeException failure) {
      if (failure instanceof PeerUnreachableException) {
        peers.unreachable(peer, reserved);
      }
      if (failure != null) {
        done.accept(SendResult.failed(written == 0 ? failure : partly(failure)));
      } else if (pieces.hasNext()) {
        written++;
        next();
      } else {
        done.accept(SendResult.WRITTEN);
      }
    }

    private PeerNodeException partly(PeerNodeException failure) {
      return new DeliveryUnknownException(
          "Only the first " + written + " lines of the message were written", failure);
    }
  }
}
