package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import java.net.Socket;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts any single self-signed certificate of a P-256 key, of bounded size. The peer chooses the
 * key, and other signatures can take many times as long to check.
 *
 * <p>The peer is judged later, by its {@link Fingerprint}, when its team and port are known. The
 * handshake itself proves that the peer holds the key. Only where certain keys are wanted, every
 * other one is refused here. Then a dialed peer with another key ends the handshake before this
 * node has shown its own certificate (RFC 8446, section 2).
 *
 * <p>The dates are not checked. The certificate only carries a key; keys are pinned, replaced by
 * people, and never expire. A machine without a clock battery starts in 1970, so a check would lock
 * out honest peers. An impostor would just write valid dates.
 *
 * <p>It extends X509ExtendedTrustManager so that the JDK adds no checks of host names or
 * authorities. Immutable and thread-safe; does no I/O.
 */
public final class SelfSignedTrustManager extends X509ExtendedTrustManager {
  private static final int MAX_BYTES = 8 * 1024;
  private static final ECParameterSpec P256 = p256();

  private final @Nullable Predicate<Fingerprint> wanted;

  /** Creates a manager that accepts every key. */
  public SelfSignedTrustManager() {
    this(null);
  }

  private SelfSignedTrustManager(@Nullable Predicate<Fingerprint> wanted) {
    this.wanted = wanted;
  }

  /** Creates a manager that accepts only keys that are wanted. */
  public static SelfSignedTrustManager wanting(Predicate<Fingerprint> keys) {
    return new SelfSignedTrustManager(keys);
  }

  /**
   * Returns the key that was refused because others were wanted.
   *
   * @param failure the failure of the handshake
   * @return the key, which the peer has not proved to hold; null if the failure has another cause
   */
  public static @Nullable Fingerprint anotherKey(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AnotherKeyException another) {
        return another.shown;
      }
    }
    return null;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    int length = chain == null ? 0 : chain.length;
    if (chain == null || length != 1) {
      throw new CertificateException(
          "the peer presented " + length + " certificates; accepted is one, signed by itself");
    }
    int size = chain[0].getEncoded().length;
    if (size > MAX_BYTES) {
      throw new CertificateException(
          "the peer's certificate has " + size + " bytes; accepted are " + MAX_BYTES);
    }
    requireP256(chain[0].getPublicKey());
    requireSelfSigned(chain[0]);
    Fingerprint shown = Fingerprint.of(chain[0].getPublicKey());
    if (wanted != null && !wanted.test(shown)) {
      throw new AnotherKeyException(shown);
    }
  }

  private static final class AnotherKeyException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final transient Fingerprint shown;

    AnotherKeyException(Fingerprint shown) {
      super("the peer has the key " + shown + ", which is not the one that is looked for");
      this.shown = shown;
    }
  }

  private static void requireP256(PublicKey key) throws CertificateException {
    if (!isP256(key)) {
      throw new CertificateException("the peer's key is not of the kind EC P-256");
    }
  }

  static boolean isP256(PublicKey key) {
    return key instanceof ECPublicKey point
        && point.getParams().getCurve().equals(P256.getCurve())
        && point.getParams().getGenerator().equals(P256.getGenerator())
        && point.getParams().getOrder().equals(P256.getOrder());
  }

  private static ECParameterSpec p256() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256 (jdk.crypto.ec?)", e);
    }
  }

  private static void requireSelfSigned(X509Certificate certificate) throws CertificateException {
    try {
      certificate.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException | RuntimeException e) {
      // Providers also throw unchecked exceptions on invalid keys.
      throw new CertificateException("the peer's certificate is not signed by its own key", e);
    }
  }
}
