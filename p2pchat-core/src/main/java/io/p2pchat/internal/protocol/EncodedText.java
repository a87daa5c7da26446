package io.p2pchat.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a message as it is sent, encoded once for all its recipients. It is held in its exact
 * form, because a recipient's form may be unknown yet. The plain form is derived where it differs.
 */
public final class EncodedText {
  /** The length in plain form of a line whose forms are equal. */
  public static final int SAME = 0;

  /** The length in plain form of a line that has none: a reader would take it for a command. */
  public static final int NONE = -1;

  /** Below this size a copy in a queue takes less memory than a reference to a shared text. */
  private static final int SMALLEST_SHARED = 256;

  /** The longest level-0 line, for programs that take one small read for a whole message. */
  private static final int PLAIN_LINE_BYTES = 1024;

  private static final int SAME_BYTES = Integer.MIN_VALUE;
  private static final int NO_BYTES = Integer.MIN_VALUE + 1;

  private final byte[] bytes;
  private final int plainBytes;
  private final @Nullable ReservedText reserved;
  private final boolean shared;

  /** The level-0 lines, or null before {@link #plainLines}. */
  private @Nullable List<ChatLine> plainLines;

  /** The plain form, or null before {@link #plain}. */
  private @Nullable EncodedText plain;

  private EncodedText(
      byte[] bytes, int plainBytes, @Nullable ReservedText reserved, boolean shared) {
    this.bytes = bytes;
    this.plainBytes = plainBytes;
    this.reserved = reserved;
    this.shared = shared;
  }

  /**
   * Encodes a text for one recipient. A reserved text is a command.
   *
   * @throws IllegalArgumentException if the text is not well-formed
   */
  public static EncodedText of(String text) {
    return of(text, true, false);
  }

  /**
   * Encodes a text for one recipient. It is never a command.
   *
   * @throws IllegalArgumentException if the text is not well-formed
   */
  public static EncodedText ofMessage(String text) {
    return of(text, false, false);
  }

  /**
   * Encodes a text for many recipients. Their queues hold a long text together, without copies. A
   * reserved text is a command.
   *
   * @throws IllegalArgumentException if the text is not well-formed
   */
  public static EncodedText forMany(String text) {
    return of(text, true, true);
  }

  private static EncodedText of(String text, boolean canBeCommand, boolean many) {
    byte[] given = encode(text);
    // Most texts are the same in all forms, and these checks are cheap.
    boolean simple = ExactText.isSimple(text, given) || ExactText.isSimpleUtf8(text, given);
    if (simple && ReservedText.of(text) == null) {
      return new EncodedText(given, SAME_BYTES, null, many && given.length >= SMALLEST_SHARED);
    }
    String normal = ChatLine.normal(text);
    String plain = ChatLine.escape(normal);
    ReservedText reserved = ReservedText.of(normal);
    if (reserved != null && canBeCommand) {
      return new EncodedText(encode(plain), SAME_BYTES, reserved, false);
    }
    boolean same = reserved == null && plain.equals(text) && text.indexOf('\\') < 0;
    String exact = same ? text : ExactText.escape(text);
    byte[] bytes = exact.equals(text) ? given : encode(exact);
    if (ExactText.mayHaveReplaced(bytes)) {
      ExactText.requireWellFormed(text);
    }
    int plainBytes = same ? SAME_BYTES : plainBytes(exact, plain, reserved);
    return new EncodedText(bytes, plainBytes, null, many && bytes.length >= SMALLEST_SHARED);
  }

  private static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int plainBytes(String exact, String plain, @Nullable ReservedText reserved) {
    if (reserved != null) {
      return NO_BYTES;
    }
    return exact.equals(plain) ? SAME_BYTES : encode(plain).length;
  }

  /**
   * Returns the text of a line whose text bytes precede it as part of the header.
   *
   * @param plainLength the length of the line in plain form, {@link #SAME} or {@link #NONE}
   */
  public static EncodedText empty(
      int headerBytes, int plainLength, @Nullable ReservedText reserved) {
    int plainBytes =
        switch (plainLength) {
          case SAME -> SAME_BYTES;
          case NONE -> NO_BYTES;
          default -> plainLength - headerBytes - 1;
        };
    return new EncodedText(new byte[0], plainBytes, reserved, false);
  }

  /** Returns the encoded text in its exact form, without a line end. Do not change it. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the command that the text is, or null for a message. */
  public @Nullable ReservedText reserved() {
    return reserved;
  }

  /** Returns whether queues refer to the bytes instead of copying them. */
  public boolean isShared() {
    return shared;
  }

  /** Returns whether there is a plain form. */
  public boolean hasPlain() {
    return plainBytes != NO_BYTES;
  }

  /**
   * Returns the length of its line in plain form with the line end, {@link #SAME} or {@link #NONE}.
   */
  public int plainLength(int headerBytes) {
    return switch (plainBytes) {
      case SAME_BYTES -> SAME;
      case NO_BYTES -> NONE;
      default -> headerBytes + plainBytes + 1;
    };
  }

  /** Returns the length of the longer form. */
  public int longest() {
    return Math.max(bytes.length, plainBytes);
  }

  /** Returns the plain form. All recipients share the result. Used on one thread. */
  public EncodedText plain() {
    if (plain == null) {
      String text = ChatLine.normal(ExactText.unescape(new String(bytes, StandardCharsets.UTF_8)));
      plain = new EncodedText(encode(ChatLine.escape(text)), SAME_BYTES, reserved, shared);
    }
    return plain;
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
      plainLines = TextSplitter.cut(ChatLine.parseExact(line), PLAIN_LINE_BYTES);
    }
    return plainLines;
  }
}
