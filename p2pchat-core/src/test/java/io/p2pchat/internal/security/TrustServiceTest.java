package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerVerifier;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.testing.Fingerprints;
import io.p2pchat.testing.netty.ManualLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong with the known peers, who waits for a decision gets one. */
class TrustServiceTest {
  private static final PeerAddress HERE = PeerAddress.parse("10.0.0.1:7070");
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final PeerClaim CLAIM = new PeerClaim("Netech", HERE, KEY);

  @TempDir Path parent;

  private TrustService trust(ManualLoop loop, InstantSource clock, Executor files) {
    KnownPeersFile known = new KnownPeersFile(PrivateDirectory.open(parent.resolve("data")), clock);
    return new TrustService(loop, known, false, files, files);
  }

  private static Reason kind(TrustDecision decision) {
    return ((TrustDecision.Refused) decision).kind();
  }

  /** Neither is a matter of known peers, of which there are none. */
  @Test
  void refusalOrFailureOfTheApplicationIsNotOfTheKnownPeers() {
    List<PeerVerifier> verifiers =
        List.of((team, at, key) -> false, (team, at, key) -> null == fail());
    for (PeerVerifier verifier : verifiers) {
      ManualLoop loop = new ManualLoop();
      List<TrustDecision> decisions = new ArrayList<>();
      TrustService.verifying(loop, verifier, Runnable::run).admit(CLAIM, decisions::add);
      loop.runTasks();
      assertThat(decisions)
          .singleElement()
          .satisfies(refused -> assertThat(kind(refused)).isEqualTo(Reason.UNKNOWN));
    }
  }

  @Test
  void peersThatWaitForTheApplicationAreBoundedByHostAndInAll() {
    ManualLoop loop = new ManualLoop();
    List<Runnable> waiting = new ArrayList<>();
    List<TrustDecision> decisions = new ArrayList<>();
    TrustService trust = TrustService.verifying(loop, (team, at, key) -> true, waiting::add);
    for (int i = 0; i < 100; i++) {
      trust.admit(CLAIM, decisions::add);
    }
    assertThat(waiting).hasSize(64);
    assertThat(decisions)
        .hasSize(36)
        .allSatisfy(refused -> assertThat(kind(refused)).isEqualTo(Reason.FULL));
    for (int i = 0; i < 2000; i++) {
      PeerAddress elsewhere = new PeerAddress("10.1." + i / 256 + "." + i % 256, 1);
      trust.admit(new PeerClaim("Netech", elsewhere, KEY), decisions::add);
    }
    assertThat(waiting).hasSize(1024);
    waiting.forEach(Runnable::run);
    loop.runTasks();
    assertThat(decisions).filteredOn(TrustDecision::isAccepted).hasSize(1024);
    trust.admit(CLAIM, decisions::add);
    assertThat(waiting).hasSize(1025);
  }

  /** A line can come as soon as the node listens. */
  @Test
  void whoIsKnownIsKnownFromTheStart() {
    KnownPeersFile file =
        new KnownPeersFile(PrivateDirectory.open(parent.resolve("data")), InstantSource.system());
    file.add(KnownPeersFormat.known("Netech", HERE, KEY, Instant.EPOCH));
    TrustService trust = trust(new ManualLoop(), InstantSource.system(), task -> {});
    assertThat(trust.refusesPlain("Netech", HERE)).isNotNull();
    assertThat(trust.holder(HERE)).isPresent();
  }

  @Test
  void holderAndAddressesAreReadFromAnyThread() {
    ManualLoop loop = new ManualLoop();
    Instant before = Instant.parse("2026-01-31T09:30:00Z");
    KnownPeersFile file =
        new KnownPeersFile(PrivateDirectory.open(parent.resolve("data")), () -> before);
    TrustService trust = new TrustService(loop, file, false, Runnable::run, Runnable::run);
    PeerAddress there = PeerAddress.parse("10.0.0.2:7070");
    Fingerprint carol = Fingerprints.random(new Random(2));
    file.add(KnownPeersFormat.known("Netech", HERE, KEY, before));
    file.add(KnownPeersFormat.known("Nets", there, KEY, before));
    file.add(KnownPeersFormat.known("Carol", HERE, carol, before));
    assertThat(trust.holder(HERE)).isEmpty();
    trust.whenFresh(() -> {});
    loop.runTasks();
    CompletableFuture.runAsync(
            () -> {
              assertThat(trust.holder(HERE).orElseThrow().fingerprint()).isEqualTo(KEY);
              assertThat(trust.addresses(KEY)).containsExactly(there, HERE);
              assertThat(trust.names(KEY)).containsExactly("Nets", "Netech");
              assertThat(trust.changedHands(HERE, KEY, null)).isNull();
              assertThat(trust.changedHands(there, KEY, "Any")).isNull();
              assertThat(trust.changedHands(PeerAddress.parse("10.0.0.3:1"), carol, null)).isNull();
            })
        .join();
    TrustException changed = trust.changedHands(HERE, carol, "Carol");
    assertThat(changed)
        .hasMessage(
            "10.0.0.1:7070 was team \"Netech\" with the key "
                + KEY
                + " (since 2026-01-31T09:30:00Z), and now team \"Carol\" answers there with the key "
                + carol
                + "; nothing was sent");
    assertThat(refusal(changed))
        .isEqualTo(
            TrustException.Refusal.of(
                HERE,
                Optional.of("Netech"),
                Optional.of(KEY),
                Optional.of(carol),
                Reason.ADDRESS_CHANGED_HANDS,
                false,
                Optional.of("Carol")));
    TrustException plain = trust.changedHands(HERE, null, null);
    assertThat(refusal(plain).reason()).isEqualTo(Reason.ADDRESS_CHANGED_HANDS);
    assertThat(refusal(plain).presented()).isEmpty();
    assertThat(refusal(plain).presentedTeamName()).isEmpty();
    file.accept(HERE, carol);
    trust.whenFresh(() -> {});
    loop.runTasks();
    assertThat(trust.changedHands(HERE, carol, "Carol")).isNull();
    assertThat(trust.changedHands(HERE, KEY, "Netech")).isNotNull();
  }

  @Test
  void refusalByTheTableHasTheTeamThatWasNamed() {
    KnownPeer pin = KnownPeersFormat.known("Netech", HERE, KEY, Instant.EPOCH);
    Fingerprint other = Fingerprints.random(new Random(2));
    TrustException refused =
        TrustService.exception(
            new TrustDecision.RefusedMismatch(pin, other),
            HERE,
            Optional.of("NETECH"),
            Optional.of(other));
    assertThat(refused)
        .hasMessageStartingWith(
            "Not trusted: "
                + HERE
                + " presents the key "
                + other
                + " for team \"Netech\"; the known");
    assertThat(refused.refusal().teamName()).contains("NETECH");
    assertThat(refused.refusal().presentedTeamName()).contains("NETECH");
    assertThat(refused.refusal().known()).contains(KEY);
  }

  @Test
  void whereNobodyIsPinnedNoAddressHasAHolder() {
    TrustService any =
        new TrustService(new ManualLoop(), null, false, Runnable::run, Runnable::run);
    assertThat(any.holder(HERE)).isEmpty();
    assertThat(any.addresses(KEY)).isEmpty();
    assertThat(any.changedHands(HERE, KEY, null)).isNull();
    assertThat(any.isPinned(HERE)).isFalse();
  }

  @Test
  void renameIsDueOnceAMinuteForAKey() {
    TrustService trust =
        new TrustService(new ManualLoop(), null, false, Runnable::run, Runnable::run);
    long minute = Duration.ofMinutes(1).toNanos();
    assertThat(trust.isRenameDue(KEY, 5)).isTrue();
    assertThat(trust.isRenameDue(KEY, 4 + minute)).isFalse();
    assertThat(trust.isRenameDue(Fingerprints.random(new Random(2)), 6)).isTrue();
    assertThat(trust.isRenameDue(KEY, 5 + minute)).isTrue();
    assertThat(trust.isRenameDue(KEY, 6 + minute)).isFalse();
    // Only as many keys are remembered.
    for (int i = 0; i < 1024; i++) {
      trust.isRenameDue(Fingerprints.random(new Random(100 + i)), 6 + minute);
    }
    assertThat(trust.isRenameDue(KEY, 6 + minute)).isTrue();
  }

  private static TrustException.Refusal refusal(@Nullable TrustException refused) {
    return Objects.requireNonNull(refused).refusal();
  }

  private static Instant fail() {
    throw new LinkageError("as the test wants it");
  }

  private void assertRefused(InstantSource clock, Executor files) {
    ManualLoop loop = new ManualLoop();
    TrustService trust = trust(loop, clock, files);
    List<TrustDecision> decisions = new ArrayList<>();
    trust.admit(CLAIM, decisions::add);
    loop.runTasks();
    assertThat(decisions)
        .singleElement()
        .isInstanceOfSatisfying(
            TrustDecision.RefusedUnknowable.class,
            refused -> assertThat(refused.reason()).contains("as the test wants it"));
  }

  @Test
  void errorWhileAPeerIsJudgedIsARefusal() {
    assertRefused(TrustServiceTest::fail, Runnable::run);
  }

  @Test
  void threadThatCannotBeMadeIsARefusal() {
    assertRefused(() -> Instant.EPOCH, task -> fail());
  }

  @Test
  void errorWhileTheKnownPeersAreReadRefusesAllUntilTheyAreReadAgain() {
    List<Runnable> broken = new ArrayList<>(List.of(TrustServiceTest::fail));
    ManualLoop loop = new ManualLoop();
    TrustService trust =
        trust(
            loop,
            () -> Instant.EPOCH,
            task -> {
              if (!broken.isEmpty()) {
                broken.remove(0).run();
              }
              task.run();
            });
    List<Boolean> refused = new ArrayList<>();
    trust.whenFresh(
        () -> {
          refused.add(trust.refusesPlain("Netech", HERE) != null);
          assertThat(refusal(trust.changedHands(HERE, KEY, null)).reason())
              .isEqualTo(Reason.STORAGE);
        });
    loop.runTasks();
    trust.whenFresh(() -> refused.add(trust.refusesPlain("Netech", HERE) != null));
    loop.runTasks();
    assertThat(refused).containsExactly(true, false);
  }
}
