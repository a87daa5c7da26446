package io.p2pchat.cli.output;

import io.p2pchat.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows the names that peers have chosen, so that none looks like what the program itself says.
 * Letters, digits and the usual marks of names stay as they are. Other names are quoted. Invisible
 * and blank-looking characters are escaped in any name.
 */
public final class NameText {
  /** The most columns of a quoted name on a terminal. */
  private static final int MAX_COLUMNS = 24;

  /** How many characters before a difference are shown. */
  private static final int CONTEXT = 7;

  /** The most combining marks on one letter. */
  private static final int MAX_MARKS = 4;

  /** ASCII characters without a meaning in the lines of the program. */
  private static final String PLAIN = " !#$%&'*+-./=?@^_`{}~";

  /** Ends a sentence, if a space follows. */
  private static final String STOPS = ".!?";

  /** Letters that look like the signs of the program. */
  private static final String LIKE_SIGNS = "\u01C0\u01C1\u01C3\u02D0\u02D1\uA4FC\uA4FD\uA4FE\uA4FF";

  /** Blank or invisible, though they are letters, marks or signs. */
  private static final String BLANK =
      "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";

  private static final int RIGHT_QUOTE = 0x2019;

  /** A name in quotes, in which a backslash stands before its own quotes and backslashes. */
  private static final Pattern IN_QUOTES =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);

  private static final Pattern BACKSLASH = Pattern.compile("\\\\([\"\\\\])");

  private NameText() {}

  /** Returns a name for scripts. Nothing of it is left out. */
  public static String of(String name) {
    return isOrdinary(name) ? escaped(name, false) : quoted(name);
  }

  /** Returns a name in quotes. */
  public static String quoted(String name) {
    return inQuotes(escaped(name, true));
  }

  /** Returns a name for a terminal. One with quotes or escapes has at most 24 columns. */
  public static String shortened(String name) {
    String shown = escaped(name, false);
    boolean isLong = !shown.equals(name) && Table.width(shown) > MAX_COLUMNS;
    return isOrdinary(name) && !isLong ? shown : inQuotes(cut(escaped(name, true)));
  }

  /**
   * Returns two names in quotes for a terminal, so that they do not look the same if they differ.
   * Of what both begin with, only the end is shown. Each name has at most 24 columns.
   */
  public static List<String> distinct(String name, String other) {
    int[] one = name.codePoints().toArray();
    int[] two = other.codePoints().toArray();
    int from = Math.max(0, Arrays.mismatch(one, two) - CONTEXT);
    return List.of(end(one, from), end(two, from));
  }

  private static String end(int[] name, int from) {
    String end = escaped(new String(name, from, name.length - from), true);
    return inQuotes(cut(from == 0 ? end : "…" + end));
  }

  /** Returns a sentence of the library with its quoted names as {@link #quoted} shows them. */
  public static String quotedIn(String sentence) {
    return replaced(sentence, name -> quoted(BACKSLASH.matcher(name).replaceAll("$1")));
  }

  /** Returns a line of the program with its quoted names cut for a terminal. */
  public static String shortenedIn(String line) {
    return replaced(line, name -> inQuotes(cut(name)));
  }

  private static String replaced(String line, UnaryOperator<String> name) {
    return IN_QUOTES
        .matcher(line)
        .replaceAll(found -> Matcher.quoteReplacement(name.apply(found.group(1))));
  }

  /** Returns a shown name for a sentence, where a space could end the name. */
  public static String inSentence(String shown) {
    return shown.indexOf(' ') >= 0 && shown.charAt(0) != '"' ? inQuotes(cut(shown)) : shown;
  }

  private static String inQuotes(String escaped) {
    return '"' + escaped + '"';
  }

  /** Returns whether it needs no quotes. The name of raw lines is not for any other peer. */
  private static boolean isOrdinary(String name) {
    String unknown = Peer.UNKNOWN_TEAM;
    if (name.regionMatches(true, 0, unknown, 0, unknown.length()) || name.contains("  ")) {
      return false;
    }
    int last = ' ';
    for (int each : name.codePoints().toArray()) {
      if (!isOrdinary(each) || (each == ' ' && STOPS.indexOf(last) >= 0)) {
        return false;
      }
      last = each;
    }
    return true;
  }

  private static boolean isOrdinary(int each) {
    if (each < 0x80) {
      return Character.isLetterOrDigit(each) || PLAIN.indexOf(each) >= 0 || isHidden(each);
    }
    return isHidden(each)
        || isMark(each)
        || isPicture(each)
        || each == RIGHT_QUOTE
        || (Character.isLetterOrDigit(each) && LIKE_SIGNS.indexOf(each) < 0);
  }

  /** Returns whether it is a pictogram that does not look like a lock, a check mark or an arrow. */
  private static boolean isPicture(int each) {
    return (each >= 0x1F300 && each <= 0x1F50E)
        || (each >= 0x1F514 && each <= 0x1F56F)
        || (each >= 0x1F600 && each <= 0x1F64F)
        || (each >= 0x1F680 && each <= 0x1F6FF)
        || (each >= 0x1F900 && each <= 0x1FAFF);
  }

  private static boolean isMark(int each) {
    return switch (Character.getType(each)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> false;
    };
  }

  /** Returns whether people see nothing of it, or not the same on each terminal. */
  private static boolean isHidden(int each) {
    return switch (Character.getType(each)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.ENCLOSING_MARK ->
          true;
      case Character.SPACE_SEPARATOR -> each != ' ';
      default -> BLANK.indexOf(each) >= 0 || isVariation(each);
    };
  }

  private static boolean isVariation(int each) {
    return (each >= 0xFE00 && each <= 0xFE0F) || (each >= 0xE0100 && each <= 0xE01EF);
  }

  /** Escapes what is hidden, and marks that are on no letter or are too many for one. */
  private static String escaped(String name, boolean inQuotes) {
    StringBuilder shown = new StringBuilder(name.length() + 2);
    int marks = MAX_MARKS;
    for (int each : name.codePoints().toArray()) {
      boolean isMark = isMark(each);
      marks = isMark ? marks + 1 : Character.isLetter(each) ? 0 : MAX_MARKS;
      if (isHidden(each) || (isMark && marks > MAX_MARKS)) {
        TerminalEscaper.appendEscape(shown, each);
      } else {
        shown.append(inQuotes && (each == '"' || each == '\\') ? "\\" : "").appendCodePoint(each);
      }
    }
    return shown.toString();
  }

  private static String cut(String escaped) {
    int most = MAX_COLUMNS - 2;
    if (Table.width(escaped) <= most) {
      return escaped;
    }
    StringBuilder begin = new StringBuilder();
    int columns = 1;
    for (int each : escaped.codePoints().toArray()) {
      columns += Table.width(each);
      if (columns > most) {
        break;
      }
      begin.appendCodePoint(each);
    }
    return begin.append('…').toString();
  }
}
