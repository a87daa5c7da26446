package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.SendOutcome;
import io.p2pchat.cli.chat.ChatFormat.Mark;
import io.p2pchat.cli.chat.SentMessage.Outcome;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.PeerLists;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Performs the commands of the chat, and shows their results. Never waits for a peer. */
final class ChatActions {
  private final PeerNode node;
  private final ChatOutput output;
  private final ChatFormat format;
  private final TrustNotices notices;
  private final PeerTable table;
  private final PeerNumbers numbers;
  private @Nullable PeerAddress last;

  ChatActions(
      PeerNode node,
      ChatOutput output,
      ChatFormat format,
      TrustNotices notices,
      PeerNumbers numbers) {
    this.node = node;
    this.output = output;
    this.format = format;
    this.notices = notices;
    this.numbers = numbers;
    this.table = new PeerTable(format, numbers);
  }

  /** Returns the last peer that the user sent to or connected to. */
  Optional<PeerAddress> last() {
    return Optional.ofNullable(last);
  }

  /** Returns the name of a peer for a prompt. */
  String name(PeerAddress address) {
    return known(address).map(format::team).orElseGet(() -> left(address));
  }

  /** Sends a text. A reserved one is a command. */
  void send(PeerAddress to, String text) {
    show(to, text, node.send(to, text));
  }

  /** Sends a text that is never a command. */
  void sendText(PeerAddress to, String text) {
    show(to, text, node.sendText(to, text));
  }

  private void show(PeerAddress to, String text, CompletableFuture<Delivery> sent) {
    last = to;
    if (format.isForPeople()) {
      boolean away = known(to).filter(it -> it.state() == Peer.State.UNREACHABLE).isPresent();
      String pendingReason = away ? "queued: the peer is unreachable" : "not yet delivered";
      show(() -> who(to), text, pendingReason, sent.handle(this::outcome));
    } else {
      show(
          "Message not yet delivered to " + to + "; the result follows.",
          sent.handle(
              (delivery, failure) ->
                  failure == null
                      ? List.of(ResultText.sent("Message", delivery, to))
                      : notices.failure(ResultText.failed(failure), failure)));
    }
  }

  private void show(
      Supplier<String> to, String text, String pendingReason, CompletableFuture<Outcome> outcome) {
    output.add(new SentMessage(format, output, to, text, pendingReason, outcome));
  }

  private Outcome outcome(@Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure != null) {
      return new Outcome(Mark.FAILED, notices.failure(ResultText.failed(failure), failure));
    }
    return new Outcome(
        delivery == Delivery.ACKNOWLEDGED ? Mark.DELIVERED : Mark.WRITTEN, List.of());
  }

  /**
   * Sends to all connected peers.
   *
   * @throws WrongAnswerException if no peer is connected
   */
  void broadcast(String text) throws WrongAnswerException {
    int peers = node.connectedPeers().size();
    if (peers == 0) {
      throw new WrongAnswerException(
          "no peer is connected; connect with /connect PEER or /connect all");
    }
    show(
        () -> peers == 1 ? "the connected peer" : "all " + peers + " connected peers",
        text,
        "not yet delivered",
        node.broadcast(text).handle(this::outcomeOfAll));
  }

  private Outcome outcomeOfAll(@Nullable List<SendOutcome> outcomes, @Nullable Throwable failure) {
    if (outcomes == null) {
      return outcome(null, failure);
    }
    List<String> failed = new ArrayList<>();
    boolean acknowledged = true;
    for (SendOutcome each : outcomes) {
      acknowledged &=
          each instanceof SendOutcome.Delivered sent && sent.delivery() == Delivery.ACKNOWLEDGED;
      if (each instanceof SendOutcome.Failed end) {
        Throwable why = end.failure();
        failed.addAll(notices.failure(each.peer().address() + ": " + ResultText.failed(why), why));
      }
    }
    Mark mark = !failed.isEmpty() ? Mark.FAILED : acknowledged ? Mark.DELIVERED : Mark.WRITTEN;
    return new Outcome(mark, failed);
  }

  void connect(PeerAddress peer) {
    last = peer;
    show(
        format.isForPeople()
            ? "Connecting to " + peer + " …"
            : "Not yet connected to " + peer + "; the result follows.",
        node.connect(peer)
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of(ResultText.connected(format.isForPeople() ? who(peer) : peer))
                        : safe(notices.failure(ResultText.notConnected(peer, failure), failure))));
  }

  void connectAll() {
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

  private List<String> connected(List<SendOutcome> outcomes) {
    List<String> lines = new ArrayList<>();
    for (SendOutcome each : outcomes) {
      if (each instanceof SendOutcome.Failed end) {
        Throwable why = end.failure();
        lines.addAll(safe(notices.failure(ResultText.notConnected(named(each.peer()), why), why)));
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

  void disconnect(PeerAddress peer) {
    show(
        "Sending exit to " + peer + " …",
        node.disconnect(peer)
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of("Sent exit to " + peer + ".")
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
      lines.add(label + address);
      label = " ".repeat(label.length());
    }
    lines.add(
        "Fingerprint  "
            + node.fingerprint().map(Object::toString).orElse("none: this chat does not encrypt"));
    output.add(lines);
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

  private String who(PeerAddress address) {
    return known(address)
        .map(format::who)
        .or(() -> numbers.team(address).map(team -> ChatFormat.safe(team) + " (" + address + ")"))
        .orElse(address.toString());
  }

  private String left(PeerAddress address) {
    return numbers.team(address).map(ChatFormat::safe).orElse(address.toString());
  }

  private Optional<Peer> known(PeerAddress address) {
    return node.activePeers().stream().filter(it -> it.address().equals(address)).findFirst();
  }

  private static List<String> safe(List<String> lines) {
    return lines.stream().map(ChatFormat::safe).toList();
  }
}
