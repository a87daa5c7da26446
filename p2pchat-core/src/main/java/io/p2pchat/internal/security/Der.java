package io.p2pchat.internal.security;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The DER encodings that a certificate needs. Specification: ITU-T X.690, RFC 5280. */
final class Der {
  private static final int FIRST_GENERALIZED_YEAR = 2050;
  private static final DateTimeFormatter UTC_TIME = time("yyMMddHHmmss'Z'");
  private static final DateTimeFormatter GENERALIZED_TIME = time("uuuuMMddHHmmss'Z'");

  private Der() {}

  static byte[] sequence(byte[]... elements) {
    return tagged(0x30, elements);
  }

  static byte[] set(byte[]... elements) {
    return tagged(0x31, elements);
  }

  /** Encodes an element with the explicit tag [number]. */
  static byte[] explicit(int number, byte[] element) {
    return tagged(0xa0 + number, element);
  }

  static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  static byte[] bitString(byte[] value) {
    return tagged(0x03, new byte[1], value);
  }

  static byte[] octetString(byte[] value) {
    return tagged(0x04, value);
  }

  /** Encodes an object identifier. No part may need more than 28 bits. */
  static byte[] oid(int... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(parts[0] * 40 + parts[1]);
    for (int i = 2; i < parts.length; i++) {
      for (int shift = 21; shift > 0; shift -= 7) {
        if (parts[i] >> shift != 0) {
          out.write(((parts[i] >> shift) & 0x7f) | 0x80);
        }
      }
      out.write(parts[i] & 0x7f);
    }
    return tagged(0x06, out.toByteArray());
  }

  static byte[] utf8(String text) {
    return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Encodes a time as RFC 5280 requires: two digits of the year until 2049, four from then on. */
  static byte[] time(Instant time) {
    boolean generalized = time.atOffset(ZoneOffset.UTC).getYear() >= FIRST_GENERALIZED_YEAR;
    String text = (generalized ? GENERALIZED_TIME : UTC_TIME).format(time);
    return tagged(generalized ? 0x18 : 0x17, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tagged(int tag, byte[]... contents) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] content : contents) {
      body.writeBytes(content);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    writeLength(out, body.size());
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    byte[] bytes = BigInteger.valueOf(length).toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    out.write(0x80 | (bytes.length - from));
    out.write(bytes, from, bytes.length - from);
  }

  private static DateTimeFormatter time(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
