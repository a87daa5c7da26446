package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerVerifier;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.testing.Fingerprints;
import io.p2pchat.testing.netty.ManualLoop;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
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
    trust.whenFresh(() -> refused.add(trust.refusesPlain(HERE) != null));
    loop.runTasks();
    trust.whenFresh(() -> refused.add(trust.refusesPlain(HERE) != null));
    loop.runTasks();
    assertThat(refused).containsExactly(true, false);
  }
}
