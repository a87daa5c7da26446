package io.p2pchat.cli.chat;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Shows a line with the date before the first lines of a new day. Not thread-safe. */
final class DateLines implements Consumer<List<String>> {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu", Locale.ENGLISH);

  private final Consumer<List<String>> screen;
  private final InstantSource clock;
  private final boolean signs;
  private LocalDate shown;

  /**
   * Creates it on the day of the first lines, which the user knows.
   *
   * @param signs whether to use signs beyond ASCII
   */
  DateLines(Consumer<List<String>> screen, InstantSource clock, boolean signs) {
    this.screen = screen;
    this.clock = clock;
    this.signs = signs;
    this.shown = today(clock);
  }

  private static LocalDate today(InstantSource clock) {
    return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
  }

  @Override
  public void accept(List<String> lines) {
    LocalDate today = today(clock);
    if (today.equals(shown)) {
      screen.accept(lines);
      return;
    }
    shown = today;
    List<String> all = new ArrayList<>(List.of(rule(today, signs)));
    all.addAll(lines);
    screen.accept(all);
  }

  /** Returns the line before what was said on a day. */
  static String rule(LocalDate day, boolean signs) {
    return ChatFormat.rule(DATE.format(day), signs);
  }
}
