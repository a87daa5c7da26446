package io.p2pchat.internal.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code KEY:value} fields of a control line, joined by {@code |}. If a key occurs twice, the
 * first value counts.
 *
 * @param key the first key, which names the line
 * @param values all values by key
 */
record ControlFields(String key, Map<String, String> values) {
  /** The greatest count on the wire. 18 digits always fit into a long. */
  static final long MAX_COUNT = 999_999_999_999_999_999L;

  private static final int MAX_DIGITS = 18;

  static ControlFields split(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String field : line.split("\\|", -1)) {
      int colon = field.indexOf(':');
      String key = colon < 0 ? field : field.substring(0, colon);
      values.putIfAbsent(key, colon < 0 ? "" : field.substring(colon + 1));
    }
    return new ControlFields(values.keySet().iterator().next(), values);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    @Nullable String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  long number(String name) {
    return number(name, text(name));
  }

  static long number(String name, String digits) {
    boolean isNumber = digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!isNumber || digits.isEmpty() || digits.length() > MAX_DIGITS) {
      throw new IllegalArgumentException(name + " is not a number of 1 to 18 digits");
    }
    return Long.parseLong(digits);
  }

  int number(String name, int low, int high) {
    long number = number(name);
    requireNumber(name, number, low, high);
    return (int) number;
  }

  static void requireNumber(String name, long number, long low, long high) {
    if (number < low || number > high) {
      throw new IllegalArgumentException(name + " is not " + low + " to " + high);
    }
  }

  static void requireCount(String name, long count) {
    requireNumber(name, count, 0, MAX_COUNT);
  }

  static void requireVersion(String name, int version) {
    requireNumber(name, version, 1, Integer.MAX_VALUE);
  }

  static void requireToken(String name, String token) {
    // Hot: a peer that sends nothing but PING runs this loop more than anything else.
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c == '|' || Character.isISOControl(c)) {
        throw new IllegalArgumentException(name + " holds a | or a control character");
      }
    }
  }
}
