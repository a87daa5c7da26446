package io.p2pchat.internal.node;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.transport.HostResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks up a host name and moves the message to the outbox of its IP address, so that there is one
 * order of messages for each peer, however it was named.
 */
final class NameCourier implements Courier {
  private final PeerAddress name;
  private final HostResolver resolver;
  private final BiConsumer<PeerAddress, Item> move;

  NameCourier(PeerAddress name, HostResolver resolver, BiConsumer<PeerAddress, Item> move) {
    this.name = name;
    this.resolver = resolver;
    this.move = move;
  }

  @Override
  public void deliver(Item item, Consumer<SendResult> done) {
    resolver.resolve(name.host(), (ip, failure) -> done.accept(resolved(item, ip, failure)));
  }

  private SendResult resolved(
      Item item, @Nullable InetAddress ip, @Nullable PeerUnreachableException failure) {
    if (ip == null) {
      return new SendResult(null, failure);
    }
    move.accept(PeerAddress.of(new InetSocketAddress(ip, name.port())), item);
    return SendResult.MOVED;
  }
}
