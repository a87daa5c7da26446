package io.p2pchat.internal.node;

import io.p2pchat.BindFailedException;
import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.IpRange;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeMetrics;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.SendOutcome;
import io.p2pchat.internal.net.tcp.BindAddress;
import io.p2pchat.internal.peer.EncodedText;
import io.p2pchat.internal.peer.MessageRouter;
import io.p2pchat.internal.peer.SendOutcomes;
import io.p2pchat.internal.protocol.ReservedText;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node, as an application calls it. */
public final class LocalNode implements PeerNode {
  private final String teamName;
  private final NodeSettings settings;
  private final NodeAssembly wiring;
  private final MessageRouter sender;

  private LocalNode(
      String teamName,
      NodeSettings settings,
      List<BiConsumer<PeerNode, PeerEvent>> listeners,
      Function<PeerListener, NodeAssembly> wire) {
    this.teamName = teamName;
    this.settings = settings;
    this.wiring = wire.apply(event -> listeners.forEach(told -> told.accept(this, event)));
    this.sender = wiring.contacts.sender;
  }

  /**
   * Starts a node. Blocks until it listens.
   *
   * @throws BindFailedException if it cannot listen there
   * @throws io.p2pchat.TrustStoreException if the directory of trust cannot be used
   */
  public static PeerNode start(
      String teamName,
      int port,
      @Nullable String bindAddress,
      NodeSettings settings,
      Security security,
      List<IpRange> allowed,
      @Nullable Executor executor,
      List<BiConsumer<PeerNode, PeerEvent>> listeners) {
    InetSocketAddress bind = BindAddress.of(bindAddress, port);
    LocalNode node =
        new LocalNode(
            teamName,
            settings,
            listeners,
            events ->
                new NodeAssembly(teamName, bind, settings, security, allowed, executor, events));
    node.wiring.accept();
    return node;
  }

  @Override
  public String teamName() {
    return teamName;
  }

  @Override
  public Optional<Fingerprint> fingerprint() {
    return Optional.ofNullable(wiring.keys.fingerprint());
  }

  @Override
  public int port() {
    return localAddress().getPort();
  }

  @Override
  public InetSocketAddress localAddress() {
    return wiring.local;
  }

  @Override
  public CompletableFuture<Delivery> send(PeerAddress peer, String text) {
    return send(peer, EncodedText.of(text));
  }

  @Override
  public CompletableFuture<Delivery> connect(PeerAddress peer) {
    return send(peer, ReservedText.MANUAL_CONNECTION.text());
  }

  @Override
  public CompletableFuture<List<SendOutcome>> connectAll() {
    return sendAll(activePeers(), ReservedText.CONNECTION.text());
  }

  @Override
  public CompletableFuture<List<SendOutcome>> broadcast(String text) {
    return sendAll(connectedPeers(), text);
  }

  @Override
  public CompletableFuture<Delivery> disconnect(PeerAddress peer) {
    return send(peer, ReservedText.EXIT.text());
  }

  @Override
  public List<Peer> activePeers() {
    return wiring.registry.active();
  }

  @Override
  public List<Peer> connectedPeers() {
    return wiring.registry.connected();
  }

  @Override
  public void close() {
    wiring.closing.close();
  }

  @Override
  public CompletableFuture<Void> whenWritable(PeerAddress peer) {
    if (wiring.closing.hasBegun()) {
      return CompletableFuture.failedFuture(wiring.contacts.closed());
    }
    return sender.whenWritable(peer);
  }

  @Override
  public NodeMetrics metrics() {
    return Metrics.of(wiring.counters, wiring.contacts, wiring.handOver);
  }

  private CompletableFuture<Delivery> send(PeerAddress peer, EncodedText message) {
    PeerNodeException refusal = refusal(message);
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    CompletableFuture<Delivery> future = new CompletableFuture<>();
    sender.send(peer, message, future);
    return future;
  }

  private @Nullable PeerNodeException refusal(EncodedText message) {
    if (wiring.closing.hasBegun()) {
      return wiring.contacts.closed();
    }
    int bytes = sender.lineBytes(message);
    if (bytes >= settings.maxFrameBytes()) {
      return new MessageTooLargeException(
          "The line has "
              + bytes
              + " bytes; with its line end it may have "
              + settings.maxFrameBytes(),
          null);
    }
    return wiring.ownDoing.isOpen()
        ? null
        : new OutboundQueueFullException(
            "The listener is too far behind with the events of this node's own sends", null);
  }

  private CompletableFuture<List<SendOutcome>> sendAll(List<Peer> to, String text) {
    EncodedText message = EncodedText.of(text);
    PeerNodeException refusal = refusal(message);
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    return SendOutcomes.of(to, sender.send(to.stream().map(Peer::address).toList(), message));
  }
}
