package io.p2pchat.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Breaks escaped lines at blanks for a terminal. It knows styles, which have no width. Further
 * lines are indented, so that a text cannot begin one that looks like another's. A no-break space
 * is shown as a space, and no line is broken there.
 */
public final class LineWrap {
  /** Keeps the words on both sides on one line. */
  public static final char NO_BREAK = '\u00A0';

  private static final int INDENT = 2;
  private static final int INDENT_AFTER_TIME = 11;
  private static final char ESCAPE = '\033';
  private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2} ");
  private static final Pattern STYLE = Pattern.compile("\033\\[[0-9;]*m");

  /** The beginning of an indented line up to its second column, or of another up to its third. */
  private static final Pattern INDENTED =
      Pattern.compile(" +(?:\\S+(?: \\S+)* {2,})?|\\S+ {2,}(?:\\S+ {2,})?");

  private final int columns;
  private final int indent;
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder blanks = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private int column;
  private int wordWidth;

  private LineWrap(int columns, int indent) {
    this.columns = columns;
    this.indent = indent;
  }

  /**
   * Breaks a line.
   *
   * @param columns the width of the terminal; below 1 if it is unknown, so that nothing is broken
   * @return one line or more
   */
  public static List<String> of(String text, int columns) {
    if (columns < 1 || (text.length() <= columns && Table.width(text) <= columns)) {
      return List.of(shown(text));
    }
    String plain = shown(STYLE.matcher(text).replaceAll(""));
    return new LineWrap(columns, indent(plain, columns)).wrap(text);
  }

  private static String shown(CharSequence line) {
    return line.toString().replace(NO_BREAK, ' ');
  }

  private static int indent(String plain, int columns) {
    Matcher indented = INDENTED.matcher(plain);
    int wanted =
        TIME.matcher(plain).lookingAt()
            ? INDENT_AFTER_TIME
            : indented.lookingAt() ? indented.end() : INDENT;
    return wanted <= columns / 2 ? wanted : Math.min(INDENT, columns / 2);
  }

  private List<String> wrap(String text) {
    Matcher style = STYLE.matcher(text);
    for (int at = 0; at < text.length(); ) {
      int next = text.codePointAt(at);
      int end = at + Character.charCount(next);
      if (next == ESCAPE && style.region(at, text.length()).lookingAt()) {
        end = style.end();
        word.append(style.group());
      } else if (Character.isSpaceChar(next) && next != NO_BREAK) {
        endWord();
        blanks.append(' '); // Others can be two columns wide.
      } else {
        word.appendCodePoint(next);
        wordWidth += Table.width(next);
      }
      at = end;
    }
    endWord();
    if (column + blanks.length() <= columns) {
      line.append(blanks);
    }
    lines.add(shown(line));
    return lines;
  }

  private void endWord() {
    if (wordWidth == 0 || column + blanks.length() + wordWidth <= columns) {
      append(wordWidth);
    } else if (wordWidth <= columns - indent) {
      startLine();
      append(wordWidth);
    } else if (word.chars().allMatch(c -> c < 0x80)) {
      // Such as the address of a page. The terminal breaks it, and can copy it as one.
      append(wordWidth);
      column = columns; // What follows must not begin at the left edge.
    } else {
      breakWord();
    }
    word.setLength(0);
    wordWidth = 0;
  }

  private void append(int width) {
    if (word.length() > 0) {
      line.append(blanks).append(word);
      column += blanks.length() + width;
      blanks.setLength(0);
    }
  }

  private void startLine() {
    lines.add(shown(line));
    line.setLength(0);
    line.append(" ".repeat(indent));
    column = indent;
    blanks.setLength(0);
  }

  /** Breaks a word that is longer than a line. */
  private void breakWord() {
    if (column + blanks.length() >= columns) {
      startLine();
    }
    line.append(blanks);
    column += blanks.length();
    blanks.setLength(0);
    String all = word.toString();
    Matcher style = STYLE.matcher(all);
    for (int at = 0; at < all.length(); ) {
      int next = all.codePointAt(at);
      int end = at + Character.charCount(next);
      if (next == ESCAPE && style.region(at, all.length()).lookingAt()) {
        end = style.end();
      } else {
        int width = Table.width(next);
        if (column + width > columns) {
          startLine();
        }
        column += width;
      }
      line.append(all, at, end);
      at = end;
    }
  }
}
