package io.p2pchat.internal.protocol;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Answers {@link Outbox}.
 *
 * @param entries how far the messages of each outbox are stored
 */
public record Stored(List<Entry> entries) implements ControlLine {
  private static final String KEY = "STORED:";

  /** The length of an entry with the greatest number. */
  private static final int LONGEST = 26 + 1 + 18;

  /**
   * How far the messages of an outbox are stored.
   *
   * @param outbox the outbox
   * @param number the greatest number that is stored, or 0 if none is
   */
  public record Entry(String outbox, long number) {
    /** Checks the fields. */
    public Entry {
      RandomIds.requireOutbox(outbox);
      ControlFields.requireCount("the number", number);
    }

    private static Entry read(String text) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("an outbox without a number");
      }
      return new Entry(
          text.substring(0, colon), ControlFields.number("the number", text.substring(colon + 1)));
    }

    private String format() {
      return outbox + ":" + number;
    }
  }

  /** Checks the fields. */
  public Stored {
    entries = List.copyOf(entries);
    ControlFields.requireNumber("the number of outboxes", entries.size(), 1, Outbox.MOST);
  }

  static Stored read(String list) {
    return new Stored(Outbox.split(list).stream().map(Entry::read).toList());
  }

  /**
   * Returns as few lines as hold all these entries, in order.
   *
   * @param limit the longest frame that the reader accepts, in bytes with the line end
   */
  public static List<Stored> of(List<Entry> entries, int limit) {
    return Outbox.divide(entries, KEY.length(), LONGEST, limit).stream().map(Stored::new).toList();
  }

  @Override
  public String format() {
    return entries.stream().map(Entry::format).collect(Collectors.joining(",", KEY, ""));
  }
}
