package io.p2pchat.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of a message as it is sent, encoded once for all its recipients. */
public final class EncodedText {
  /** Below this size a copy in a queue takes less memory than a reference to a shared text. */
  private static final int SMALLEST_SHARED = 256;

  /** The longest level-0 line, for programs that take one small read for a whole message. */
  private static final int PLAIN_LINE_BYTES = 1024;

  private final byte[] bytes;
  private final @Nullable ReservedText reserved;
  private final boolean shared;

  /** The level-0 lines, or null before {@link #plainLines}. */
  private @Nullable List<ChatLine> plainLines;

  private EncodedText(byte[] bytes, @Nullable ReservedText reserved, boolean shared) {
    this.bytes = bytes;
    this.reserved = reserved;
    this.shared = shared;
  }

  /** Encodes a text for one recipient. */
  public static EncodedText of(String text) {
    return of(text, false);
  }

  /** Encodes a text for many recipients. Their queues hold a long text together, without copies. */
  public static EncodedText forMany(String text) {
    return of(text, true);
  }

  private static EncodedText of(String text, boolean many) {
    String normal = ChatLine.normal(text);
    byte[] bytes = ChatLine.escape(normal).getBytes(StandardCharsets.UTF_8);
    return new EncodedText(bytes, ReservedText.of(normal), many && bytes.length >= SMALLEST_SHARED);
  }

  /** Returns the text of a line whose text bytes precede it as part of the header. */
  public static EncodedText empty(@Nullable ReservedText reserved) {
    return new EncodedText(new byte[0], reserved, false);
  }

  /** Returns the encoded text, without a line end. Do not change it. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the text's reserved meaning, or null. */
  public @Nullable ReservedText reserved() {
    return reserved;
  }

  /** Returns whether queues refer to the bytes instead of copying them. */
  public boolean isShared() {
    return shared;
  }

  /**
   * Returns the lines that carry the text at level 0 (PROTOCOL.md section 2, Sending). All
   * recipients share the result. Used on one thread.
   *
   * @param header what precedes the text, the same in each call
   */
  public List<ChatLine> plainLines(byte[] header) {
    if (plainLines == null) {
      String line =
          new String(header, StandardCharsets.UTF_8) + new String(bytes, StandardCharsets.UTF_8);
      plainLines = TextSplitter.cut((ChatLine) ChatLine.parse(line), PLAIN_LINE_BYTES);
    }
    return plainLines;
  }
}
