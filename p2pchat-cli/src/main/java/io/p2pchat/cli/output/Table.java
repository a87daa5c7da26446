package io.p2pchat.cli.output;

import java.lang.Character.UnicodeScript;
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
  private static final int FIRST_PICTURE = 0x1F300;
  private static final int LAST_PICTURE = 0x1FAFF;

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
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    return WIDE.contains(UnicodeScript.of(codePoint))
        || (codePoint >= FIRST_PICTURE && codePoint <= LAST_PICTURE);
  }
}
