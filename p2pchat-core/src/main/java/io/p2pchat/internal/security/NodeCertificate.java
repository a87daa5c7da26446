package io.p2pchat.internal.security;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * Creates the certificate that carries a node's public key through TLS. It is X.509 v3, signed by
 * its own key with SHA-256. It contains no other fact about the node, and practically never
 * expires.
 */
final class NodeCertificate {
  private static final Duration SLACK = Duration.ofDays(1);
  private static final Duration LIFE = Duration.ofDays(50 * 365);

  /** The last time that a certificate can state (RFC 5280). The clock can be beyond it. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final int SERIAL_BITS = 127;
  private static final BigInteger VERSION_3 = BigInteger.TWO;

  private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
  private static final byte[] NAME =
      Der.sequence(Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.utf8("p2pchat"))));

  /** Empty basic constraints: the certificate is not an authority. */
  private static final byte[] EXTENSIONS =
      Der.sequence(Der.sequence(Der.oid(2, 5, 29, 19), Der.octetString(Der.sequence())));

  private NodeCertificate() {}

  /**
   * Creates a certificate, valid from a day before {@code now}.
   *
   * @param keys an EC key pair
   */
  static X509Certificate of(KeyPair keys, Instant now) throws GeneralSecurityException {
    byte[] body = body(keys, now);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    byte[] der = Der.sequence(body, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
    return parse(der);
  }

  /** Parses a certificate in DER. */
  static X509Certificate parse(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[] body(KeyPair keys, Instant now) {
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE);
    return Der.sequence(
        Der.explicit(0, Der.integer(VERSION_3)),
        Der.integer(serial),
        ECDSA_WITH_SHA256,
        NAME,
        Der.sequence(time(now.minus(SLACK)), time(now.plus(LIFE))),
        NAME,
        keys.getPublic().getEncoded(),
        Der.explicit(3, EXTENSIONS));
  }

  private static byte[] time(Instant time) {
    return Der.time(time.isBefore(LATEST) ? time : LATEST);
  }
}
