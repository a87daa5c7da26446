package io.p2pchat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprint of a peer: the SHA-256 of its public key (SubjectPublicKeyInfo). It is not
 * secret.
 *
 * <p>The text form is the digest in lower-case hex, in eight groups of eight digits, such as {@code
 * 0f1e2d3c-…}. Two people can read it to each other. Without the hyphens, it is what {@code
 * sha256sum} prints for the key in DER, so any tool can check it.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 7.
 */
public final class Fingerprint {
  private static final int BYTES = 32;
  private static final int GROUP = 8;
  private static final int MAX_TEXT = 200;
  private static final Pattern SEPARATORS = Pattern.compile("[-: ]");
  private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]{64}");

  private final byte[] digest;

  private Fingerprint(byte[] digest) {
    this.digest = digest;
  }

  /**
   * Computes the fingerprint of a key.
   *
   * @param key the public key
   * @return its fingerprint
   * @throws IllegalArgumentException if the key has no encoded form
   */
  public static Fingerprint of(PublicKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new IllegalArgumentException("a key without an encoded form has no fingerprint");
    }
    try {
      return new Fingerprint(MessageDigest.getInstance("SHA-256").digest(encoded));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Parses a fingerprint: the form that {@link #toString} writes, or the 64 digits in other common
   * forms. Upper case is accepted. Colons, spaces or nothing may replace the hyphens.
   *
   * @param text the text
   * @return the fingerprint
   * @throws IllegalArgumentException if the text is not a fingerprint; the message says what is
   *     accepted
   */
  public static Fingerprint parse(String text) {
    String digits = text.length() > MAX_TEXT ? "" : SEPARATORS.matcher(text.strip()).replaceAll("");
    if (!DIGITS.matcher(digits).matches()) {
      throw new IllegalArgumentException(
          "not a fingerprint; accepted are 64 hexadecimal digits, in groups or not");
    }
    return new Fingerprint(HexFormat.of().parseHex(digits));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fingerprint that && MessageDigest.isEqual(digest, that.digest);
  }

  @Override
  public int hashCode() {
    // Messages to a peer are looked up by its key, so nothing is allocated.
    return digest[0] << 24
        | Byte.toUnsignedInt(digest[1]) << 16
        | Byte.toUnsignedInt(digest[2]) << 8
        | Byte.toUnsignedInt(digest[3]);
  }

  /** Returns the canonical text form, 71 characters. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(HexFormat.of().formatHex(digest));
    for (int i = 2 * BYTES - GROUP; i > 0; i -= GROUP) {
      text.insert(i, '-');
    }
    return text.toString();
  }
}
