package io.p2pchat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares and prints values by all their fields, so that a new field is not forgotten. */
final class ValueFields {
  private ValueFields() {}

  /** The fields of {@code values}, in order, as a record prints its components. */
  static String toString(String name, Object values) {
    return Arrays.stream(values.getClass().getDeclaredFields())
        .map(field -> field.getName() + "=" + get(field, values))
        .collect(Collectors.joining(", ", name + "[", "]"));
  }

  /** The values of all fields, in order. */
  static List<@Nullable Object> list(Object values) {
    return Arrays.stream(values.getClass().getDeclaredFields())
        .<@Nullable Object>map(field -> get(field, values))
        .toList();
  }

  private static @Nullable Object get(Field field, Object values) {
    try {
      field.setAccessible(true);
      return field.get(values);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a class of this module", e);
    }
  }
}
