package io.p2pchat.cli.chat;

import io.p2pchat.cli.chat.ChatFormat.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sent message with its result. If the result takes longer than a moment, the message is shown as
 * pending, and the result gets its own line.
 */
final class SentMessage implements ChatOutput.Pending {
  private static final int MAX_REPEATED = 40;

  private final ChatFormat format;
  private final ChatOutput output;
  private final Supplier<String> to;
  private final String text;
  private final Supplier<String> pendingReason;
  private final CompletableFuture<Outcome> outcome;
  private final Instant sentAt = Instant.now();
  private final long deadline;

  /**
   * The result of a message.
   *
   * @param mark its status
   * @param details further lines, such as the reason of a failure
   * @param shown called when the result is shown
   */
  record Outcome(Mark mark, List<String> details, Runnable shown) {
    Outcome(Mark mark, List<String> details) {
      this(mark, details, () -> {});
    }
  }

  /**
   * Creates a message that was sent just now.
   *
   * @param to the name of the recipient, which may become known later
   * @param pendingReason why the message is pending, asked if it is
   */
  SentMessage(
      ChatFormat format,
      ChatOutput output,
      Supplier<String> to,
      String text,
      Supplier<String> pendingReason,
      CompletableFuture<Outcome> outcome) {
    this.format = format;
    this.output = output;
    this.to = to;
    this.text = text;
    this.pendingReason = pendingReason;
    this.outcome = outcome;
    this.deadline = System.nanoTime() + output.pendingDelay().toNanos();
    outcome.thenRun(output::changed);
  }

  @Override
  public @Nullable List<String> lines(long nowNanos) {
    if (outcome.isDone()) {
      Outcome known = outcome.join();
      return with(known.mark == Mark.PENDING ? pending() : sent(known.mark), known);
    }
    if (nowNanos - deadline < 0) {
      return null;
    }
    outcome.thenAccept(this::showLate);
    return List.of(pending());
  }

  private String sent(Mark mark) {
    return format.sent(sentAt, mark, to.get(), text);
  }

  private String pending() {
    return sent(Mark.PENDING) + format.dim(" (" + pendingReason.get() + ")");
  }

  /** Shows a late result. A message that is still pending is shown already. */
  private void showLate(Outcome late) {
    if (late.mark != Mark.PENDING) {
      output.offer(now -> lateResult(late));
    }
  }

  private List<String> lateResult(Outcome late) {
    return with(format.result(Instant.now(), late.mark, to.get(), sentAt, begin(text)), late);
  }

  /** Returns the beginning of a text, by which a late result is recognized. */
  static String begin(String text) {
    return text.codePointCount(0, text.length()) <= MAX_REPEATED
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_REPEATED)) + "…";
  }

  private static List<String> with(String line, Outcome known) {
    known.shown.run();
    List<String> lines = new ArrayList<>();
    lines.add(line);
    known.details.forEach(detail -> lines.add(ChatFormat.detail(detail)));
    return lines;
  }
}
