package io.p2pchat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One participant of the chat: listens on a TCP port, sends to others, and knows its active and its
 * connected peers.
 *
 * <p><b>Thread-safety.</b> All methods may be called from any thread. Nothing blocks but {@link
 * PeerNodeBuilder#start} and {@link #close}. Futures complete on a thread of the node's own that
 * does no input or output: what is chained to them may call the node, and must not block, since the
 * completions after it wait.
 *
 * <p><b>How a send can end.</b> The futures of {@link #send}, {@link #connect} and {@link
 * #disconnect} complete with {@link Delivery#ACKNOWLEDGED} if the peer is a node of this library
 * and its listener has taken the message, with {@link Delivery#WRITTEN} if it is a program of the
 * plain format, or exceptionally with
 *
 * <ul>
 *   <li>{@link PeerUnreachableException}: nothing reached the peer; trying again may help;
 *   <li>{@link DeliveryUnknownException}: the connection to a plain program broke after writing had
 *       begun, or the session with a node ended before it had acknowledged the message;
 *   <li>{@link OutboundQueueFullException}: too much waits for this peer already, {@link
 *       NodeSettings#outboundBytesPerPeer} or {@link NodeSettings#outboundLinesPerPeer}, or the own
 *       listener is too far behind with the events of the node's own doing; {@link #whenWritable}
 *       tells when there is room in the queue;
 *   <li>{@link MessageTooLargeException}: the line is longer than {@link
 *       NodeSettings#maxFrameBytes}, or than the peer takes;
 *   <li>{@link NodeClosedException}: the node was closed first;
 *   <li>{@link IllegalArgumentException}: the address is this node itself.
 * </ul>
 *
 * <p>Each {@link PeerNodeException} tells its {@link PeerNodeException#peer peer}, and {@link
 * PeerUnreachableException#reason} why it was not reached.
 *
 * <p>Messages to one address go out strictly in the order of the calls, and addresses never wait
 * for each other. A host name is looked up for each message, four names at a time. Cancelling a
 * future does not stop its message.
 *
 * <p><b>Sessions.</b> Two nodes of this library hold a session with each other, from the first
 * message on. It outlives its connection: for {@link NodeSettings#sessionTimeout} a lost one is
 * dialed again, and what the peer has not received goes again, so a message arrives once and in
 * order; twice at most where the peer was restarted in between, of which {@link
 * PeerEvent.SessionReset} tells. A first message to an address may take {@link
 * NodeSettings#greetingTimeout} longer, until it is clear who listens there. To a plain program
 * nothing is sent again by itself.
 *
 * <p>This interface is not for others to implement: methods may be added.
 *
 * <p>Specification: docs/PROTOCOL.md, sections 1 to 5.
 */
public interface PeerNode extends AutoCloseable {

  /**
   * Begins a node.
   *
   * @return a new builder
   */
  static PeerNodeBuilder builder() {
    return new PeerNodeBuilder();
  }

  /**
   * The team name this node sends.
   *
   * @return 1 to 64 characters
   */
  String teamName();

  /**
   * What peers know this node by where it encrypts: tell it to people who want to be sure.
   *
   * @return the fingerprint of its key; empty with {@link Security#plaintext}
   */
  Optional<Fingerprint> fingerprint();

  /**
   * The port this node listens on, also where 0 was asked for.
   *
   * @return 1 to 65535
   */
  int port();

  /**
   * The address and port this node is bound to.
   *
   * @return the bound address, a wildcard unless {@link PeerNodeBuilder#bindAddress} named another
   */
  InetSocketAddress localAddress();

  /**
   * The addresses at which others can dial this node, if the network between lets them. May ask the
   * system for the addresses of this machine.
   *
   * @return the bound address; for a wildcard, those of this machine: IPv4 before IPv6, without
   *     link-local addresses; 127.0.0.1, for programs on this machine, last
   */
  List<PeerAddress> addresses();

  /**
   * Sends a message. A reserved text has its effect here as it has at the peer: {@code exit} is
   * {@link #disconnect}, {@code manual connection message} is {@link #connect}.
   *
   * @param peer where to
   * @param text the text, stripped before it is sent; line breaks become {@code \n}; may be empty
   * @return completes when the peer has acknowledged the message, or, at a plain program, when it
   *     was written and the peer has closed the connection or {@link NodeSettings#peerCloseTimeout}
   *     has passed; its failures are listed above
   */
  CompletableFuture<Delivery> send(PeerAddress peer, String text);

  /**
   * Tells when there is room for further messages to a peer: when what waits for it, to be sent or
   * acknowledged, is less than half of {@link NodeSettings#outboundLinesPerPeer} and of {@link
   * NodeSettings#outboundBytesPerPeer}. A sender of much sends until it has sent so many messages
   * or this is not done, waits for it, and goes on; its queue is then never full.
   *
   * @param peer where to
   * @return completes when there is room, at once if there is; exceptionally with {@link
   *     NodeClosedException} if the node is closed
   */
  CompletableFuture<Void> whenWritable(PeerAddress peer);

  /**
   * Connects to one peer by hand: each side enters the other's connected peers.
   *
   * @param peer where to
   * @return completes when the connection message was acknowledged or written; its failures are
   *     listed above
   */
  CompletableFuture<Delivery> connect(PeerAddress peer);

  /**
   * Connects to all active peers, those already connected included.
   *
   * @return completes when every attempt has ended, one outcome for each active peer; exceptionally
   *     with {@link OutboundQueueFullException} if the own listener is too far behind, or if the
   *     node is closed
   */
  CompletableFuture<List<SendOutcome>> connectAll();

  /**
   * Sends a message to all connected peers.
   *
   * @param text as for {@link #send}
   * @return completes when every attempt has ended, one outcome for each connected peer;
   *     exceptionally with {@link MessageTooLargeException}, with {@link
   *     OutboundQueueFullException} if the own listener is too far behind, or if the node is closed
   */
  CompletableFuture<List<SendOutcome>> broadcast(String text);

  /**
   * Says {@code exit} to a peer and removes it from the active and connected peers, whether or not
   * it could be reached.
   *
   * @param peer whom to leave
   * @return completes when {@code exit} was acknowledged or written; its failures are listed above
   */
  CompletableFuture<Delivery> disconnect(PeerAddress peer);

  /**
   * The peers with whom a message was exchanged, the connected ones included.
   *
   * @return an immutable snapshot, the one silent for longest first
   */
  List<Peer> activePeers();

  /**
   * The peers that are explicitly connected.
   *
   * @return an immutable snapshot, the one silent for longest first
   */
  List<Peer> connectedPeers();

  /**
   * What the node has counted, and what it holds.
   *
   * @return an immutable snapshot
   */
  NodeMetrics metrics();

  /**
   * Says {@code exit} to the connected peers and in all sessions, sends what already waits, and
   * ends the node; all this in at most {@link NodeSettings#closeTimeout}. What could not be sent by
   * then fails with {@link NodeClosedException} or {@link DeliveryUnknownException}.
   *
   * <p>Every call returns when the one closing is done: the port is free, and no thread of the node
   * is left but one that a blocked listener holds. On the thread of the node's listener, or of a
   * completion, it starts the closing and returns at once.
   */
  @Override
  void close();
}
