package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.UnsupportedRuntimeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;

/**
 * The identity of a node: a P-256 key and the certificate that carries it.
 *
 * <p>Immutable and thread-safe. Creating one takes some milliseconds of CPU time and no I/O.
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

  /** Generates a new key and its certificate. */
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
      throw withoutCurves(e);
    }
  }

  private static UnsupportedRuntimeException withoutCurves(GeneralSecurityException e) {
    return new UnsupportedRuntimeException(
        "This Java has no elliptic curve keys (P-256), which encryption needs. Up to Java 21 they"
            + " are in the module jdk.crypto.ec: add it to the image by jlink --add-modules"
            + " jdk.crypto.ec",
        e);
  }

  /**
   * Creates the identity of an application's own key, with a new certificate.
   *
   * @throws IllegalArgumentException if it is not a key pair of the kind EC P-256; its message and
   *     causes contain nothing of the key
   */
  public static NodeIdentity of(KeyPair keys) {
    if (!SelfSignedTrustManager.isP256(keys.getPublic())
        || !belongTogether(keys.getPrivate(), keys.getPublic())) {
      throw new IllegalArgumentException(
          "the own key is not a pair of a private and a public key of the kind EC P-256 (secp256r1)");
    }
    try {
      return new NodeIdentity(keys.getPrivate(), NodeCertificate.of(keys, Instant.now()));
    } catch (GeneralSecurityException e) {
      // Without the cause, because a provider's message may quote the key.
      throw new IllegalArgumentException("the own key cannot sign a certificate");
    }
  }

  /** Returns the private key. Only for the TLS engine: never show it. */
  public PrivateKey key() {
    return key;
  }

  /** Returns the certificate that peers see. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Returns the fingerprint by which peers know this node. */
  public Fingerprint fingerprint() {
    return Fingerprint.of(certificate.getPublicKey());
  }

  /** Returns the key (PKCS#8) and the certificate in PEM. Secret. */
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
   * Parses the output of {@link #format}.
   *
   * @throws IllegalArgumentException if it is anything else; its message and causes contain nothing
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

  // The exceptions below have no cause, because a provider's message may quote the key.

  private static PrivateKey key(byte[] der) {
    KeyFactory keys = keyFactory();
    try {
      return keys.generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException("the key in it is not an EC key in PKCS#8");
    }
  }

  private static KeyFactory keyFactory() {
    try {
      return KeyFactory.getInstance("EC");
    } catch (NoSuchAlgorithmException e) {
      throw withoutCurves(e);
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

  /** Returns the fingerprint. Never contains any part of the key. */
  @Override
  public String toString() {
    return "NodeIdentity[" + fingerprint() + "]";
  }
}
