package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.SendOptions;
import io.p2pchat.SendOutcome;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.chat.SentMessage.Outcome;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.PeerLists;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Performs the commands of the chat, and shows their results. Never waits for a peer. */
final class ChatActions {
  /** Stands for the command in {@link AddressConsent}. No message has this text. */
  private static final String CONNECT = "\n/connect";

  private static final int MAX_CONNECTED = 64;
  private static final int MAX_NAMED = 8;
  private static final String NO_ANSWER = "it did not answer";
  private static final String NO_KEY = "none: this chat does not encrypt";

  private final PeerNode node;
  private final ChatOutput output;
  private final ChatFormat format;
  private final TrustNotices notices;
  private final PeerTable table;
  private final PeerNumbers numbers;
  private final AddressConsent consent;
  private final Examination examination;
  private final ChatHistory history;
  private CompletableFuture<List<String>> examined = CompletableFuture.completedFuture(List.of());
  private @Nullable Recipient last;

  ChatActions(
      PeerNode node,
      ChatOutput output,
      TrustNotices notices,
      PeerNumbers numbers,
      AddressConsent consent,
      Examination examination,
      ChatHistory history) {
    this.node = node;
    this.output = output;
    this.format = history.format();
    this.notices = notices;
    this.numbers = numbers;
    this.consent = consent;
    this.examination = examination;
    this.history = history;
    this.table = new PeerTable(format, numbers, history.unread());
  }

  /** Returns what shows stored messages. */
  ChatHistory history() {
    return history;
  }

  /** Returns the last peer that the user sent to or connected to. */
  Optional<Recipient> last() {
    return Optional.ofNullable(last);
  }

  /** Returns the name of a recipient for a prompt. An address comes before who is there. */
  String name(Recipient to) {
    Optional<Peer> peer = to.current(node);
    return to.peer().isPresent()
        ? peer.map(this::name).orElseThrow()
        : to.address() + peer.map(there -> " (" + format.team(there) + ")").orElse("");
  }

  /** Returns what a user can type for a recipient. */
  String typed(Recipient to) {
    return to.peer().map(format::name).orElseGet(() -> to.address().toString());
  }

  private String name(Peer peer) {
    boolean isShared =
        numbers.peers().stream()
            .anyMatch(
                other ->
                    !other.equals(peer) && PeerNames.isSame(other.teamName(), peer.teamName()));
    return isShared ? format.distinct(peer) : format.team(peer);
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
          new SentMessage(format, output, () -> who(to), text, () -> whyPending(to), outcome));
    } else {
      show(
          "Message not yet delivered to " + to.address() + "; the result follows.",
          sent.handle(
              (delivery, failure) ->
                  failure == null
                      ? List.of(ResultText.sent("Message", delivery, to.address()))
                      : failure(ResultText.failed(failure), failure)));
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
                    changedHands(to, refusal, failure, "Not sent.", "Send it again to write to "),
                    () -> consent.told(to.address(), text, refusal)))
        .or(() -> silent(to, failure))
        .orElseGet(() -> outcome(delivery, failure));
  }

  /** Returns the outcome of a message to a peer that did not answer, which it names. */
  private Optional<Outcome> silent(Recipient to, @Nullable Throwable failure) {
    return failure != null
            && ResultText.cause(failure) instanceof PeerUnreachableException unreachable
            && String.valueOf(unreachable.getMessage()).endsWith(": " + NO_ANSWER)
        ? Optional.of(
            new Outcome(
                Mark.FAILED, List.of("Message not sent: " + format.silent(to.address(), peer(to)))))
        : Optional.empty();
  }

  /** Returns the lines of a failure, with how to consent to the peer that answers. */
  private List<String> changedHands(
      Recipient to, Refusal refusal, @Nullable Throwable failure, String result, String again) {
    boolean isActive =
        node.activePeers().stream()
            .anyMatch(peer -> peer.fingerprint().equals(refusal.presented()));
    if (to.peer().isEmpty() && refusal.presented().isPresent()) {
      String whom = format.presented(refusal).orElse("that key");
      return List.of(format.changedHands(refusal, isActive, result + " " + again + whom + "."));
    }
    String line = format.changedHands(refusal, isActive, result);
    return failure == null ? List.of(line) : failure(line, failure);
  }

  /** Returns the line of a failure. On a terminal, a refusal is in other words than for scripts. */
  private List<String> failure(String line, Throwable failure) {
    if (!format.isForPeople()) {
      return notices.failure(line, failure);
    }
    if (ResultText.cause(failure) instanceof TrustException refused) {
      consent.shown(refused.refusal());
    }
    return notices.failure(line, failure, format::refused);
  }

  private Outcome outcome(@Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      return new Outcome(Mark.FAILED, failure(ResultText.failed(failure), failure));
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
        new SentToAll(format, output, this::failure, text, peers, this::name, this::unreachable);
    node.broadcast(text, SendOptions.defaults(), sent::take)
        .whenComplete((outcomes, failure) -> sent.end(failure));
    output.add(sent);
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

  private Set<Peer> unreachable() {
    return node.connectedPeers().stream()
        .filter(peer -> peer.state() == Peer.State.UNREACHABLE)
        .collect(Collectors.toSet());
  }

  /**
   * Connects to a peer.
   *
   * @param typed whether the user has typed the command now
   */
  void connect(Recipient peer, boolean typed) {
    last = peer;
    PeerAddress address = peer.address();
    show(
        format.isForPeople()
            ? "Connecting to " + goal(peer) + " …"
            : "Not yet connected to " + address + "; the result follows.",
        send(peer, CONNECT, typed, () -> peer.connect(node))
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of(ResultText.connected(format.isForPeople() ? who(peer) : address))
                        : notConnected(peer, failure)));
  }

  private List<String> notConnected(Recipient peer, Throwable failure) {
    Optional<Refusal> changed =
        AddressConsent.refusal(failure).filter(refusal -> format.isForPeople());
    changed.ifPresent(refusal -> consent.told(peer.address(), CONNECT, refusal));
    return safe(
        changed
            .map(
                refusal ->
                    changedHands(
                        peer, refusal, failure, "Not connected.", "Connect again to connect to "))
            .orElseGet(() -> failure(ResultText.notConnected(peer.address(), failure), failure)));
  }

  /** Connects to peers of the last chat. Shows one result for all. */
  void reconnect(List<Recipient> peers) {
    if (peers.size() == 1) {
      connect(peers.get(0), false);
      return;
    }
    List<Recipient> failed = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<?>[] all =
        peers.stream()
            .map(
                peer ->
                    send(peer, CONNECT, false, () -> peer.connect(node))
                        .exceptionally(
                            failure -> {
                              failed.add(peer);
                              return Delivery.WRITTEN;
                            }))
            .toArray(CompletableFuture<?>[]::new);
    show(
        "Connecting to " + peers.size() + " peers …",
        CompletableFuture.allOf(all)
            .thenApply(ended -> List.of(reconnected(peers.size(), List.copyOf(failed)))));
  }

  private String reconnected(int all, List<Recipient> failed) {
    if (failed.isEmpty()) {
      return ResultText.connected(all + " peers");
    }
    String names = NameList.of(failed.stream().map(this::name).toList(), MAX_NAMED);
    return ResultText.connected((all - failed.size()) + " of " + all + " peers")
        + (" Not reached: " + names + ".");
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
        Throwable why = end.failure();
        lines.addAll(safe(failure(ResultText.notConnected(named(each.peer()), why), why)));
      } else {
        lines.add(
            ResultText.connected(
                format.isForPeople() ? format.who(each.peer()) : named(each.peer())));
      }
    }
    return lines.isEmpty() ? List.of("There are no active peers to connect to.") : lines;
  }

  private String named(Peer peer) {
    return format.isForPeople() ? peer.address().toString() : EventText.who(peer);
  }

  void disconnect(Recipient peer) {
    show(
        "Sending exit to " + goal(peer) + " …",
        peer.disconnect(node)
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of("Sent exit to " + goal(peer) + ".")
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
    lines.add("Fingerprint  " + node.fingerprint().map(KeyText::of).orElse(NO_KEY));
    output.add(lines);
  }

  /** Marks an address that only some can dial. The node names the others first. */
  private static String reach(PeerAddress address) {
    Optional<InetAddress> ip = address.ip();
    return ip.filter(InetAddress::isLoopbackAddress).isPresent()
        ? "  this machine only"
        : ip.filter(InetAddress::isLinkLocalAddress).isPresent() ? "  this network only" : "";
  }

  void showOwnKey() {
    output.add(ownKey());
  }

  private List<String> ownKey() {
    return List.of("Your key:", "  " + node.fingerprint().map(Object::toString).orElse(NO_KEY));
  }

  /** Shows the whole key of a peer and the user's own, so that both users can compare them. */
  void showKey(Recipient of) throws WrongAnswerException {
    Optional<Fingerprint> key = of.current(node).flatMap(Peer::fingerprint);
    if (key.isEmpty()) {
      throw new WrongAnswerException("no key of " + of.address() + " is known");
    }
    List<String> lines = new ArrayList<>(List.of("The key of " + who(of) + ":", "  " + key.get()));
    lines.addAll(ownKey());
    output.add(lines);
  }

  /** Shows the whole keys of refused peers and the user's own. */
  void showKeys(List<Refusal> shown) {
    List<String> lines = new ArrayList<>();
    shown.forEach(each -> lines.addAll(format.keys(each)));
    lines.addAll(ownKey());
    output.add(lines);
  }

  /** Returns the keys that refused peers of this name, number or address have shown. */
  List<Refusal> shown(String typed) {
    Optional<PeerAddress> numbered =
        PeerResolver.isNumber(typed)
            ? numbers.numbered(Integer.parseInt(typed)).map(Recipient::address)
            : Optional.empty();
    return consent.shown(
        peer ->
            PeerNames.isNamed(peer, typed)
                || peer.address().toString().equals(typed)
                || numbered.filter(peer.address()::equals).isPresent());
  }

  /**
   * Accepts the key that a refused peer has shown. If several keys were shown under a name, the
   * user has to name one: somebody may have shown the last one to be accepted in place of another.
   *
   * @throws WrongAnswerException if there is none
   */
  void trust(String typed) throws WrongAnswerException {
    List<Refusal> shown = shown(typed);
    if (shown.isEmpty()) {
      throw new WrongAnswerException("no refused peer called \"" + typed + "\" has shown a key");
    }
    if (shown.stream().map(Refusal::presented).distinct().count() > 1) {
      List<String> lines = new ArrayList<>(List.of("Several keys were shown. Accept one of them:"));
      shown.stream()
          .map(AddressConsent::asPeer)
          .map(peer -> "  /trust " + PeerNames.marked(peer) + "  " + peer.address())
          .limit(MAX_NAMED)
          .forEach(line -> lines.add(ChatFormat.safe(line)));
      output.add(lines);
      return;
    }
    shown.forEach(
        each ->
            show(
                "Accepting the key …",
                consent
                    .acceptShown(each)
                    .handle(
                        (done, failure) ->
                            List.of(
                                failure == null
                                    ? format.accepted(each)
                                    : ChatFormat.safe(
                                        "Not accepted: " + ResultText.reason(failure))))));
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
      throw new WrongAnswerException("the doctor is still at work; wait for its results");
    }
    examined =
        CompletableFuture.supplyAsync(
            () -> safe(examination.findings(peer, key)), ChatActions::startDaemon);
    show("Looking for problems. This takes some seconds …", examined);
  }

  private static void startDaemon(Runnable task) {
    Thread thread = new Thread(task, "p2pchat-examination");
    thread.setDaemon(true);
    thread.start();
  }

  void help(String menu) {
    List<String> lines = new ArrayList<>();
    lines.add(menu);
    for (ChatCommands each : ChatCommands.values()) {
      String form = each.usage();
      lines.add("  " + form + " ".repeat(Math.max(1, 22 - form.length())) + each.help());
    }
    lines.add("PEER is a number from /peers, a team name (Tab completes it), or HOST:PORT.");
    lines.add(format.legend());
    output.add(lines);
  }

  private Optional<Peer> peer(Recipient to) {
    return to.current(node).or(() -> numbers.at(to.address()));
  }

  private String who(Recipient to) {
    return peer(to).map(format::who).orElse(to.address().toString());
  }

  /** Returns the peer or the address that the user has named. */
  private String goal(Recipient to) {
    return to.peer().isPresent() ? who(to) : to.address().toString();
  }

  private static List<String> safe(List<String> lines) {
    return lines.stream().map(ChatFormat::safe).toList();
  }
}
