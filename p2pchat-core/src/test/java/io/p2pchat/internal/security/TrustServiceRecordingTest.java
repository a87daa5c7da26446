package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.testing.Fingerprints;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustServiceRecordingTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final PeerAddress HERE = PeerAddress.parse("10.0.0.1:7070");
  private static final PeerAddress THERE = PeerAddress.parse("10.0.0.2:7070");

  @TempDir private Path directory;

  private final EventLoop loop = new DefaultEventLoop();
  private final Queue<Runnable> writes = new ArrayDeque<>();
  private final List<TrustDecision> decisions = new ArrayList<>();
  private TrustService trust;

  @BeforeEach
  void open() {
    KnownPeersFile known =
        new KnownPeersFile(
            PrivateDirectory.open(directory.resolve("p2pchat")), InstantSource.system());
    known.add(KnownPeersFormat.known("Known", HERE, KEY, Instant.EPOCH));
    trust = new TrustService(loop, known, false, Runnable::run, writes::add);
  }

  private void admit(String team, PeerAddress address) {
    Fingerprint key = team.equals("Known") ? KEY : Fingerprints.random(new Random(team.hashCode()));
    onLoop(() -> trust.admit(new PeerClaim(team, address, key), decisions::add));
  }

  @AfterEach
  void close() {
    loop.shutdownGracefully();
  }

  /** Runs it, and what it leads to: tasks that hand on tasks. */
  private void onLoop(Runnable action) {
    loop.submit(action).syncUninterruptibly();
    for (int handedOn = 0; handedOn < 4; handedOn++) {
      loop.submit(() -> {}).syncUninterruptibly();
    }
  }

  @Test
  void whoIsKnownDoesNotWaitForThoseWhoAreRecorded() {
    admit("New", THERE);
    assertThat(decisions).isEmpty();
    admit("Known", HERE);
    assertThat(decisions).singleElement().isInstanceOf(TrustDecision.Verified.class);
    assertThat(writes).hasSize(1);
    onLoop(writes.remove());
    assertThat(decisions).last().isInstanceOf(TrustDecision.AcceptedNew.class);
    onLoop(() -> assertThat(trust.isPinned(THERE)).isTrue());
  }

  @Test
  void whatWaitsToBeRecordedIsBounded() {
    for (int i = 0; i < 1024; i++) {
      admit("New", THERE);
    }
    assertThat(decisions).isEmpty();
    admit("New", THERE);
    assertThat(decisions)
        .singleElement()
        .isInstanceOfSatisfying(
            TrustDecision.RefusedWaiting.class,
            refused -> assertThat(refused.kind()).isEqualTo(TrustException.Reason.FULL));
    assertThat(writes).hasSize(1024);
    while (!writes.isEmpty()) {
      onLoop(writes.remove());
    }
    assertThat(decisions).hasSize(1025).last().isInstanceOf(TrustDecision.Verified.class);
    admit("Newer", THERE);
    assertThat(writes).hasSize(1);
  }
}
