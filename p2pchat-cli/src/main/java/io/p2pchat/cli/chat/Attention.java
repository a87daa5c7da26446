package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.TerminalEscaper;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Announces messages that come while the user looks elsewhere: by the bell or a notification, at
 * most one in five seconds, by the title of the window, and by a rule above the first of them. The
 * user reads when the terminal gets the focus, or when a line was typed. Where the terminal does
 * not report its focus, or has not done so yet, there is no rule, and the user may look elsewhere
 * ten seconds after the last line.
 *
 * <p>This class is thread-safe. Its control sequences contain no text of peers but that of the
 * notification, which is escaped.
 */
final class Attention {
  private static final String BELL = "\007";
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LOOKS_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int MAX_CHARS = 120;
  private static final int MAX_COUNT = 999;

  private final NotifyMode mode;
  private final TerminalSupport.Notification notification;
  private final boolean signs;
  private final LongSupplier clock;
  private Focus focus = Focus.UNKNOWN;
  private boolean hasTitle;
  private int unread;
  private @Nullable Long notified;
  private @Nullable Long typed;
  private String controls = "";

  private enum Focus {
    UNKNOWN,
    HERE,
    ELSEWHERE
  }

  /**
   * Creates it for one terminal.
   *
   * @param notification what the terminal has
   * @param signs whether to use signs beyond ASCII
   * @param clock nanoseconds
   */
  Attention(
      NotifyMode mode,
      TerminalSupport.Notification notification,
      boolean signs,
      LongSupplier clock) {
    this.mode = mode;
    this.notification = notification;
    this.signs = signs;
    this.clock = clock;
  }

  /** Returns the sequence that sets the title for the first time. From now on, it is kept. */
  synchronized String begin() {
    hasTitle = true;
    return title();
  }

  /**
   * A message comes. Returns the lines to show above it.
   *
   * @param from the name of the sender, not escaped
   * @param text the message, not escaped
   */
  synchronized List<String> message(String from, String text) {
    if (focus == Focus.HERE) {
      return List.of();
    }
    unread++;
    if (mode != NotifyMode.OFF && isDue()) {
      controls += mode == NotifyMode.BELL ? BELL : notification.of(text(from, text));
    }
    return focus == Focus.ELSEWHERE && unread == 1 ? List.of(rule("")) : List.of();
  }

  private boolean isDue() {
    long now = clock.getAsLong();
    if (isWithin(PAUSE_NANOS, notified, now)
        || (focus == Focus.UNKNOWN && isWithin(LOOKS_NANOS, typed, now))) {
      return false;
    }
    notified = now;
    return true;
  }

  private static boolean isWithin(long nanos, @Nullable Long since, long now) {
    return since != null && now - since < nanos;
  }

  /** Returns a text that cannot be taken for a command of the terminal. */
  private static String text(String from, String text) {
    String whole = "p2pchat: " + TerminalEscaper.of(from + ": " + text);
    return whole.codePointCount(0, whole.length()) <= MAX_CHARS
        ? whole
        : whole.substring(0, whole.offsetByCodePoints(0, MAX_CHARS));
  }

  /** Returns whether a line is the rule above the first new message. */
  boolean isRule(String line) {
    return line.equals(rule(""));
  }

  private String rule(String count) {
    return ChatFormat.rule(count + "new", signs);
  }

  /** Returns the sequences to write before the next lines. */
  synchronized String controls() {
    String next = unread == 0 ? controls : controls + title();
    controls = "";
    return next;
  }

  /** Returns whether the terminal has reported that it does not have the focus. */
  synchronized boolean isElsewhere() {
    return focus == Focus.ELSEWHERE;
  }

  /** The terminal has lost the focus. */
  synchronized void leave() {
    focus = Focus.ELSEWHERE;
    unread = 0;
  }

  /** The terminal has gained the focus. Returns how many messages are new. */
  synchronized int come() {
    focus = Focus.HERE;
    int before = unread;
    unread = 0;
    return before;
  }

  /** The user has typed a line, and has read what was there. Returns the sequence to write. */
  synchronized String read() {
    boolean isNew = unread > 0;
    unread = 0;
    typed = clock.getAsLong();
    return isNew ? title() : "";
  }

  /** Returns the rule above new messages. */
  String rule(int count) {
    return rule(count + " ");
  }

  /** Returns the sequence that sets the title as it is now. */
  synchronized String title() {
    String count = unread == 0 ? "" : "(" + (unread > MAX_COUNT ? MAX_COUNT + "+" : unread) + ") ";
    return hasTitle ? "\033]2;" + count + "p2pchat" + BELL : "";
  }
}
