package io.p2pchat.internal.net.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeerLevelsTest {
  private static final PeerAddress PEER = new PeerAddress("10.0.0.2", 7000);
  private static final PeerAddress OTHER = new PeerAddress("10.0.0.3", 7000);
  private static final long KEPT = Duration.ofMinutes(10).toNanos();
  private static final long NOW = 5;

  private final PeerLevels levels = new PeerLevels(2);

  @Test
  void levelZeroIsForgottenAfterTenMinutesOrAtHello() {
    levels.spokePlain(NOW, PEER);
    assertThat(levels.isPlain(NOW + KEPT - 1, PEER)).isTrue();
    assertThat(levels.isPlain(NOW + KEPT, PEER)).isFalse();
    levels.spokePlain(NOW, PEER);
    levels.saidPlain(PEER);
    assertThat(levels.isPlain(NOW, PEER)).isTrue();
    levels.saidHello(PEER);
    assertThat(levels.isPlain(NOW, PEER)).isFalse();
  }

  @Test
  void addressThatHasGreetedIsKnownThoughItSaysHello() {
    assertThat(levels.greets(PEER)).isFalse();
    levels.greeted(PEER);
    levels.saidHello(PEER);
    assertThat(levels.greets(PEER)).isTrue();
  }

  @Test
  void addressThatHasGreetedIsNewAfterALineOfLevelZero() {
    levels.greeted(PEER);
    levels.saidPlain(PEER);
    assertThat(levels.greets(PEER)).isFalse();
    levels.greeted(PEER);
    levels.spokePlain(NOW, PEER);
    assertThat(levels.greets(PEER)).isFalse();
    levels.greeted(PEER);
    assertThat(levels.isPlain(NOW, PEER)).isFalse();
  }

  @Test
  void aboveTheBoundTheOldestIsForgotten() {
    levels.greeted(PEER);
    levels.spokePlain(NOW, OTHER);
    levels.greeted(PEER);
    levels.greeted(new PeerAddress("10.0.0.4", 7000));
    assertThat(levels.greets(PEER)).isTrue();
    assertThat(levels.isPlain(NOW, OTHER)).isFalse();
  }
}
