package io.p2pchat.internal.security;

import static java.util.stream.Collectors.joining;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compares team names, as the table of trust does and as a person sees them. Stateless and
 * thread-safe.
 *
 * <p>What a person sees is compared by the skeletons of UTS #39, with a table of the letters,
 * digits and signs that are likely in a name, and without the case of letters. It is a help for
 * people: a name that looks like another one may be missing in the table.
 */
final class TeamNames {
  /** In each row, the skeleton of all characters after the space. */
  private static final List<String> LOOK_ALIKES =
      List.of(
          "a \u0430\u0410\u03b1\u0391\u0251\u1d00\u13aa\ua4ee\u2c80\u2c81",
          "ae \u00e6\u00c6\u04d5\u04d4",
          "b \u0432\u0412\u044c\u042c\u0392\u0299\u0185\u0184\u13cf\u13f4\ua4d0\u2c82",
          "bl \u044b\u042b",
          "c \u0441\u0421\u03f2\u03f9\u1d04\u13df\ua4da\u2ca4\u2ca5",
          "cl d",
          "d \u0501\u1d05\u13a0\u13e7\ua4d3",
          "e \u0435\u0415\u04bd\u0395\u1d07\u13ac\ua4f0\u2c88",
          "f \u017f\ua4dd",
          "g \u0261\u050c\u0581\u0262\u13c0\ua4d6",
          "h \u043d\u041d\u04bb\u04ba\u0397\u0570\u029c\u13bb\ua4e7\u2c8e",
          "i \u0456\u03b9\u0131\u0269\u026a\u13a5\u2c93",
          "j \u0458\u0408\u03f3\u037f\u1d0a\u13ab\ua4d9",
          "k \u043a\u041a\u03ba\u039a\u0138\u1d0b\u13e6\ua4d7\u2c94\u2c95",
          "l 1|I\u0406\u04cf\u04c0\u0399\u01c0\u0196\u029f\u13de\ua4e1\ua4f2\u05d5\u05df\u0627\u2223\u2c92\u0552",
          "lo \u044e\u042e",
          "m \u043c\u041c\u039c\u1d0d\u13b7\ua4df\u2c98",
          "n \u043f\u03b7\u039d\u0578\u0274\ua4e0\u2c9a",
          "o \u043e\u041e\u03bf\u039f\u03c3\u1d0f\u0555\u0585\u05e1\u0647\u10ff\ua4f3\u2c9e\u2c9f",
          "oe \u0153\u0152",
          "p \u0440\u0420\u03c1\u03a1\u1d18\u13e2\ua4d1\u2ca2\u2ca3",
          "q \u051b\u051a\u0566",
          "r \u0433\u1d26\u0280\u13a1\u13d2\ua4e3",
          "rn m",
          "s \u0455\u0405\u054f\ua731\u13d5\u13da\ua4e2",
          "t \u0442\u0422\u03c4\u03a4\u1d1b\u13a2\ua4d4\u2ca6",
          "u \u03c5\u057d\u054d\u1d1c\ua4f4",
          "v \u03bd\u0475\u0474\u1d20\u13d9\ua4e6",
          "vv w",
          "w \u051d\u051c\u0461\u0460\u0561\u1d21\u13b3\u13d4\ua4ea",
          "x \u0445\u0425\u03c7\u03a7\ua4eb\u2cac\u2cad",
          "y \u0443\u0423\u04af\u04ae\u04b1\u04b0\u03b3\u03a5\u028f\u13a9\ua4ec\u2ca8",
          "z \u0396\u1d22\u13c3\ua4dc",
          "3 \u0437\u0417\u04e1\u04e0\u0292\u01b7\u021d\u021c\u0545",
          "4 \u13ce",
          "6 \u0431",
          "8 \u0223\u0222",
          "\u00df \u03b2",
          "\u025b \u03b5\u0454\u0511",
          "\u03b3 \u0413\u0393",
          "\u03c0 \u041f\u03a0",
          "\u03bb \u041b\u043b\u039b",
          "\u03c6 \u0424\u0444\u03a6",
          "' `\u00b4\u2018\u2019\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u2032\u2035\u05f3\ua78c",
          "- \u2212\u02d7\u2796\u2043",
          "/ \u2044\u2215\u29f8",
          ": \u2236\u02d0\ua789\u0589\u05c3",
          "! \u01c3",
          ", \u201a\u060c",
          "\u00b7 \u2022\u2027\u2219\u22c5\u30fb\u0387",
          "* \u2217\u204e\u066d",
          "~ \u223c\u02dc");

  private static final Map<Integer, String> SKELETONS = skeletons();

  private static final Pattern WORDS = Pattern.compile("[\\s\\p{Z}]+");

  /** Scripts that one word of a language may mix, also with Latin. */
  private static final List<Set<UnicodeScript>> MIXED =
      List.of(
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL),
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.BOPOMOFO));

  private static final Set<UnicodeScript> OF_ALL =
      EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN);

  /** Scripts without joiners. */
  private static final Set<UnicodeScript> UNJOINED =
      EnumSet.of(UnicodeScript.LATIN, UnicodeScript.GREEK, UnicodeScript.CYRILLIC);

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  /**
   * The forms of a name by which others are found.
   *
   * @param folded as {@link #fold} returns it
   * @param skeletons as {@link #skeletons(String)} returns them
   */
  record Forms(String folded, Set<String> skeletons) {
    static Forms of(String team) {
      return new Forms(fold(team), TeamNames.skeletons(team));
    }
  }

  private TeamNames() {}

  /**
   * Returns the form by which names are compared: stripped, with compatible forms of Unicode made
   * equal (NFKC), and without the case of letters.
   */
  static String fold(String team) {
    StringBuilder folded = new StringBuilder(team.length());
    Normalizer.normalize(team, Form.NFKC)
        .strip()
        .codePoints()
        .map(TeamNames::withoutCase)
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }

  private static int withoutCase(int character) {
    return Character.toLowerCase(Character.toUpperCase(character));
  }

  /**
   * Returns the skeletons of a name: as it is written, and without case. Names that share one look
   * alike.
   */
  static Set<String> skeletons(String team) {
    String written = skeleton(team.strip());
    String folded = skeleton(fold(team));
    return written.equals(folded) ? Set.of(written) : Set.of(written, folded);
  }

  private static String skeleton(String name) {
    StringBuilder skeleton = new StringBuilder(name.length());
    Normalizer.normalize(name, Form.NFKD)
        .codePoints()
        .filter(character -> !isInvisible(character))
        .forEach(character -> appendSkeleton(skeleton, character));
    return skeleton.toString().strip();
  }

  private static void appendSkeleton(StringBuilder to, int character) {
    String known = SKELETONS.get(character);
    int lower = withoutCase(character);
    if (known != null) {
      to.append(known);
    } else if (lower != character) {
      appendSkeleton(to, lower);
    } else if (Character.isSpaceChar(character)) {
      appendSpace(to);
    } else if (Character.getType(character) == Character.DASH_PUNCTUATION) {
      to.append('-');
    } else if (Character.digit(character, 10) == 0) {
      to.append('o');
    } else {
      to.appendCodePoint(character);
    }
  }

  private static void appendSpace(StringBuilder to) {
    if (to.length() > 0 && to.charAt(to.length() - 1) != ' ') {
      to.append(' ');
    }
  }

  /** A row may name another row: a Cyrillic M is an m, and that is an rn. */
  private static Map<Integer, String> skeletons() {
    Map<Integer, String> skeletons = new HashMap<>();
    for (String row : LOOK_ALIKES) {
      int space = row.indexOf(' ');
      String skeleton = row.substring(0, space);
      row.substring(space + 1).codePoints().forEach(like -> skeletons.put(like, skeleton));
    }
    skeletons.replaceAll(
        (like, skeleton) ->
            skeleton
                .codePoints()
                .mapToObj(part -> skeletons.getOrDefault(part, Character.toString(part)))
                .collect(joining()));
    return Map.copyOf(skeletons);
  }

  /**
   * Returns whether the name has invisible characters, or mixes scripts in a word as no language
   * does. Characters that join the signs of emoji, or letters of scripts that need it, are none.
   */
  static boolean isSuspicious(String team) {
    return hasInvisible(team) || WORDS.splitAsStream(team).anyMatch(TeamNames::isMixed);
  }

  private static boolean isMixed(String word) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    word.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
    scripts.removeAll(OF_ALL);
    if (scripts.size() <= 1) {
      return false;
    }
    scripts.remove(UnicodeScript.LATIN);
    return MIXED.stream().noneMatch(mixed -> mixed.containsAll(scripts));
  }

  private static boolean hasInvisible(String team) {
    int before = ' ';
    for (int character : team.codePoints().toArray()) {
      if (isInvisible(character) && !isJoined(before, character)) {
        return true;
      }
      before = character;
    }
    return false;
  }

  /** Returns whether an invisible character is in its place after this one. */
  private static boolean isJoined(int before, int character) {
    boolean isJoiner = character == ZERO_WIDTH_JOINER || character == ZERO_WIDTH_NON_JOINER;
    boolean isSign =
        Character.getType(before) == Character.OTHER_SYMBOL
            || Character.getType(before) == Character.MODIFIER_SYMBOL;
    UnicodeScript script = UnicodeScript.of(before);
    return isJoiner
        ? isSign
            || isVariationSelector(before)
            || !(OF_ALL.contains(script) || UNJOINED.contains(script))
        : isVariationSelector(character) && (isSign || script == UnicodeScript.HAN);
  }

  private static boolean isVariationSelector(int character) {
    return (character >= 0xfe00 && character <= 0xfe0f)
        || (character >= 0xe0100 && character <= 0xe01ef);
  }

  /** Format characters, those that Unicode says are ignored by default, and blank letters. */
  private static boolean isInvisible(int character) {
    return Character.getType(character) == Character.FORMAT
        || isVariationSelector(character)
        || character == 0x034f
        || (character >= 0x115f && character <= 0x1160)
        || (character >= 0x17b4 && character <= 0x17b5)
        || (character >= 0x180b && character <= 0x180f)
        || character == 0x2065
        || character == 0x2800
        || character == 0x3164
        || character == 0xffa0
        || (character >= 0xfff0 && character <= 0xfff8)
        || (character >= 0xe0000 && character <= 0xe0fff);
  }
}
