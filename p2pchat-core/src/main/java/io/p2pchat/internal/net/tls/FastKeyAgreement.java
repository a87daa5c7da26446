package io.p2pchat.internal.net.tls;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Restricts TLS 1.3 key agreement to X25519 and P-256 (PROTOCOL.md section 7). Every implementation
 * supports P-256. The peer chooses the group, and others cost many times as much. Stateless and
 * thread-safe.
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
