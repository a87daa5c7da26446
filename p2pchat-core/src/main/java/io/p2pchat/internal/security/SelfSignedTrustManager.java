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
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts any single self-signed certificate of a P-256 key, of bounded size. The peer chooses the
 * key, and other signatures can take many times as long to check.
 *
 * <p>The peer is judged later, by its {@link Fingerprint}, when its team and port are known. The
 * handshake itself proves that the peer holds the key.
 *
 * <p>The dates are not checked. The certificate only carries a key; keys are pinned, replaced by
 * people, and never expire. A machine without a clock battery starts in 1970, so a check would lock
 * out honest peers. An impostor would just write valid dates.
 *
 * <p>It extends X509ExtendedTrustManager so that the JDK adds no checks of host names or
 * authorities. Stateless and thread-safe; does no I/O.
 */
public final class SelfSignedTrustManager extends X509ExtendedTrustManager {
  private static final int MAX_BYTES = 8 * 1024;
  private static final ECParameterSpec P256 = p256();

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

  private static void check(X509Certificate @Nullable [] chain) throws CertificateException {
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
