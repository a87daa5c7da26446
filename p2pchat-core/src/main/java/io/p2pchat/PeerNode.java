package io.p2pchat;

import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ReservedText;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A chat node: it listens on a TCP port, sends to peers, and keeps lists of active and connected
 * peers.
 *
 * <p><b>Thread-safety.</b> You may call all methods from any thread. Only {@link
 * PeerNodeBuilder#start} and {@link #close} block. Futures complete on one of the node's threads,
 * never on an I/O thread. Code chained to a future may call the node. It must not block, because it
 * delays the completions after it.
 *
 * <p><b>Outcomes of a send.</b> The futures of {@link #send(PeerAddress, String) send}, {@link
 * #connect(PeerAddress) connect} and {@link #disconnect(PeerAddress) disconnect} complete in one of
 * these ways:
 *
 * <ul>
 *   <li>{@link Delivery#ACKNOWLEDGED}: the peer is a node of this library, and its listener has
 *       taken the message;
 *   <li>{@link Delivery#WRITTEN}: the peer is a program of the plain format;
 *   <li>{@link PeerUnreachableException}: nothing of the message reached the peer; a retry may
 *       help;
 *   <li>{@link DeliveryUnknownException}: the connection to a plain program broke after writing had
 *       begun, or the session ended or the message expired before it was acknowledged;
 *   <li>{@link OutboundQueueFullException}: the queue for this peer is full, see {@link
 *       NodeSettings#outboundBytesPerPeer} and {@link NodeSettings#outboundLinesPerPeer}, or those
 *       for all peers, see {@link NodeSettings#outboundBytesInAll}. Await {@link
 *       #whenWritable(PeerAddress) whenWritable}. It is also the failure if the node's own listener
 *       is too far behind with events that this node caused;
 *   <li>{@link MessageTooLargeException}: the line is longer than {@link
 *       NodeSettings#maxFrameBytes}, or than the peer accepts;
 *   <li>{@link TooManyPeersException}: the message connects to the peer, and the lists of peers are
 *       full, see {@link NodeSettings#maxPeersPerHost} and {@link NodeSettings#maxActivePeers};
 *   <li>{@link ReservedTextException}: a reserved text was sent with {@link #sendText(PeerAddress,
 *       String) sendText}, and the peer cannot take it as a message;
 *   <li>{@link MessageWithdrawnException}: it expired before it was written, see {@link
 *       SendOptions#expireAfter};
 *   <li>{@link TrustException}: this node does not trust the peer, or the peer does not trust this
 *       node;
 *   <li>{@link NodeClosedException}: the node was closed first;
 *   <li>{@link IllegalArgumentException}: the address is this node itself, or the text has half of
 *       a surrogate pair.
 * </ul>
 *
 * <p>Each {@link PeerNodeException} has a {@link PeerNodeException#peer peer}. {@link
 * PeerUnreachableException#reason} says why the peer was not reached.
 *
 * <p><b>Who gets a message.</b> A peer that encrypts is its key, wherever it is:
 *
 * <ul>
 *   <li>{@link #send(Peer, String)} and {@link #send(Fingerprint, String)} go to that key and to no
 *       other, encrypted, at each address where it was seen. If the peer moves, what waits for it
 *       goes after it. With {@link Trust#any} a peer has another key after a restart. Once its
 *       session has ended, a send to the {@code Peer} goes to a node of its team at its address,
 *       which can have another key, and one to the {@code Fingerprint} fails;
 *   <li>{@link #send(PeerAddress, String)} goes to whoever is there. With {@link Trust#pinned} it
 *       fails with {@link TrustException} if the known peer of that address has another key.
 * </ul>
 *
 * <p>One user can run several nodes with one key. A message for the key goes to the one last heard
 * from that has a session. An {@code exit} for a {@code Peer} goes to all of them that have one.
 *
 * <p><b>Order.</b> Messages to one address go out strictly in the order of the calls, and so do
 * messages to one peer. Different addresses never wait for each other. The node looks up a host
 * name for each message, four names at a time. If a name has several addresses, it uses one as long
 * as that can be reached, and tries the others otherwise.
 *
 * <p><b>Withdrawing.</b> Cancel the future of a send to withdraw its message. Every other way to
 * complete it yourself, such as {@link CompletableFuture#orTimeout}, does the same. A message can
 * be withdrawn until it is handed to a connection. Then the peer never gets it, and its room in the
 * queue is free. After that, only the future ends. The message may arrive, and holds its room until
 * its outcome is known. Both look the same to the caller: {@code cancel} returns true as for any
 * future that was not complete. A message at level 0 can be withdrawn until its connection exists.
 * Of a long one that goes in several lines, those that have no connection yet are not sent. It
 * frees its room when the attempt to connect ends. A message to a host name frees its room when the
 * lookup ends. A withdrawn {@code exit} or connection message changes no list.
 *
 * <p><b>Texts.</b> Between two nodes of this library a text arrives exactly as it was given (both
 * announce {@code EXACT}, see the specification, section 4). A plain program or an older node gets
 * it without the white space around it, and with each line break as {@code \n}.
 *
 * <p><b>Sessions.</b> Two nodes of this library open a session with the first message. A session
 * survives its connection: the node redials a lost one for {@link NodeSettings#sessionTimeout} and
 * sends again what the peer has not received. So each message arrives once and in order. If the
 * peer was restarted, a message may arrive twice; {@link PeerEvent.SessionReset} reports it.
 *
 * <p>No message waits for ever. If a peer takes none of the messages that wait, {@link
 * PeerEvent.PeerStalled} reports it. After {@link NodeSettings#sessionTimeout} without progress the
 * session ends. Messages that were written fail with {@link DeliveryUnknownException} then, and the
 * others with {@link PeerUnreachableException}. Progress is that of the session, so one message may
 * wait for long behind others: {@link SendOptions#expireAfter} bounds its time.
 *
 * <p>A first message to an address may take {@link NodeSettings#greetingTimeout} longer, until the
 * node knows what kind of program listens there. Messages to plain programs are never retried.
 *
 * <p>Do not implement this interface: later versions may add methods.
 *
 * <p>Specification: docs/PROTOCOL.md, sections 1 to 5.
 */
public interface PeerNode extends AutoCloseable {

  /**
   * Creates a builder for a node.
   *
   * @return a new builder
   */
  static PeerNodeBuilder builder() {
    return new PeerNodeBuilder();
  }

  /**
   * Returns the team name that this node sends.
   *
   * @return 1 to 64 characters
   */
  String teamName();

  /**
   * Returns the fingerprint by which peers know this node when it encrypts. People can compare it
   * to verify each other.
   *
   * @return the fingerprint of its key; empty with {@link Security#plaintext}
   */
  Optional<Fingerprint> fingerprint();

  /**
   * Returns the port on which this node listens, also if port 0 was requested.
   *
   * @return 1 to 65535
   */
  int port();

  /**
   * Returns the address and port to which this node is bound.
   *
   * @return the bound address; a wildcard unless {@link PeerNodeBuilder#bindAddress} was set
   */
  InetSocketAddress localAddress();

  /**
   * Returns the addresses at which peers can dial this node, if the network allows it. May ask the
   * operating system for the addresses of this machine.
   *
   * @return the bound address; for a wildcard, the addresses of this machine. IPv4 comes before
   *     IPv6, and the address of the default route is the first of each. Link-local ones of IPv4
   *     follow. 127.0.0.1 is the last, for programs on this machine. Link-local addresses of IPv6
   *     are left out, because they need a zone
   */
  List<PeerAddress> addresses();

  /**
   * Returns whether a text is reserved: {@link #send(PeerAddress, String) send} and {@link
   * #broadcast} take it for a command. Case and the white space around it do not count.
   *
   * @param text any text
   * @return whether it is {@code exit}, {@code connection message} or {@code manual connection
   *     message}
   */
  static boolean isReserved(String text) {
    return ReservedText.of(ChatLine.normal(text)) != null;
  }

  /**
   * Sends a message. {@link #isReserved Reserved} texts act as commands: {@code exit} is {@link
   * #disconnect(PeerAddress) disconnect}, and {@code manual connection message} is {@link
   * #connect(PeerAddress) connect}. To send what a person or a program wrote, whatever it is, use
   * {@link #sendText(PeerAddress, String) sendText}.
   *
   * @param peer the recipient
   * @param text the text; the class comment says what of it arrives; may be empty. The longer of
   *     its two forms counts for {@link NodeSettings#maxFrameBytes}
   * @return completes when the peer has acknowledged the message. For a plain program it completes
   *     when the message was written and the peer has closed the connection or {@link
   *     NodeSettings#peerCloseTimeout} has passed. The class comment lists the failures
   */
  CompletableFuture<Delivery> send(PeerAddress peer, String text);

  /**
   * Submits a message. With a store ({@link PeerNodeBuilder#store}) it is kept until the peer has
   * it. It waits while the peer is offline, and also outlasts a restart of this node. A {@link
   * #isReserved reserved} text is a message too.
   *
   * @param peer the recipient
   * @param text as for {@link #sendText(Peer, String)}
   * @param options the options
   * @return the message, whose futures tell what becomes of it
   */
  Submission submit(Peer peer, String text, SendOptions options);

  /**
   * Submits a message, as {@link #submit(Peer, String, SendOptions)}. It is kept for the known peer
   * of the address. If there is none, it waits in memory until the peer there shows its key.
   *
   * @param peer the recipient
   * @param text as for {@link #sendText(PeerAddress, String)}
   * @param options the options
   * @return the message, whose futures tell what becomes of it
   */
  Submission submit(PeerAddress peer, String text, SendOptions options);

  /**
   * Submits a message, as {@link #submit(Peer, String, SendOptions)}.
   *
   * @param key the key of the recipient
   * @param text as for {@link #sendText(Fingerprint, String)}
   * @param options the options
   * @return the message, whose futures tell what becomes of it
   */
  Submission submit(Fingerprint key, String text, SendOptions options);

  /**
   * Sends a message with options. A reserved text is a command, as for {@link #send(PeerAddress,
   * String)}.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return completes as for {@link #send(PeerAddress, String)}, and at the latest when the message
   *     expires
   */
  CompletableFuture<Delivery> send(PeerAddress peer, String text, SendOptions options);

  /**
   * Sends a message to a peer, wherever it is. If the peer has a {@link Peer#fingerprint}, the
   * message goes to the holder of that key and to nobody else, never in plain; otherwise it goes to
   * its address. With {@link Trust#any} that holds while its session lasts. Later the message goes
   * to a node of the same team at the same address, which can have another key after a restart, and
   * never in plain. If another team is there, it fails with {@link PeerUnreachableException}. A
   * reserved text is a command, as for {@link #send(PeerAddress, String)}.
   *
   * @param peer the recipient, from a list of this node or from one of its events
   * @param text as for {@link #send(PeerAddress, String)}
   * @return completes as for {@link #send(PeerAddress, String)}
   */
  CompletableFuture<Delivery> send(Peer peer, String text);

  /**
   * Sends a message to a peer, as {@link #send(Peer, String)}, with options.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return completes as for {@link #send(PeerAddress, String, SendOptions)}
   */
  CompletableFuture<Delivery> send(Peer peer, String text, SendOptions options);

  /**
   * Sends a message to the holder of a key, whatever its team name and wherever it is, and to
   * nobody else. A reserved text is a command, as for {@link #send(PeerAddress, String)}.
   *
   * @param key the fingerprint of the recipient's key
   * @param text as for {@link #send(PeerAddress, String)}
   * @return completes as for {@link #send(PeerAddress, String)}; fails with {@link
   *     PeerUnreachableException} if no address of the key is known
   */
  CompletableFuture<Delivery> send(Fingerprint key, String text);

  /**
   * Sends a message to the holder of a key, as {@link #send(Fingerprint, String)}, with options.
   *
   * @param key the fingerprint of the recipient's key
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return completes as for {@link #send(PeerAddress, String, SendOptions)}
   */
  CompletableFuture<Delivery> send(Fingerprint key, String text, SendOptions options);

  /**
   * Sends a message to a discovered peer. If this node has a session with it, or knows its key, the
   * message goes there, as {@link #send(Fingerprint, String)}. Otherwise its addresses are dialed
   * in parallel, and the first node that proves to be the peer gets the message: it has the
   * announced {@code NODE}, and the announced key if there is a hint of one. If the {@code NODE} is
   * not known, the message goes to whoever is at the address, as {@link #send(PeerAddress,
   * String)}. A reserved text is a command.
   *
   * @param peer the recipient, from {@link #discoveredPeers} or an event
   * @param text as for {@link #send(PeerAddress, String)}
   * @return completes as for {@link #send(PeerAddress, String)}; fails with {@link
   *     PeerUnreachableException} if none of its addresses answers as announced
   */
  CompletableFuture<Delivery> send(DiscoveredPeer peer, String text);

  /**
   * Sends a message to a discovered peer, as {@link #send(DiscoveredPeer, String)}, with options.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return completes as for {@link #send(PeerAddress, String, SendOptions)}
   */
  CompletableFuture<Delivery> send(DiscoveredPeer peer, String text, SendOptions options);

  /**
   * Sends a message that is never a command, even if its text is {@link #isReserved reserved}. Such
   * a text reaches nodes of this library only. To any other peer it fails with {@link
   * ReservedTextException}, because the peer would obey it.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String) send}
   * @return as for {@link #send(PeerAddress, String) send}
   */
  CompletableFuture<Delivery> sendText(PeerAddress peer, String text);

  /**
   * Sends a message that is never a command, as {@link #sendText(PeerAddress, String)}, with
   * options.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return as for {@link #send(PeerAddress, String, SendOptions)}
   */
  CompletableFuture<Delivery> sendText(PeerAddress peer, String text, SendOptions options);

  /**
   * Sends a message that is never a command, as {@link #sendText(PeerAddress, String)}, to a peer,
   * as {@link #send(Peer, String)}.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @return as for {@link #send(Peer, String)}
   */
  CompletableFuture<Delivery> sendText(Peer peer, String text);

  /**
   * Sends a message that is never a command, as {@link #sendText(Peer, String)}, with options.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return as for {@link #send(Peer, String, SendOptions)}
   */
  CompletableFuture<Delivery> sendText(Peer peer, String text, SendOptions options);

  /**
   * Sends a message that is never a command, as {@link #sendText(PeerAddress, String)}, to the
   * holder of a key, as {@link #send(Fingerprint, String)}.
   *
   * @param key the fingerprint of the recipient's key
   * @param text as for {@link #send(PeerAddress, String)}
   * @return as for {@link #send(Fingerprint, String)}
   */
  CompletableFuture<Delivery> sendText(Fingerprint key, String text);

  /**
   * Sends a message that is never a command, as {@link #sendText(Fingerprint, String)}, with
   * options.
   *
   * @param key the fingerprint of the recipient's key
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return as for {@link #send(Fingerprint, String, SendOptions)}
   */
  CompletableFuture<Delivery> sendText(Fingerprint key, String text, SendOptions options);

  /**
   * Sends a message that is never a command, as {@link #sendText(PeerAddress, String)}, to a
   * discovered peer, as {@link #send(DiscoveredPeer, String)}.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @return as for {@link #send(DiscoveredPeer, String)}
   */
  CompletableFuture<Delivery> sendText(DiscoveredPeer peer, String text);

  /**
   * Sends a message that is never a command, as {@link #sendText(DiscoveredPeer, String)}, with
   * options.
   *
   * @param peer the recipient
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options such as {@link SendOptions#expireAfter}
   * @return as for {@link #send(DiscoveredPeer, String, SendOptions)}
   */
  CompletableFuture<Delivery> sendText(DiscoveredPeer peer, String text, SendOptions options);

  /**
   * Signals that the queue for a peer has room. Less than half of {@link
   * NodeSettings#outboundLinesPerPeer} and of {@link NodeSettings#outboundBytesPerPeer} is then in
   * use. The same is true of what its host can have of {@link NodeSettings#outboundBytesInAll},
   * where there is also room for the longest line. This node's own listener must not be too far
   * behind either. For a host name, that is the queue of the messages that wait for the lookup, and
   * of those to the last address found.
   *
   * <p>For bulk sends, await this future whenever it is not done, and at least once for each half
   * of the line limit. The queue is then never full.
   *
   * @param peer the recipient
   * @return completes when there is room, at once if there is; exceptionally with {@link
   *     NodeClosedException} if the node is closed
   */
  CompletableFuture<Void> whenWritable(PeerAddress peer);

  /**
   * Signals that the queue for a peer has room, as {@link #whenWritable(PeerAddress)}. It is the
   * queue that {@link #send(Peer, String)} uses now.
   *
   * @param peer the recipient
   * @return as for {@link #whenWritable(PeerAddress)}
   */
  CompletableFuture<Void> whenWritable(Peer peer);

  /**
   * Signals that the queue for a discovered peer has room, as {@link #whenWritable(PeerAddress)}.
   * It is the queue that {@link #send(DiscoveredPeer, String)} uses now.
   *
   * @param peer the recipient
   * @return as for {@link #whenWritable(PeerAddress)}
   */
  CompletableFuture<Void> whenWritable(DiscoveredPeer peer);

  /**
   * Connects to one peer by hand: each side enters the other into its connected peers.
   *
   * @param peer the peer to connect to
   * @return completes when the connection message was acknowledged or written; the class comment
   *     lists the failures
   */
  CompletableFuture<Delivery> connect(PeerAddress peer);

  /**
   * Connects to a peer by hand, as {@link #connect(PeerAddress)}, wherever it is, as {@link
   * #send(Peer, String)}.
   *
   * @param peer the peer to connect to
   * @return as for {@link #connect(PeerAddress)}
   */
  CompletableFuture<Delivery> connect(Peer peer);

  /**
   * Connects to a discovered peer by hand, as {@link #connect(PeerAddress)}, and finds it as {@link
   * #send(DiscoveredPeer, String)}.
   *
   * @param peer the peer to connect to
   * @return as for {@link #send(DiscoveredPeer, String)}
   */
  CompletableFuture<Delivery> connect(DiscoveredPeer peer);

  /**
   * Connects to all active peers, including those already connected.
   *
   * @return completes when every attempt has ended, with one outcome for each active peer. It fails
   *     with {@link OutboundQueueFullException} if the node's own listener is too far behind. It
   *     fails with {@link NodeClosedException} if the node is closed
   */
  CompletableFuture<List<SendOutcome>> connectAll();

  /**
   * Sends a message to all connected peers. With a store ({@link PeerNodeBuilder#store}), it does
   * not wait for those whose connection is lost: their outcome is {@link Delivery#KEPT}.
   *
   * @param text as for {@link #send(PeerAddress, String) send}
   * @return completes when every attempt has ended, with one outcome for each connected peer. It
   *     fails with {@link MessageTooLargeException} if the line is too long. It fails with {@link
   *     OutboundQueueFullException} if the node's own listener is too far behind. It fails with
   *     {@link NodeClosedException} if the node is closed
   */
  CompletableFuture<List<SendOutcome>> broadcast(String text);

  /**
   * Sends a message to all connected peers, and passes on each outcome as it comes. With {@link
   * SendOptions#expireAfter}, no peer delays the result beyond that time.
   *
   * @param text as for {@link #send(PeerAddress, String)}
   * @param options for the message to each peer
   * @param onOutcome gets each outcome, one at a time, on one of the node's threads. It must not
   *     block. If it throws, the exception is logged, and the other outcomes follow
   * @return as for {@link #broadcast(String)}; completes after the last call of {@code onOutcome}.
   *     Cancelling it withdraws the messages that were not written. Their outcomes are a {@link
   *     MessageWithdrawnException}
   */
  CompletableFuture<List<SendOutcome>> broadcast(
      String text, SendOptions options, Consumer<? super SendOutcome> onOutcome);

  /**
   * Says {@code exit} to a peer and removes it from the active and connected peers, even if it
   * cannot be reached.
   *
   * <p>If it fails with {@link OutboundQueueFullException}, the peer has left these lists too, but
   * it was not told: an open session stays, and the messages queued before are still sent. Call it
   * again when there is room, see {@link #whenWritable(PeerAddress) whenWritable}. A host name must
   * have been looked up before for this.
   *
   * @param peer the peer to leave
   * @return completes when {@code exit} was acknowledged or written; the class comment lists the
   *     failures
   */
  CompletableFuture<Delivery> disconnect(PeerAddress peer);

  /**
   * Says {@code exit} to a peer, as {@link #disconnect(PeerAddress)}, wherever it is. It goes to
   * each node of the peer's key and team that has a session.
   *
   * @param peer the peer to leave
   * @return completes when all of them have {@code exit}; otherwise as for {@link
   *     #disconnect(PeerAddress)}. Cancelling it withdraws each {@code exit} that was not written
   */
  CompletableFuture<Delivery> disconnect(Peer peer);

  /**
   * Returns the active peers: those with whom a message was exchanged, including the connected
   * ones.
   *
   * @return an immutable snapshot, the longest-silent peer first
   */
  List<Peer> activePeers();

  /**
   * Returns the peers that are explicitly connected.
   *
   * @return an immutable snapshot, the longest-silent peer first
   */
  List<Peer> connectedPeers();

  /**
   * Returns the peers that the sources of {@link PeerNodeBuilder#discovery} have found. Nothing is
   * proven of them. They are not active before a message, even if they also are in the other lists.
   *
   * @return an immutable snapshot of at most 4,096 peers, the first found first; empty without
   *     sources
   */
  List<DiscoveredPeer> discoveredPeers();

  /**
   * Returns the counters and the current load of the node.
   *
   * @return an immutable snapshot
   */
  NodeMetrics metrics();

  /**
   * Closes the node within {@link NodeSettings#closeTimeout}. It says {@code exit} to the connected
   * peers and in all sessions, and sends the messages already queued. Messages that could not be
   * sent by then fail with {@link NodeClosedException} or {@link DeliveryUnknownException}.
   *
   * <p>Every call returns when the node is closed: the port is free, and the node's threads have
   * ended, unless a listener still blocks one. On the listener's thread, or on a completion thread,
   * this method starts the closing and returns at once.
   */
  @Override
  void close();
}
