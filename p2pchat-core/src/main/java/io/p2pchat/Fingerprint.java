package io.p2pchat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is known by: the SHA-256 of its public key (SubjectPublicKeyInfo). It is no secret.
 *
 * <p>Its text is the digest in lower-case hex, in eight groups of eight, which two people can read
 * to each other: {@code 0f1e2d3c-…}. It is what {@code sha256sum} prints for the key in DER, so it
 * can be checked without this program.
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
   * The fingerprint of a key.
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
   * Reads what {@link #toString} writes; also the 64 digits in capitals, without the hyphens, or
   * with colons or spaces instead, as other programs write them.
   *
   * @param text the text
   * @return the fingerprint
   * @throws IllegalArgumentException if it is no fingerprint; the text says what is accepted
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
    return HexFormat.fromHexDigits(HexFormat.of().formatHex(digest, 0, Integer.BYTES));
  }

  /** The one canonical text: 71 characters. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(HexFormat.of().formatHex(digest));
    for (int i = 2 * BYTES - GROUP; i > 0; i -= GROUP) {
      text.insert(i, '-');
    }
    return text.toString();
  }
}
