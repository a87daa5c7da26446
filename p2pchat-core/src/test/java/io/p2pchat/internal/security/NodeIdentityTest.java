package io.p2pchat.internal.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeIdentityTest {
  /** Cut, changed, repeated: read as the same key, or refused, and never quoted. */
  @Test
  void noBrokenKeyFileThrowsAnythingElseOrLeaksTheKey() {
    NodeIdentity identity = NodeIdentity.generate();
    byte[] good = identity.format();
    String secret = new String(good, ISO_8859_1).lines().skip(1).findFirst().orElseThrow();
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      try {
        assertThat(NodeIdentity.parse(broken(good, random)).fingerprint())
            .isEqualTo(identity.fingerprint());
      } catch (IllegalArgumentException e) {
        assertHidden(trace(e), secret);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(2_500);
  }

  private static byte[] broken(byte[] good, Random random) {
    byte[] changed = good.clone();
    int at = random.nextInt(good.length);
    switch (random.nextInt(3)) {
      case 0 -> changed[at] = (byte) random.nextInt(256);
      case 1 -> changed = Arrays.copyOf(good, at);
      default -> System.arraycopy(good, 0, changed, at, good.length - at);
    }
    return changed;
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static void assertHidden(String text, String secret) {
    for (int i = 0; i + 8 <= secret.length(); i++) {
      assertThat(text).doesNotContain(secret.substring(i, i + 8));
    }
  }

  @Test
  void anIdentityPrintsNothingButItsFingerprint() {
    NodeIdentity identity = NodeIdentity.generate();
    assertThat(identity).hasToString("NodeIdentity[" + identity.fingerprint() + "]");
  }
}
