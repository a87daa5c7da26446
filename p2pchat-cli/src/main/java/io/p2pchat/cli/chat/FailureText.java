package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says why something was not sent, and what the user can do about it. Not escaped. */
final class FailureText {
  private static final int MAX_NAMED = 8;

  /** What has failed. The line of a message says itself that it was not sent. */
  enum Attempt {
    MESSAGE("", " Send it again", " to write to "),
    CONNECT(" Not connected.", " Connect again", " to connect to ");

    private final String result;
    private final String again;
    private final String toReach;

    Attempt(String result, String again, String toReach) {
      this.result = result;
      this.again = again;
      this.toReach = toReach;
    }
  }

  private final PeerNode node;
  private final ChatFormat format;
  private final RecipientNames names;
  private final TrustNotices notices;
  private final RefusedKeys refused;

  FailureText(
      PeerNode node,
      ChatFormat format,
      RecipientNames names,
      TrustNotices notices,
      RefusedKeys refused) {
    this.node = node;
    this.format = format;
    this.names = names;
    this.notices = notices;
    this.refused = refused;
  }

  /** Returns whether the peer, and not only the lookup of its name, did not answer in time. */
  static boolean isSilent(Throwable failure) {
    return ResultText.cause(failure) instanceof PeerUnreachableException unreachable
        && unreachable.reason() == PeerUnreachableException.Reason.TIMED_OUT
        && unreachable.peer().flatMap(PeerAddress::ip).isPresent();
  }

  /** Says that a peer did not answer. Where it is known, a program without TLS may be there now. */
  String silent(Recipient to, Throwable failure) {
    boolean isConnected = ResultText.cause(failure).getCause() == null;
    return format.whoIsSilent(to.address(), names.peer(to))
        + " did not answer."
        + (isConnected && to.peer().isEmpty() && format.knownAt(to.address()).isPresent()
            ? " Nothing is sent there unencrypted."
            : "");
  }

  /** Returns the lines of a failure, with how to consent to the peer that answers. */
  List<String> changedHands(
      Recipient to, Refusal refusal, @Nullable Throwable failure, Attempt failed) {
    if (isReplaced(refusal)) {
      String who = format.nameOf(refusal.teamName(), Optional.empty()).orElseThrow();
      return List.of(who + " has a new key now." + failed.result + failed.again + ".");
    }
    boolean isActive =
        node.activePeers().stream()
            .anyMatch(peer -> peer.fingerprint().equals(refusal.presented()));
    String line = format.changedHands(refusal, isActive) + failed.result;
    if (to.peer().isEmpty() && refusal.presented().isPresent()) {
      String whom = format.presented(refusal).orElse("that key");
      return List.of(line + failed.again + failed.toReach + whom + ".");
    }
    return failure == null ? List.of(line) : of(line, failure);
  }

  /** Returns whether the user has accepted the key that answers, as the one of the same name. */
  private boolean isReplaced(Refusal refusal) {
    return format.names().known().stream()
        .anyMatch(
            peer ->
                peer.address().equals(refusal.peer())
                    && peer.fingerprint().equals(refusal.presented())
                    && refusal.teamName().equals(Optional.of(peer.teamName())));
  }

  /** Returns the line of a failure. On a terminal, a refusal is in other words than for scripts. */
  List<String> of(String line, Throwable failure) {
    return format.isForPeople()
        ? refused.failure(line, failure, notices)
        : notices.failure(line, failure);
  }

  /** Returns the lines of a peer that could not be connected. */
  List<String> notConnected(Peer peer, Throwable why) {
    if (format.isForPeople() && isSilent(why)) {
      return List.of("Not connected: " + silent(Recipient.of(peer), why));
    }
    Object who = format.isForPeople() ? peer.address() : EventText.who(peer);
    return of(ResultText.notConnected(who, why), why);
  }

  /** Returns the result of connecting to several peers, with those that failed. */
  String reconnected(List<Recipient> peers, Map<Recipient, Throwable> why) {
    List<Recipient> silent = new ArrayList<>();
    List<Recipient> others = new ArrayList<>();
    for (Recipient peer : peers) {
      Throwable failure = why.get(peer);
      if (failure != null) {
        (isSilent(failure) ? silent : others).add(peer);
      }
    }
    int all = peers.size();
    int connected = all - silent.size() - others.size();
    return ResultText.connected((connected == all ? "" : connected + " of ") + all + " peers")
        + (silent.isEmpty() ? "" : " " + list(silent) + " did not answer.")
        + (others.isEmpty() ? "" : " Not reached: " + list(others) + ".");
  }

  private String list(List<Recipient> peers) {
    return NamesText.of(peers.stream().map(names::name).toList(), MAX_NAMED);
  }
}
