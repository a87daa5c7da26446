package io.p2pchat.internal.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks how far the reader has stored the numbered messages of the sender. Answered by {@link
 * Stored}.
 *
 * @param ids the outboxes of the sender with messages that are not settled, and its current one
 */
public record Outbox(List<String> ids) implements ControlLine {
  /** The maximum number of outboxes of a line. */
  public static final int MOST = 64;

  private static final String KEY = "OUTBOX:";
  private static final int ID_LENGTH = 26;

  /** Checks the fields. */
  public Outbox {
    ids = List.copyOf(ids);
    ControlFields.requireNumber("the number of outboxes", ids.size(), 1, MOST);
    ids.forEach(RandomIds::requireOutbox);
  }

  static Outbox read(String list) {
    return new Outbox(split(list));
  }

  /** Splits a list at its commas, into one part more than a line may have at most. */
  static List<String> split(String list) {
    return List.of(list.split(",", MOST + 1));
  }

  /**
   * Returns as few lines as name all these outboxes, in order.
   *
   * @param limit the longest frame that the reader accepts, in bytes with the line end
   */
  public static List<Outbox> of(List<String> ids, int limit) {
    return divide(ids, KEY.length(), ID_LENGTH, limit).stream().map(Outbox::new).toList();
  }

  /**
   * Divides the parts of a list to lines.
   *
   * @param key the length of what precedes the parts in each line
   * @param longest the length of the longest part
   */
  static <T> List<List<T>> divide(List<T> parts, int key, int longest, int limit) {
    int most = Math.max(1, Math.min(MOST, (limit - key) / (longest + 1)));
    List<List<T>> lines = new ArrayList<>();
    for (int from = 0; from < parts.size(); from += most) {
      lines.add(parts.subList(from, Math.min(parts.size(), from + most)));
    }
    return lines;
  }

  @Override
  public String format() {
    return KEY + String.join(",", ids);
  }
}
