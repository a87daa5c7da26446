package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.p2pchat.Fingerprint;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfSignedTrustManagerTest {
  private final SelfSignedTrustManager manager = new SelfSignedTrustManager();
  private final X509Certificate good = NodeIdentity.generate().certificate();

  private void refuses(String reason, X509Certificate... chain) {
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> manager.checkClientTrusted(chain, "UNKNOWN"))
        .withMessageContaining(reason);
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> manager.checkServerTrusted(chain, "UNKNOWN"))
        .withMessageContaining(reason);
  }

  @Test
  void oneThatSignedItselfIsTaken() {
    X509Certificate[] chain = {good};
    assertThatCode(() -> manager.checkClientTrusted(chain, "UNKNOWN")).doesNotThrowAnyException();
    assertThatCode(() -> manager.checkServerTrusted(chain, "UNKNOWN")).doesNotThrowAnyException();
  }

  @Test
  void whereOneKeyIsExpectedEveryOtherIsRefusedAndNamed() throws CertificateException {
    X509Certificate[] chain = {good};
    Fingerprint key = Fingerprint.of(good.getPublicKey());
    SelfSignedTrustManager.wanting(key::equals).checkServerTrusted(chain, "UNKNOWN");
    Fingerprint other = NodeIdentity.generate().fingerprint();
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(
            () ->
                SelfSignedTrustManager.wanting(other::equals).checkServerTrusted(chain, "UNKNOWN"))
        .withMessageContaining(key.toString())
        .satisfies(
            refused ->
                assertThat(SelfSignedTrustManager.anotherKey(new SSLException(refused)))
                    .isEqualTo(key));
    assertThat(SelfSignedTrustManager.anotherKey(new SSLException("another reason"))).isNull();
  }

  @Test
  void noneAndTwoAreRefused() {
    refuses("presented 0 certificates");
    refuses("presented 2 certificates", good, good);
  }

  @Test
  @SuppressWarnings("NullAway") // What a provider might do.
  void noChainAtAllIsRefused() {
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> manager.checkClientTrusted(null, "UNKNOWN"))
        .withMessageContaining("presented 0 certificates");
  }

  @Test
  void oneSignedByAnotherKeyIsRefused() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair stolen = new KeyPair(good.getPublicKey(), generator.generateKeyPair().getPrivate());
    refuses("not signed by its own key", NodeCertificate.of(stolen, Instant.now()));
  }

  @ParameterizedTest
  @CsvSource({"EC, 384", "EC, 521", "RSA, 1024"})
  void anotherKindOfKeyIsRefusedBeforeAnythingIsComputedWithIt(String kind, int bits)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(bits);
    KeyPairGenerator signer = KeyPairGenerator.getInstance("EC");
    // The signature is wrong too, and that is not what is said.
    KeyPair keys =
        new KeyPair(generator.generateKeyPair().getPublic(), signer.generateKeyPair().getPrivate());
    refuses("not of the kind EC P-256", NodeCertificate.of(keys, Instant.now()));
  }

  @Test
  void noAuthorityIsNamed() {
    assertThat(manager.getAcceptedIssuers()).isEmpty();
  }

  /** A changed byte makes it unreadable, or refused with the one documented exception. */
  @Test
  void noChangedCertificatePasses() throws GeneralSecurityException {
    byte[] der = good.getEncoded();
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] changed = der.clone();
      changed[random.nextInt(der.length)] ^= (byte) (1 + random.nextInt(255));
      X509Certificate certificate = read(changed);
      if (certificate != null) {
        refuses("", certificate);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static @org.jspecify.annotations.Nullable X509Certificate read(byte[] der) {
    try {
      return NodeCertificate.parse(der);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }
}
