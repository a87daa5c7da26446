package io.p2pchat.internal.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a chat line into lines that fit a small receive buffer (PROTOCOL.md section 2, Sending).
 *
 * <p>It splits between code points. White space at a split is left out, because the receiver strips
 * it. A piece must not equal a reserved text, because it would act as a command. So the split
 * before it moves back code point by code point. If that does not help, the piece itself is split.
 */
public final class TextSplitter {
  private final String text;
  private final int room;

  private TextSplitter(String text, int room) {
    this.text = text;
    this.room = room;
  }

  /**
   * Returns the lines that carry {@code line}, each at most {@code maxBytes} encoded. If it fits,
   * returns it alone.
   */
  public static List<ChatLine> cut(ChatLine line, int maxBytes) {
    if (line.encodedLength() <= maxBytes) {
      return List.of(line);
    }
    int header = ChatLine.of(line.port(), line.team(), "").encodedLength();
    return new TextSplitter(line.text(), maxBytes - header).cut(line);
  }

  private List<ChatLine> cut(ChatLine line) {
    List<ChatLine> pieces = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = end(start);
      pieces.add(ChatLine.of(line.port(), line.team(), text.substring(start, end)));
      start = skipWhiteSpace(end);
    }
    return pieces;
  }

  private int end(int start) {
    int longest = fit(start);
    for (int end = longest; end > start; end = text.offsetByCodePoints(end, -1)) {
      int next = skipWhiteSpace(end);
      if (!isReserved(start, end) && !isReserved(next, fit(next))) {
        return end;
      }
    }
    return isReserved(start, longest) ? text.offsetByCodePoints(start, 1) : longest;
  }

  /** Returns the furthest index to which the text from {@code start} fits into one line. */
  private int fit(int start) {
    int left = room;
    int end = start;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      left -= encodedLength(codePoint);
      if (left < 0) {
        return end;
      }
      end += Character.charCount(codePoint);
    }
    return end;
  }

  /** Returns the UTF-8 bytes of a code point. A line break is sent as U+2028. */
  private static int encodedLength(int codePoint) {
    if (codePoint == '\n') {
      return 3;
    }
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  private int skipWhiteSpace(int from) {
    int start = from;
    while (start < text.length() && Character.isWhitespace(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    return start;
  }

  private boolean isReserved(int start, int end) {
    return ReservedText.of(text.substring(start, end)) != null;
  }
}
