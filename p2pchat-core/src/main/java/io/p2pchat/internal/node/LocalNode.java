package io.p2pchat.internal.node;

import io.netty.util.NetUtil;
import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeMetrics;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeException;
import io.p2pchat.SendOptions;
import io.p2pchat.SendOutcome;
import io.p2pchat.Submission;
import io.p2pchat.internal.event.OwnSendsWindow;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendFuture;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node behind {@link PeerNode}. */
public final class LocalNode implements PeerNode {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

  private final String teamName;
  private final NodeAssembly parts;
  private final NodeShutdown shutdown;

  private LocalNode(String teamName, NodeAssembly parts) {
    this.teamName = teamName;
    this.parts = parts;
    this.shutdown = new NodeShutdown(parts);
  }

  /**
   * Starts a node. Blocks until it listens.
   *
   * @param onFailure called with an event and what a listener threw at it
   * @throws io.p2pchat.UnsupportedRuntimeException if Netty is not 4.2, or Java lacks a module
   * @throws io.p2pchat.BindFailedException if it cannot listen at the address
   * @throws io.p2pchat.TrustStoreException if the trust directory cannot be used
   * @throws IllegalArgumentException if the executor runs tasks on the calling thread
   */
  public static PeerNode start(
      NodeConfig config,
      List<BiConsumer<PeerNode, PeerEvent>> listeners,
      BiConsumer<? super PeerEvent, ? super Throwable> onFailure) {
    NettyVersion.require();
    // The first event may arrive before the node exists that its listeners receive.
    CompletableFuture<PeerNode> self = new CompletableFuture<>();
    List<PeerListener> all =
        listeners.stream()
            .map(listener -> (PeerListener) event -> listener.accept(self.join(), event))
            .toList();
    NodeAssembly parts = NodeAssembly.start(config, all, onFailure);
    LocalNode node = new LocalNode(config.introduction().teamName(), parts);
    // Before anybody is met: what is kept goes first, and nothing goes without its number.
    parts.loadStore();
    self.complete(node);
    parts.listener.accept();
    parts.startDiscovery();
    LOG.info(
        "The node listens on {}; {}",
        NetUtil.toSocketAddressString(node.localAddress()),
        config.security());
    return node;
  }

  @Override
  public String teamName() {
    return teamName;
  }

  @Override
  public Optional<Fingerprint> fingerprint() {
    return Optional.ofNullable(parts.keys.fingerprint());
  }

  @Override
  public int port() {
    return localAddress().getPort();
  }

  @Override
  public InetSocketAddress localAddress() {
    return parts.context.identity().bound();
  }

  @Override
  public List<PeerAddress> addresses() {
    return DialableAddresses.of(parts.context.identity().bound());
  }

  @Override
  public CompletableFuture<Delivery> send(PeerAddress peer, String text) {
    return send(peer, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> send(PeerAddress peer, String text, SendOptions options) {
    return send(peer, peer, text, options, EncodedText::of);
  }

  @Override
  public CompletableFuture<Delivery> send(Peer peer, String text) {
    return send(peer, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> send(Peer peer, String text, SendOptions options) {
    return send(peer, peer.address(), text, options, EncodedText::of);
  }

  @Override
  public CompletableFuture<Delivery> send(Fingerprint key, String text) {
    return send(key, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> send(Fingerprint key, String text, SendOptions options) {
    return send(key, null, text, options, EncodedText::of);
  }

  @Override
  public CompletableFuture<Delivery> sendText(Peer peer, String text) {
    return sendText(peer, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> sendText(Peer peer, String text, SendOptions options) {
    return send(peer, peer.address(), text, options, EncodedText::ofMessage);
  }

  @Override
  public CompletableFuture<Delivery> sendText(Fingerprint key, String text) {
    return sendText(key, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> sendText(Fingerprint key, String text, SendOptions options) {
    return send(key, null, text, options, EncodedText::ofMessage);
  }

  @Override
  public CompletableFuture<Delivery> sendText(PeerAddress peer, String text) {
    return sendText(peer, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> sendText(PeerAddress peer, String text, SendOptions options) {
    return send(peer, peer, text, options, EncodedText::ofMessage);
  }

  @Override
  public CompletableFuture<Delivery> send(DiscoveredPeer peer, String text) {
    return send(peer, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> send(DiscoveredPeer peer, String text, SendOptions options) {
    return send(peer, null, text, options, EncodedText::of);
  }

  @Override
  public CompletableFuture<Delivery> sendText(DiscoveredPeer peer, String text) {
    return sendText(peer, text, SendOptions.defaults());
  }

  @Override
  public CompletableFuture<Delivery> sendText(
      DiscoveredPeer peer, String text, SendOptions options) {
    return send(peer, null, text, options, EncodedText::ofMessage);
  }

  @Override
  public CompletableFuture<Delivery> connect(DiscoveredPeer peer) {
    return send(peer, ReservedText.MANUAL_CONNECTION.text());
  }

  @Override
  public Submission submit(Peer peer, String text, SendOptions options) {
    return submission(
        send(peer, peer.address(), text, options, EncodedText::ofMessage, true), peer.address());
  }

  @Override
  public Submission submit(PeerAddress peer, String text, SendOptions options) {
    return submission(send(peer, peer, text, options, EncodedText::ofMessage, true), peer);
  }

  @Override
  public Submission submit(Fingerprint key, String text, SendOptions options) {
    return submission(send(key, null, text, options, EncodedText::ofMessage, true), null);
  }

  private Submission submission(CompletableFuture<Delivery> sent, @Nullable PeerAddress peer) {
    boolean isKept = sent instanceof KeptSend;
    String id = isKept ? ((KeptSend) sent).id() : parts.router.newId();
    CompletableFuture<Void> kept = isKept ? ((KeptSend) sent).kept() : queued(sent);
    return Submission.of(id, kept, sent, () -> withdraw(sent, peer));
  }

  /** Without a store, a message is accepted when it is queued. */
  private static CompletableFuture<Void> queued(CompletableFuture<Delivery> sent) {
    return sent.isCompletedExceptionally()
        ? sent.thenApply(delivery -> null)
        : CompletableFuture.completedFuture(null);
  }

  private boolean withdraw(CompletableFuture<Delivery> sent, @Nullable PeerAddress peer) {
    if (sent.isDone() || !(sent instanceof SendFuture future) || future.isGone()) {
      return false;
    }
    KeptSend last = future instanceof KeptSend any ? any.lastAttempt() : null;
    KeptSend kept = last != null && last.isNumbered() ? last : null;
    if (!future.abandon() || (kept != null && kept.mayBeWritten())) {
      future.completeExceptionally(
          new DeliveryUnknownException(
              "The message was withdrawn after it had been written", peer, null));
      return false;
    }
    PeerNodeException reason =
        new MessageWithdrawnException("The message was withdrawn and not sent", peer);
    MessageKeeper keeper = parts.keeper;
    if (kept == null || keeper == null) {
      future.completeExceptionally(reason);
    } else {
      keeper.withdrawn(kept, reason);
    }
    return true;
  }

  @Override
  public List<DiscoveredPeer> discoveredPeers() {
    return parts.discovered.all();
  }

  @Override
  public CompletableFuture<Delivery> connect(PeerAddress peer) {
    return send(peer, ReservedText.MANUAL_CONNECTION.text());
  }

  @Override
  public CompletableFuture<Delivery> connect(Peer peer) {
    return send(peer, ReservedText.MANUAL_CONNECTION.text());
  }

  @Override
  public CompletableFuture<List<SendOutcome>> connectAll() {
    return sendAll(
        activePeers(),
        ReservedText.CONNECTION.text(),
        SendOptions.defaults(),
        (peers, sent) -> SendOutcomes.of(peers, sent, parts.router::outcome));
  }

  @Override
  public CompletableFuture<List<SendOutcome>> broadcast(String text) {
    return sendAll(
        connectedPeers(),
        text,
        SendOptions.defaults(),
        (peers, sent) -> SendOutcomes.of(peers, sent, parts.router::outcome));
  }

  @Override
  public CompletableFuture<List<SendOutcome>> broadcast(
      String text, SendOptions options, Consumer<? super SendOutcome> onOutcome) {
    return sendAll(
        connectedPeers(),
        text,
        options,
        (peers, sent) ->
            SendOutcomes.of(
                peers, sent, parts.router::outcome, onOutcome, parts.context.executors()));
  }

  @Override
  public CompletableFuture<Delivery> disconnect(PeerAddress peer) {
    return send(peer, ReservedText.EXIT.text());
  }

  @Override
  public CompletableFuture<Delivery> disconnect(Peer peer) {
    EncodedText exit = EncodedText.of(ReservedText.EXIT.text());
    PeerNodeException refusal = refusal(peer.address(), exit);
    if (refusal != null) {
      parts.router.refused(peer, exit);
      return CompletableFuture.failedFuture(refusal);
    }
    return SendOutcomes.all(parts.router.exit(peer, exit));
  }

  @Override
  public List<Peer> activePeers() {
    return parts.registry.active();
  }

  @Override
  public List<Peer> connectedPeers() {
    return parts.registry.connected();
  }

  @Override
  public void close() {
    shutdown.close();
  }

  @Override
  public CompletableFuture<Void> whenWritable(PeerAddress peer) {
    return whenWritable(peer, () -> parts.router.whenWritable(peer));
  }

  @Override
  public CompletableFuture<Void> whenWritable(Peer peer) {
    return whenWritable(peer.address(), () -> parts.router.whenWritable(peer));
  }

  @Override
  public CompletableFuture<Void> whenWritable(DiscoveredPeer peer) {
    return whenWritable(peer.addresses().get(0), () -> parts.router.whenWritable(peer));
  }

  private CompletableFuture<Void> whenWritable(
      PeerAddress peer, Supplier<CompletableFuture<Void>> room) {
    if (shutdown.hasBegun()) {
      return CompletableFuture.failedFuture(closed(peer));
    }
    OwnSendsWindow own = parts.context.publisher().ownSends();
    return own.isOpen() ? room.get() : own.whenOpen().thenCompose(caughtUp -> room.get());
  }

  @Override
  public NodeMetrics metrics() {
    long[] waiting = parts.endpoints.waiting();
    return parts.counters.snapshot(waiting[0], waiting[1], parts.dispatcher.waiting());
  }

  private static NodeClosedException closed(@Nullable PeerAddress peer) {
    return new NodeClosedException("The node is closed", peer);
  }

  private CompletableFuture<Delivery> send(
      Object to,
      @Nullable PeerAddress address,
      String text,
      SendOptions options,
      Function<String, EncodedText> encode) {
    return send(to, address, text, options, encode, false);
  }

  /**
   * Sends a message.
   *
   * @param to a peer, a key, or an address
   * @param address the address of the recipient, or null if only its key is given
   * @param announced whether an event tells how it ends
   */
  private CompletableFuture<Delivery> send(
      Object to,
      @Nullable PeerAddress address,
      String text,
      SendOptions options,
      Function<String, EncodedText> encode,
      boolean announced) {
    EncodedText message;
    try {
      message = encode.apply(text);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    PeerNodeException refusal = refusal(address, message);
    if (refusal != null) {
      if (to instanceof Peer peer) {
        parts.router.refused(peer, message);
      } else if (address != null) {
        parts.router.refused(address, message);
      }
      return CompletableFuture.failedFuture(refusal);
    }
    SendFuture future = queue(to, message, text, options, announced);
    parts.router.expire(future, address, options);
    return future;
  }

  private SendFuture queue(
      Object to, EncodedText message, String text, SendOptions options, boolean announced) {
    KeptSend kept = parts.router.keep(to, message, text, options, announced);
    if (kept != null) {
      return kept;
    }
    if (to instanceof Peer peer) {
      return parts.router.send(peer, message);
    }
    if (to instanceof Fingerprint key) {
      return parts.router.send(key, message);
    }
    if (to instanceof DiscoveredPeer peer) {
      return parts.router.send(peer, message);
    }
    SendFuture future = new SendFuture();
    parts.router.send((PeerAddress) to, message, future);
    return future;
  }

  private @Nullable PeerNodeException refusal(@Nullable PeerAddress peer, EncodedText message) {
    if (shutdown.hasBegun()) {
      return closed(peer);
    }
    int bytes = parts.router.lineBytes(message);
    if (bytes >= parts.settings.maxFrameBytes()) {
      return new MessageTooLargeException(
          "The line has "
              + bytes
              + " bytes; with its line end it may have "
              + parts.settings.maxFrameBytes(),
          peer,
          bytes + 1L,
          parts.settings.maxFrameBytes());
    }
    return parts.context.publisher().ownSends().isOpen()
        ? null
        : new OutboundQueueFullException(
            "The listener is too far behind with the events of this node's own sends", peer);
  }

  private CompletableFuture<List<SendOutcome>> sendAll(
      List<Peer> to,
      String text,
      SendOptions options,
      BiFunction<List<Peer>, List<SendFuture>, CompletableFuture<List<SendOutcome>>> collect) {
    EncodedText message;
    try {
      message = EncodedText.forMany(text);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    PeerNodeException refusal = refusal(null, message);
    if (refusal != null) {
      to.forEach(peer -> parts.router.refused(peer, message));
      return CompletableFuture.failedFuture(refusal);
    }
    List<SendFuture> sent = parts.router.send(to, message, text, options);
    for (int i = 0; i < sent.size(); i++) {
      parts.router.expire(sent.get(i), to.get(i).address(), options);
    }
    return collect.apply(to, sent);
  }
}
