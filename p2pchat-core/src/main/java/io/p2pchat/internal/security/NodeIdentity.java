package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;

/**
 * What a node proves itself with: a P-256 key and the certificate that carries it.
 *
 * <p>Immutable and thread-safe. Making one takes some milliseconds of computing and no I/O.
 */
public final class NodeIdentity {
  private static final String KEY = "PRIVATE KEY";
  private static final String CERTIFICATE = "CERTIFICATE";

  private final PrivateKey key;
  private final X509Certificate certificate;

  private NodeIdentity(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /** Makes a new key and its certificate. */
  public static NodeIdentity generate() {
    return generate(Instant.now());
  }

  static NodeIdentity generate(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      return new NodeIdentity(keys.getPrivate(), NodeCertificate.of(keys, now));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make a P-256 key (jdk.crypto.ec?)", e);
    }
  }

  /** The private key: for the TLS engine, and for nothing that is shown. */
  public PrivateKey key() {
    return key;
  }

  /** The certificate that the peers see. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** What the peers know this node by. */
  public Fingerprint fingerprint() {
    return Fingerprint.of(certificate.getPublicKey());
  }

  /** The key (PKCS#8) and the certificate, in PEM. Secret. */
  byte[] format() {
    try {
      String text = Pem.format(KEY, key.getEncoded()) + Pem.format(CERTIFICATE, encoded());
      return text.getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate without an encoded form", e);
    }
  }

  private byte[] encoded() throws GeneralSecurityException {
    return certificate.getEncoded();
  }

  /**
   * Reads what {@link #format} writes.
   *
   * @throws IllegalArgumentException if it is anything else; its text and its causes hold nothing
   *     of the content
   */
  static NodeIdentity parse(byte[] content) {
    byte[] keyDer = Pem.parse(content, KEY);
    byte[] certificateDer = Pem.parse(content, CERTIFICATE);
    X509Certificate certificate = certificate(certificateDer);
    PrivateKey key = key(keyDer);
    if (!belongTogether(key, certificate.getPublicKey())) {
      throw new IllegalArgumentException("the certificate in it is not of the key in it");
    }
    return new NodeIdentity(key, certificate);
  }

  // No causes below: what a provider says of a key that it cannot read may quote it.

  private static PrivateKey key(byte[] der) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException("the key in it is not an EC key in PKCS#8");
    }
  }

  private static X509Certificate certificate(byte[] der) {
    try {
      return NodeCertificate.parse(der);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException("the certificate in it cannot be read");
    }
  }

  private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
    try {
      byte[] sample = {1, 2, 3};
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  /** The fingerprint, and nothing of the key. */
  @Override
  public String toString() {
    return "NodeIdentity[" + fingerprint() + "]";
  }
}
