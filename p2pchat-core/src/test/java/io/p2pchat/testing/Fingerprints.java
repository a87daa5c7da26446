package io.p2pchat.testing;

import io.p2pchat.Fingerprint;
import java.util.HexFormat;
import java.util.Random;

/** Fingerprints of keys that nobody has. */
public final class Fingerprints {
  private Fingerprints() {}

  /** Any, always the same of the same seed. */
  public static Fingerprint random(Random random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Fingerprint.parse(HexFormat.of().formatHex(bytes));
  }
}
