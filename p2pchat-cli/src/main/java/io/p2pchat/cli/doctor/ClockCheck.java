package io.p2pchat.cli.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says whether the clock is far from the time of the build, or has jumped since the start. */
final class ClockCheck implements Check {
  /** The {@code project.build.outputTimestamp} of the build: no clock is right that is before. */
  static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  private static final String NAME = "clock";
  private static final Duration MAX_AGE = Duration.ofDays(10 * 365);
  private static final Duration MAX_JUMP = Duration.ofSeconds(10);
  private static final String SET = "Set the clock, or turn on its synchronization.";

  private final InstantSource day;
  private final LongSupplier nanos;
  private final Instant startDay;
  private final long startNanos;
  private final Duration watch;

  /**
   * Creates the check, and looks at the clocks for the first time.
   *
   * @param day the clock of the day
   * @param nanos the clock of the process, in nanoseconds
   * @param watch how long a run waits for a jump
   */
  ClockCheck(InstantSource day, LongSupplier nanos, Duration watch) {
    this.day = day;
    this.nanos = nanos;
    this.watch = watch;
    this.startDay = day.instant();
    this.startNanos = nanos.getAsLong();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(watch.toNanos());
    Instant now = day.instant();
    String shown = now.truncatedTo(ChronoUnit.SECONDS).toString();
    if (now.isBefore(BUILT)) {
      return warning("The clock shows " + shown + ", before this program was built.", SET);
    }
    if (now.isAfter(BUILT.plus(MAX_AGE))) {
      return warning(
          "The clock shows " + shown + ", many years after this program was built.", SET);
    }
    Duration passed = Duration.ofNanos(nanos.getAsLong() - startNanos);
    Duration jump = Duration.between(startDay, now).minus(passed);
    if (jump.abs().compareTo(MAX_JUMP) > 0) {
      return warning(
          "The clock has jumped by " + jump.toSeconds() + " s since the start.",
          "If the machine was asleep, wait a minute: peers are found anew. Else check the clock.");
    }
    return List.of(Finding.ok(NAME, "The clock shows " + shown + "."));
  }

  private static List<Finding> warning(String text, String next) {
    return List.of(Finding.warning(NAME, text, next));
  }
}
