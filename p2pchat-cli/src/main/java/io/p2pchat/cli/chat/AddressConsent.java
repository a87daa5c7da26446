package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.output.ResultText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends to addresses where somebody else may answer than the known peer. Such a message is not
 * sent. If the user, who was told who answers, sends the same again, that is consent to write to
 * the holder of that key, and of no other.
 *
 * <p>This class is thread-safe. Nothing waits for the file of known peers.
 */
final class AddressConsent {
  private static final int MAX_TOLD = 64;
  private static final int MAX_SHOWN = 64;

  private final Supplier<TrustStore> store;
  private final Map<Attempt, Refusal> told = new LinkedHashMap<>();
  private final Set<Refusal> shown = new LinkedHashSet<>();
  private final Map<PeerAddress, CompletableFuture<Void>> pending = new LinkedHashMap<>();

  private record Attempt(PeerAddress to, String text) {}

  AddressConsent(Supplier<TrustStore> store) {
    this.store = store;
  }

  /** Returns the refusal, if a failure says that another peer is at the address. */
  static Optional<Refusal> refusal(Throwable failure) {
    return ResultText.cause(failure) instanceof TrustException refused
            && refused.refusal().reason() == Reason.ADDRESS_CHANGED_HANDS
        ? Optional.of(refused.refusal())
        : Optional.empty();
  }

  /** Remembers that the user was told that this was not sent. */
  synchronized void told(PeerAddress to, String text, Refusal refusal) {
    if (refusal.presented().isPresent()) {
      told.put(new Attempt(to, text), refusal);
      if (told.size() > MAX_TOLD) {
        told.remove(told.keySet().iterator().next());
      }
    }
  }

  /**
   * Remembers a key that the user was shown, and may accept. If there are too many, drops the
   * oldest of the host that has shown the most.
   */
  synchronized void shown(Refusal refusal) {
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
  static boolean isAcceptable(Refusal refusal) {
    return switch (refusal.reason()) {
      case KEY, FULL, ADDRESS_CHANGED_HANDS -> refusal.presented().isPresent() && !refusal.byPeer();
      case STORAGE, UNKNOWN -> false;
    };
  }

  /** Returns the keys that were shown by peers that match, one of each peer. */
  synchronized List<Refusal> shown(Predicate<Peer> matches) {
    Map<Object, Refusal> found = new LinkedHashMap<>();
    shown.stream()
        .filter(refusal -> matches.test(asPeer(refusal)))
        .forEach(refusal -> found.put(List.of(refusal.peer(), refusal.presented()), refusal));
    return List.copyOf(found.values());
  }

  /** Returns the peer that has shown a key, as it has named itself. */
  static Peer asPeer(Refusal refusal) {
    Peer.Builder peer = Peer.builder(refusal.peer()).fingerprint(refusal.presented().orElseThrow());
    team(refusal).ifPresent(peer::teamName);
    return peer.build();
  }

  /** The user accepts a key that was shown. No other one is accepted. */
  CompletableFuture<Void> acceptShown(Refusal refusal) {
    return accept(refusal).thenRun(() -> forget(refusal));
  }

  private synchronized void forget(Refusal accepted) {
    shown.removeIf(each -> isSame(Optional.of(each), accepted));
  }

  /**
   * Sends a text to whoever is at an address, after what waits for a consent there.
   *
   * @param typed whether the user has typed the text now. A pasted line is no consent
   */
  synchronized CompletableFuture<Delivery> send(
      PeerAddress to, String text, boolean typed, Supplier<CompletableFuture<Delivery>> send) {
    Refusal consent = typed ? told.remove(new Attempt(to, text)) : null;
    CompletableFuture<Void> before = pending.get(to);
    if (consent == null && before == null) {
      return send.get();
    }
    CompletableFuture<Delivery> sent = new CompletableFuture<>();
    CompletableFuture<Void> sending =
        (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
            .thenCompose(
                ended -> consent == null ? started(send, sent) : consented(consent, send, sent));
    pending.put(to, sending);
    sending.whenComplete((ended, failure) -> remove(to, sending));
    return sent;
  }

  private synchronized void remove(PeerAddress to, CompletableFuture<Void> sending) {
    pending.remove(to, sending);
  }

  private static CompletableFuture<Void> started(
      Supplier<CompletableFuture<Delivery>> send, CompletableFuture<Delivery> sent) {
    end(sent, send.get());
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Sends, and accepts the key only if it answers again. The known peer may be back, or a third one
   * may be there.
   */
  private CompletableFuture<Void> consented(
      Refusal consent,
      Supplier<CompletableFuture<Delivery>> send,
      CompletableFuture<Delivery> sent) {
    CompletableFuture<Delivery> again =
        send.get()
            .handle(
                (delivery, failure) ->
                    failure != null && isSame(refusal(failure), consent)
                        ? accept(consent).thenCompose(accepted -> send.get())
                        : done(delivery, failure))
            .thenCompose(Function.identity());
    end(sent, again);
    return again.handle((delivery, failure) -> null);
  }

  private static boolean isSame(Optional<Refusal> refusal, Refusal consent) {
    return refusal
        .filter(again -> again.peer().equals(consent.peer()))
        .filter(again -> again.presented().equals(consent.presented()))
        .isPresent();
  }

  private static CompletableFuture<Delivery> done(
      @Nullable Delivery delivery, @Nullable Throwable failure) {
    return failure == null
        ? CompletableFuture.completedFuture(delivery)
        : CompletableFuture.failedFuture(failure);
  }

  private static void end(CompletableFuture<Delivery> sent, CompletableFuture<Delivery> by) {
    by.whenComplete(
        (delivery, failure) -> {
          if (failure == null) {
            sent.complete(delivery);
          } else {
            sent.completeExceptionally(failure);
          }
        });
  }

  /** Accepts the key on another thread, because that waits for files. */
  private CompletableFuture<Void> accept(Refusal consent) {
    return CompletableFuture.runAsync(
        () -> accept(consent.peer(), consent.presented().orElseThrow(), consent));
  }

  private void accept(PeerAddress address, Fingerprint key, Refusal consent) {
    TrustStore known = store.get();
    // The name that the user was told. The key may have others, or be for this run only.
    team(consent)
        .ifPresentOrElse(
            team -> known.accept(team, address, key), () -> known.accept(address, key));
  }

  private static Optional<String> team(Refusal refusal) {
    return refusal.reason() == Reason.ADDRESS_CHANGED_HANDS
        ? refusal.presentedTeamName()
        : refusal.presentedTeamName().or(refusal::teamName);
  }
}
