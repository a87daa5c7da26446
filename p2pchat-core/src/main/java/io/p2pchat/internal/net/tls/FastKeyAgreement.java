package io.p2pchat.internal.net.tls;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Leaves of the groups in which TLS 1.3 agrees on keys X25519 and P-256 (PROTOCOL.md section 7),
 * the second of which every implementation has. Others cost many times as much, and it is the peer
 * who chooses. This class is stateless and thread-safe.
 */
final class FastKeyAgreement implements AlgorithmConstraints {
  private static final Pattern SLOW = Pattern.compile("ffdhe.*|x448|secp(384|521)r1");

  @Override
  public boolean permits(
      Set<CryptoPrimitive> primitives,
      @Nullable String algorithm,
      @Nullable AlgorithmParameters parameters) {
    return algorithm == null || !SLOW.matcher(algorithm).matches();
  }

  @Override
  public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
    return true;
  }

  @Override
  public boolean permits(
      Set<CryptoPrimitive> primitives,
      @Nullable String algorithm,
      Key key,
      @Nullable AlgorithmParameters parameters) {
    return permits(primitives, algorithm, parameters);
  }
}
