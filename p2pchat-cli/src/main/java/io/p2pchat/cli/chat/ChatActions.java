package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeException;
import io.p2pchat.SendOptions;
import io.p2pchat.SendOutcome;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.chat.FailureText.Attempt;
import io.p2pchat.cli.chat.SentMessage.Outcome;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.PeerLists;
import io.p2pchat.cli.output.ResultText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Performs the commands of the chat, and shows their results. Never waits for a peer. */
final class ChatActions {
  /** Stands for the command in {@link AddressConsent}. No message has this text. */
  private static final String CONNECT = "\n/connect";

  private static final int MAX_CONNECTED = 64;

  private final PeerNode node;
  private final ChatOutput output;
  private final ChatFormat format;
  private final RecipientNames names;
  private final PeerTable table;
  private final AddressConsent consent;
  private final FailureText failures;
  private final Examination examination;
  private final ChatHistory history;
  private CompletableFuture<List<String>> examined = CompletableFuture.completedFuture(List.of());
  private @Nullable Recipient last;

  ChatActions(
      PeerNode node,
      ChatOutput output,
      RecipientNames names,
      AddressConsent consent,
      FailureText failures,
      Examination examination,
      ChatHistory history) {
    this.node = node;
    this.output = output;
    this.format = history.format();
    this.names = names;
    this.consent = consent;
    this.failures = failures;
    this.examination = examination;
    this.history = history;
    this.table =
        new PeerTable(
            format, names.numbers(), history.unread(), history::waiting, history::isIgnored);
  }

  RecipientNames names() {
    return names;
  }

  /** Returns what shows stored messages. */
  ChatHistory history() {
    return history;
  }

  /** Returns the last peer that the user sent to or connected to. */
  Optional<Recipient> last() {
    return Optional.ofNullable(last);
  }

  /**
   * Sends a text. A reserved one is a command.
   *
   * @param typed whether the user has typed the text now
   */
  void send(Recipient to, String text, boolean typed) {
    show(to, text, send(to, text, typed, () -> to.send(node, text)));
  }

  /**
   * Sends a text that is never a command.
   *
   * @param typed whether the user has typed the text now
   */
  void sendText(Recipient to, String text, boolean typed) {
    show(to, text, send(to, text, typed, () -> to.sendText(node, text)));
  }

  private CompletableFuture<Delivery> send(
      Recipient to, String text, boolean typed, Supplier<CompletableFuture<Delivery>> send) {
    return to.peer().isEmpty() && format.isForPeople()
        ? consent.send(to.address(), text, typed, send)
        : send.get();
  }

  private void show(Recipient to, String text, CompletableFuture<Delivery> sent) {
    last = to;
    if (format.isForPeople()) {
      history.unread().read(to, node);
      CompletableFuture<Outcome> outcome =
          sent.handle((delivery, failure) -> outcome(to, text, delivery, failure));
      output.add(
          new SentMessage(
              format, output, () -> names.who(to), text, () -> whyPending(to), outcome));
    } else {
      show(
          "Message not yet delivered to " + to.address() + "; the result follows.",
          sent.handle(
              (delivery, failure) ->
                  failure == null
                      ? List.of(ResultText.sent("Message", delivery, to.address()))
                      : failures.of(ResultText.failed(failure), failure)));
    }
  }

  private String whyPending(Recipient to) {
    Optional<Peer> active = to.current(node).filter(node.activePeers()::contains);
    boolean isAway = active.filter(it -> it.state() == Peer.State.UNREACHABLE).isPresent();
    boolean isSeen = active.isPresent() || to.found().isPresent();
    return (isAway || !isSeen ? history.keptFor(to) : Optional.<String>empty())
        .map(name -> "kept until " + name + " is back")
        .orElse(isAway ? "queued: the peer is unreachable" : "not yet delivered");
  }

  private Outcome outcome(
      Recipient to, String text, @Nullable Delivery delivery, @Nullable Throwable failure) {
    Optional<Refusal> changed = Optional.ofNullable(failure).flatMap(AddressConsent::refusal);
    return changed
        .map(
            refusal ->
                new Outcome(
                    Mark.FAILED,
                    failures.changedHands(to, refusal, failure, Attempt.MESSAGE),
                    () -> consent.told(to.address(), text, refusal)))
        .or(
            () ->
                Optional.ofNullable(failure)
                    .filter(FailureText::isSilent)
                    .map(
                        why ->
                            new Outcome(
                                Mark.FAILED,
                                List.of("Message not sent: " + failures.silent(to, why)))))
        .orElseGet(() -> outcome(delivery, failure));
  }

  private Outcome outcome(@Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      return new Outcome(Mark.FAILED, failures.of(ResultText.failed(failure), failure));
    }
    return new Outcome(mark(delivery), List.of());
  }

  private static Mark mark(@Nullable Delivery delivery) {
    if (delivery == Delivery.KEPT) {
      return Mark.PENDING;
    }
    return delivery == Delivery.ACKNOWLEDGED ? Mark.DELIVERED : Mark.WRITTEN;
  }

  /**
   * Sends to all connected peers.
   *
   * @throws WrongAnswerException if no peer is connected
   */
  void broadcast(String text) throws WrongAnswerException {
    List<Peer> peers = requireConnected();
    SentToAll sent =
        new SentToAll(format, output, failures::of, text, peers, names::name, this::unreachable);
    if (PeerNode.isReserved(text) || peers.stream().noneMatch(history::keepsFor)) {
      node.broadcast(text, SendOptions.defaults(), sent::take)
          .whenComplete((outcomes, failure) -> sent.end(failure));
    } else {
      // A broadcast does not tell when it delivers what it has kept.
      CompletableFuture.allOf(
              peers.stream()
                  .map(each -> send(each, text, sent))
                  .toArray(CompletableFuture<?>[]::new))
          .whenComplete((all, failure) -> sent.end(failure));
    }
    output.add(sent);
  }

  private CompletableFuture<Void> send(Peer to, String text, SentToAll sent) {
    return node.send(to, text)
        .handle(
            (delivery, failure) ->
                failure instanceof PeerNodeException why
                    ? SendOutcome.failed(to, why)
                    : SendOutcome.delivered(to, delivery))
        .thenAccept(sent::take);
  }

  /**
   * Returns the connected peers.
   *
   * @throws WrongAnswerException if no peer is connected
   */
  List<Peer> requireConnected() throws WrongAnswerException {
    List<Peer> peers = node.connectedPeers();
    if (peers.isEmpty()) {
      throw new WrongAnswerException(
          "no peer is connected; connect with /connect PEER or /connect all");
    }
    return peers;
  }

  private Map<Peer, Boolean> unreachable() {
    return unreachable(node.connectedPeers(), history::keepsFor);
  }

  /**
   * Returns the peers that cannot be reached now and for which messages wait all the same, and
   * whether these are kept. Without a session, a message that is not kept fails at once.
   */
  static Map<Peer, Boolean> unreachable(List<Peer> connected, Predicate<Peer> isKept) {
    return connected.stream()
        .filter(peer -> peer.state() == Peer.State.UNREACHABLE)
        .filter(peer -> peer.level() == Peer.Level.SESSION || isKept.test(peer))
        .collect(Collectors.toMap(peer -> peer, isKept::test));
  }

  /**
   * Connects to a peer.
   *
   * @param typed whether the user has typed the command now
   */
  void connect(Recipient peer, boolean typed) {
    connect(peer, send(peer, CONNECT, typed, () -> peer.connect(node)));
  }

  private void connect(Recipient peer, CompletableFuture<Delivery> connected) {
    last = peer;
    PeerAddress address = peer.address();
    show(
        format.isForPeople()
            ? "Connecting to " + names.goal(peer) + " …"
            : "Not yet connected to " + address + "; the result follows.",
        connected.handle(
            (delivery, failure) ->
                failure == null
                    ? List.of(
                        ResultText.connected(format.isForPeople() ? names.who(peer) : address))
                    : notConnected(peer, failure)));
  }

  private List<String> notConnected(Recipient peer, Throwable failure) {
    Optional<Refusal> changed =
        AddressConsent.refusal(failure).filter(refusal -> format.isForPeople());
    changed.ifPresent(refusal -> consent.told(peer.address(), CONNECT, refusal));
    return safe(
        changed
            .map(refusal -> failures.changedHands(peer, refusal, failure, Attempt.CONNECT))
            .orElseGet(
                () ->
                    format.isForPeople() && FailureText.isSilent(failure)
                        ? List.of("Not connected: " + failures.silent(peer, failure))
                        : failures.of(ResultText.notConnected(peer.address(), failure), failure)));
  }

  /**
   * Connects to peers of the last chat. Shows one result for all.
   *
   * @param of is told how each attempt ends
   */
  void reconnect(List<Recipient> peers, LastConnected of) {
    if (peers.size() == 1) {
      connect(peers.get(0), reconnect(peers.get(0), of));
      return;
    }
    Map<Recipient, Throwable> failed = new ConcurrentHashMap<>();
    CompletableFuture<?>[] all =
        peers.stream()
            .map(
                peer ->
                    reconnect(peer, of)
                        .exceptionally(
                            failure -> {
                              failed.put(peer, failure);
                              return Delivery.WRITTEN;
                            }))
            .toArray(CompletableFuture<?>[]::new);
    show(
        "Connecting to " + peers.size() + " peers …",
        CompletableFuture.allOf(all)
            .thenApply(ended -> List.of(failures.reconnected(peers, failed))));
  }

  private CompletableFuture<Delivery> reconnect(Recipient peer, LastConnected of) {
    return send(peer, CONNECT, false, () -> peer.connect(node))
        .whenComplete((delivery, failure) -> of.ended(peer, failure == null));
  }

  /** Connects to all active peers. On a terminal, without active peers, to the discovered ones. */
  void connectAll() {
    if (connectsToDiscovered()) {
      connectDiscovered();
      return;
    }
    int peers = node.activePeers().size();
    show(
        format.isForPeople()
            ? "Connecting to " + (peers == 1 ? "1 active peer" : peers + " active peers") + " …"
            : "Not yet connected to all active peers; the results follow.",
        node.connectAll()
            .handle(
                (outcomes, failure) ->
                    failure == null
                        ? connected(outcomes)
                        : List.of(
                            ChatFormat.safe(
                                ResultText.notConnected("the active peers", failure)))));
  }

  /** Returns whether "all peers" means the discovered ones, because nobody is active. */
  boolean connectsToDiscovered() {
    return format.isForPeople()
        && node.activePeers().isEmpty()
        && !node.discoveredPeers().isEmpty();
  }

  private void connectDiscovered() {
    List<DiscoveredPeer> all = new FoundPeers(node).all();
    all.stream().limit(MAX_CONNECTED).forEach(peer -> connect(Recipient.of(peer), false));
    if (all.size() > MAX_CONNECTED) {
      output.add(
          List.of(
              "Not connecting to "
                  + (all.size() - MAX_CONNECTED)
                  + " more; name them one by one."));
    }
  }

  private List<String> connected(List<SendOutcome> outcomes) {
    List<String> lines = new ArrayList<>();
    for (SendOutcome each : outcomes) {
      if (each instanceof SendOutcome.Failed end) {
        lines.addAll(safe(failures.notConnected(each.peer(), end.failure())));
      } else {
        lines.add(
            ResultText.connected(
                format.isForPeople() ? format.who(each.peer()) : EventText.who(each.peer())));
      }
    }
    return lines.isEmpty() ? List.of("There are no active peers to connect to.") : lines;
  }

  void disconnect(Recipient peer) {
    show(
        "Sending exit to " + names.goal(peer) + " …",
        peer.disconnect(node)
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of("Sent exit to " + names.goal(peer) + ".")
                        : List.of(
                            ChatFormat.safe("Exit not sent: " + ResultText.reason(failure)))));
  }

  /** Shows the result. If it takes longer than a moment, first shows that it is pending. */
  private void show(String meanwhile, CompletableFuture<List<String>> result) {
    output.add(new PendingOutput(output, meanwhile, result));
  }

  void list() {
    output.add(format.isForPeople() ? table.of(node) : PeerLists.of(node));
  }

  void showMe() {
    List<String> lines = new ArrayList<>();
    lines.add("Team         " + format.bold(ChatFormat.safe(node.teamName())));
    String label = "Addresses    ";
    for (PeerAddress address : node.addresses()) {
      lines.add(label + address + format.dim(reach(address)));
      label = " ".repeat(label.length());
    }
    lines.add("Fingerprint  " + node.fingerprint().map(KeyText::of).orElse(KeyCommands.NO_KEY));
    output.add(lines);
  }

  /** Marks an address that only some can dial. The node names the others first. */
  static String reach(PeerAddress address) {
    Optional<InetAddress> ip = address.ip();
    return ip.filter(InetAddress::isLoopbackAddress).isPresent()
        ? "  this machine only"
        : ip.filter(InetAddress::isLinkLocalAddress).isPresent() ? "  this network only" : "";
  }

  /**
   * Finds out why a peer does not answer.
   *
   * @throws WrongAnswerException if the last examination still runs
   */
  void examine(Recipient peer) throws WrongAnswerException {
    examine(Optional.of(peer.address().toString()), peer.peer().flatMap(Peer::fingerprint));
  }

  /**
   * Finds out why nobody appears.
   *
   * @param peer the name of a peer to examine too, or empty
   * @throws WrongAnswerException if the last examination still runs
   */
  void examine(Optional<String> peer) throws WrongAnswerException {
    examine(peer, Optional.empty());
  }

  private void examine(Optional<String> peer, Optional<Fingerprint> key)
      throws WrongAnswerException {
    if (!examined.isDone()) {
      throw new WrongAnswerException("an examination is still running; wait for its results");
    }
    examined =
        CompletableFuture.supplyAsync(
            () -> safe(examination.findings(peer, key)),
            task -> DaemonThread.of("p2pchat-examination", task).start());
    show("Looking for problems. This takes some seconds …", examined);
  }

  private static List<String> safe(List<String> lines) {
    return lines.stream().map(ChatFormat::safe).toList();
  }
}
