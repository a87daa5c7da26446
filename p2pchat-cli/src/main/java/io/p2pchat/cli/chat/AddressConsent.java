package io.p2pchat.cli.chat;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.ResultText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
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

  private final Supplier<TrustStore> store;
  private final Map<Attempt, Refusal> told = new LinkedHashMap<>();
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

  /** Returns whether a refusal is of the same peer and key. */
  static boolean isSame(Optional<Refusal> refusal, Refusal consent) {
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
  CompletableFuture<Void> accept(Refusal consent) {
    return CompletableFuture.runAsync(
        () -> accept(consent.peer(), consent.presented().orElseThrow(), consent));
  }

  private void accept(PeerAddress address, Fingerprint key, Refusal consent) {
    TrustStore known = store.get();
    // The name that the user was told. The key may have others, or be for this run only.
    Optional<String> team = team(consent);
    if (team.isPresent()) {
      known.accept(team.get(), address, key);
      // The same peer with a new key is at none of its addresses by the old one any more.
      consent
          .known()
          .filter(before -> consent.reason() == Reason.KEY)
          .ifPresent(before -> known.replace(team.get(), before, key));
    } else {
      acceptUnnamed(known, address, key);
    }
  }

  /** The dial may have ended before the peer said its name. Its key is its name until it does. */
  private static void acceptUnnamed(TrustStore known, PeerAddress address, Fingerprint key) {
    try {
      known.accept(address, key);
    } catch (IllegalArgumentException noTeam) {
      known.accept(KeyText.of(key), address, key);
    }
  }

  /** Returns the name under which a key is accepted. */
  static Optional<String> team(Refusal refusal) {
    return refusal.reason() == Reason.ADDRESS_CHANGED_HANDS
        ? refusal.presentedTeamName()
        : refusal.presentedTeamName().or(refusal::teamName);
  }
}
