package io.p2pchat.internal.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.testing.Fingerprints;
import io.p2pchat.testing.RandomText;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KnownPeerSetPropertyTest {
  private static final int RUNS = 20_000;

  private final Random random = new Random(11);
  private final RandomText texts = new RandomText(11);

  /** {@code parse(format(x)) = x}, for single lines and for whole files. */
  @Test
  void whatIsWrittenIsReadBack() {
    for (int i = 0; i < RUNS; i++) {
      KnownPeer pin = pin();
      assertThat(KnownPeersFormat.parse(KnownPeersFormat.format(pin))).isEqualTo(pin);
    }
    for (int i = 0; i < 100; i++) {
      KnownPeerSet pins = KnownPeersFormat.fresh();
      for (int j = random.nextInt(100); j > 0; j--) {
        pins = pins.with(pin());
      }
      assertThat(KnownPeersFormat.parse(KnownPeersFormat.format(pins))).isEqualTo(pins);
    }
  }

  @Test
  void noBytesThrowAnythingElse() {
    int refused = 0;
    for (int i = 0; i < RUNS; i++) {
      byte[] bytes = i % 2 == 0 ? bytes() : changedLine();
      try {
        KnownPeerSet pins = KnownPeersFormat.parse(bytes);
        assertThat(KnownPeersFormat.parse(KnownPeersFormat.format(pins))).isEqualTo(pins);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("line [0-9]+: [ -~]*");
        refused++;
      }
    }
    assertThat(refused).isBetween(RUNS / 4, RUNS - 1);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(60)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] changedLine() {
    byte[] bytes =
        (KnownPeersFormat.format(pin()) + "\n" + KnownPeersFormat.format(pin())).getBytes(UTF_8);
    byte[] with = texts.next(2).getBytes(UTF_8);
    int at = random.nextInt(bytes.length);
    System.arraycopy(with, 0, bytes, at, Math.min(with.length, bytes.length - at));
    return bytes;
  }

  private KnownPeer pin() {
    long second = random.nextInt(10) == 0 ? random.nextLong() >> 10 : random.nextInt();
    Instant time =
        Instant.ofEpochSecond(
            Math.floorMod(second, Instant.MAX.getEpochSecond()), random.nextInt(1_000_000_000));
    return KnownPeersFormat.known(team(), address(), Fingerprints.random(random), time);
  }

  private PeerAddress address() {
    int port = 1 + random.nextInt(65535);
    return random.nextBoolean()
        ? new PeerAddress("10." + random.nextInt(256) + ".0." + random.nextInt(256), port)
        : new PeerAddress("2001:db8::" + Integer.toHexString(1 + random.nextInt(0xffff)), port);
  }

  private String team() {
    String team =
        texts
            .next(20)
            .codePoints()
            .filter(c -> c != '|' && !Character.isISOControl(c))
            .limit(64)
            .mapToObj(Character::toString)
            .collect(Collectors.joining())
            .strip();
    return team.isEmpty() ? "#" : team;
  }
}
