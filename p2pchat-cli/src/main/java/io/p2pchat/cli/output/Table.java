package io.p2pchat.cli.output;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Formats rows of text as aligned columns on a terminal. */
public final class Table {
  private static final String GAP = "  ";
  private static final Set<UnicodeScript> WIDE =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI);

  /** The first and the last of other wide characters: full forms, CJK signs and emoji. */
  private static final int[][] OTHER_WIDE = {
    {0x231A, 0x231B},
    {0x2329, 0x232A},
    {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},
    {0x2614, 0x2615},
    {0x2648, 0x2653},
    {0x267F, 0x267F},
    {0x2693, 0x2693},
    {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},
    {0x26BD, 0x26BE},
    {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},
    {0x26EA, 0x26EA},
    {0x26F2, 0x26F3},
    {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},
    {0x26FD, 0x26FD},
    {0x2705, 0x2705},
    {0x270A, 0x270B},
    {0x2728, 0x2728},
    {0x274C, 0x274C},
    {0x274E, 0x274E},
    {0x2753, 0x2755},
    {0x2757, 0x2757},
    {0x2795, 0x2797},
    {0x27B0, 0x27B0},
    {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50},
    {0x2B55, 0x2B55},
    {0x3000, 0x303E},
    {0x3190, 0x31E3},
    {0x3200, 0x3247},
    {0x3250, 0x33FF},
    {0xFE10, 0xFE19},
    {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E},
    {0x1F191, 0x1F19A},
    {0x1F200, 0x1F265},
    {0x1F300, 0x1FAFF}
  };

  /** Makes a picture of the sign before it, which is wide then. */
  private static final int AS_PICTURE = 0xFE0F;

  private static final int FIRST_WIDE = 0x1100;

  /** Half-width forms of wide scripts. */
  private static final int FIRST_HALF = 0xFF61;

  private static final int LAST_HALF = 0xFFDC;

  private Table() {}

  /** Changes the style of a cell, but not its width. */
  public interface Style {
    /** Returns the styled cell. Its text is escaped already. */
    String of(int row, int column, String cell);
  }

  /** Formats rows with the same number of cells. Escapes the cells. */
  public static List<String> of(List<List<String>> rows) {
    return of(rows, (row, column, cell) -> cell);
  }

  /** Returns the same lines with a style. */
  public static List<String> of(List<List<String>> rows, Style style) {
    List<List<String>> shown =
        rows.stream().map(row -> row.stream().map(TerminalEscaper::of).toList()).toList();
    int columns = shown.isEmpty() ? 0 : shown.get(0).size();
    int[] widths =
        IntStream.range(0, columns)
            .map(i -> shown.stream().mapToInt(row -> width(row.get(i))).max().orElse(0))
            .toArray();
    return IntStream.range(0, shown.size())
        .mapToObj(i -> line(shown.get(i), widths, i, style))
        .toList();
  }

  private static String line(List<String> row, int[] widths, int number, Style style) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(i == 0 ? "" : GAP).append(style.of(number, i, cell));
      line.append(" ".repeat(widths[i] - width(cell)));
    }
    return line.toString().stripTrailing();
  }

  static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  static int width(int codePoint) {
    if (codePoint == AS_PICTURE) {
      return 1;
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    return codePoint >= FIRST_WIDE && isOfWideScript(codePoint);
  }

  private static boolean isOfWideScript(int codePoint) {
    boolean isHalf = codePoint >= FIRST_HALF && codePoint <= LAST_HALF;
    return (!isHalf && WIDE.contains(UnicodeScript.of(codePoint)))
        || Arrays.stream(OTHER_WIDE).anyMatch(it -> codePoint >= it[0] && codePoint <= it[1]);
  }
}
