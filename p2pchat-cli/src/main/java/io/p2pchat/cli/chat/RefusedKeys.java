package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys for which peers were refused. Says so to people, and remembers the keys that they were
 * shown and may accept.
 *
 * <p>This class is thread-safe.
 */
final class RefusedKeys {
  private static final int MAX_SHOWN = 64;

  private final AddressConsent consent;
  private final ChatFormat format;
  private final Set<Refusal> shown = new LinkedHashSet<>();

  RefusedKeys(AddressConsent consent, ChatFormat format) {
    this.consent = consent;
    this.format = format;
  }

  /**
   * Remembers a key that the user is shown, and may accept. If there are too many, drops the oldest
   * of the host that has shown the most.
   */
  private synchronized void remember(Refusal refusal) {
    if (!isAcceptable(refusal)) {
      return;
    }
    shown.remove(refusal);
    shown.add(refusal);
    if (shown.size() > MAX_SHOWN) {
      Map<String, Long> hosts =
          shown.stream()
              .collect(Collectors.groupingBy(each -> each.peer().host(), Collectors.counting()));
      String most = Collections.max(hosts.entrySet(), Map.Entry.comparingByValue()).getKey();
      shown.stream()
          .filter(each -> each.peer().host().equals(most))
          .findFirst()
          .ifPresent(shown::remove);
    }
  }

  /** Returns whether a peer was refused for a key that the user may accept. */
  private boolean isAcceptable(Refusal refusal) {
    boolean isShown = refusal.presented().isPresent() && !refusal.byPeer();
    return switch (refusal.reason()) {
      case KEY, FULL -> isShown;
      case ADDRESS_CHANGED_HANDS -> isShown && !isAccepted(refusal);
      case STORAGE, UNKNOWN -> false;
    };
  }

  /** What was kept for another key fails after the user has accepted this one. */
  private boolean isAccepted(Refusal refusal) {
    return format.knownAt(refusal.peer()).flatMap(Peer::fingerprint).equals(refusal.presented());
  }

  /** Returns the keys that were shown by peers that match, one of each peer. */
  synchronized List<Refusal> find(Predicate<Peer> matches) {
    Map<Object, Refusal> found = new LinkedHashMap<>();
    shown.stream()
        .filter(refusal -> matches.test(asPeer(refusal)))
        .forEach(refusal -> found.put(List.of(refusal.peer(), refusal.presented()), refusal));
    return List.copyOf(found.values());
  }

  /** Returns the peer that has shown a key, as it has named itself. */
  static Peer asPeer(Refusal refusal) {
    Peer.Builder peer = Peer.builder(refusal.peer()).fingerprint(refusal.presented().orElseThrow());
    AddressConsent.team(refusal).ifPresent(peer::teamName);
    return peer.build();
  }

  /** The user accepts a key that was shown, and no other one. Returns what to say of it. */
  CompletableFuture<String> accept(Refusal refusal) {
    return consent
        .accept(refusal)
        .thenApply(
            done -> {
              forget(refusal);
              return accepted(refusal);
            });
  }

  private synchronized void forget(Refusal accepted) {
    shown.removeIf(each -> AddressConsent.isSame(Optional.of(each), accepted));
  }

  /** Says that the user has accepted a key, which has the name of the peer from now on. */
  String accepted(Refusal refusal) {
    format.names().accepted(refusal);
    Peer peer = asPeer(refusal);
    String who =
        peer.named() ? PeerNames.inSentence(NameText.shortened(peer.teamName())) + " at " : "";
    return ChatFormat.safe(who + peer.address())
        + refusal.presented().map(key -> " is now known by the key " + KeyText.of(key)).orElse("")
        + ".";
  }

  /** Returns the lines of an event about keys, for people. */
  List<String> notices(PeerEvent event, TrustNotices notices) {
    if (event instanceof PeerRefused refused) {
      remember(refused.reason().refusal());
    }
    return notices.of(event, this::refused);
  }

  /** Returns the lines of a failure, for people. */
  List<String> failure(String line, Throwable failure, TrustNotices notices) {
    if (ResultText.cause(failure) instanceof TrustException refused) {
      remember(refused.refusal());
    }
    return notices.failure(line, failure, this::refused);
  }

  /**
   * Says that a peer was refused, and how to compare and to accept its key. This is a {@link
   * TrustNotices.Wording}.
   */
  private List<String> refused(String line, TrustException reason, boolean isDue) {
    Refusal refusal = reason.refusal();
    Optional<String> key = shownKey(refusal);
    String why = ResultText.reason(reason);
    boolean isWhy = key.isPresent() && line.endsWith(why);
    String said = isWhy ? line.substring(0, line.length() - why.length()) + key.get() : line;
    return Stream.concat(
            Stream.of(NameText.shortenedIn(KeyText.shortened(said))),
            Stream.of("Compare: /key %1$s. Accept: /trust %1$s.".formatted(typed(refusal)))
                .filter(advice -> isAcceptable(refusal)))
        .toList();
  }

  /** Says of a refusal which key was shown, if one was. */
  private Optional<String> shownKey(Refusal refusal) {
    if (refusal.reason() != TrustException.Reason.KEY || refusal.presented().isEmpty()) {
      return Optional.empty();
    }
    if (refusal.byPeer()) {
      return Optional.of(
          refusal.peer()
              + " does not trust your key: it has another key for you, or accepts only known keys."
              + " Ask its user to accept yours.");
    }
    String name = format.nameOf(refusal.teamName(), refusal.known()).orElse("Somebody");
    String who = name + " at " + refusal.peer();
    return Optional.of(
        refusal.known().isPresent()
            ? who
                + (" presents a different key. Either " + name + " has reinstalled p2pchat,")
                + " or this is somebody else."
            : who + " shows a new key, and you accept only known keys.");
  }

  /** Returns what to type for the peer of a refusal. The marks of keys are for accepted ones. */
  private String typed(Refusal refusal) {
    Peer.Builder peer = Peer.builder(refusal.peer());
    refusal.presentedTeamName().or(refusal::teamName).ifPresent(peer::teamName);
    return format.names().typed(peer.build());
  }

  /** Shows the whole key of a refused peer, and the one that was known before. */
  List<String> whole(Refusal refusal) {
    boolean isOther = refusal.reason() == TrustException.Reason.ADDRESS_CHANGED_HANDS;
    Optional<String> known = format.nameOf(refusal.teamName(), refusal.known());
    String who = (isOther ? format.presented(refusal) : known).orElse("Somebody");
    List<String> lines = new ArrayList<>();
    lines.add(ChatFormat.safe(who + " at " + refusal.peer() + " shows this key now:"));
    refusal.presented().ifPresent(key -> lines.add("  " + key));
    refusal
        .known()
        .ifPresent(
            key -> {
              lines.add(
                  ChatFormat.safe(
                      "The key known for " + known.orElse("the peer") + " is this one:"));
              lines.add("  " + key);
            });
    return lines;
  }
}
