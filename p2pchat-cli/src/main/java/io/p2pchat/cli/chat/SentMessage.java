package io.p2pchat.cli.chat;

import io.p2pchat.cli.chat.ChatFormat.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A message of one's own, shown with how it went. What is not known within a moment is shown as
 * waiting, and has a line of its own when it is known.
 */
final class SentMessage implements ChatOutput.Pending {
  private static final int MOST_REPEATED = 40;

  private final ChatFormat format;
  private final ChatOutput output;
  private final Supplier<String> to;
  private final String text;
  private final String waitsFor;
  private final CompletableFuture<Outcome> outcome;
  private final Instant sentAt = Instant.now();
  private final long deadline;

  /**
   * How a message went.
   *
   * @param mark in short
   * @param details lines about it, if anything is to be said
   */
  record Outcome(Mark mark, List<String> details) {}

  /**
   * Makes a message that was sent just now.
   *
   * @param to whom it is for, as it is shown: more may be known of it later
   * @param waitsFor what it waits for if it has to
   */
  SentMessage(
      ChatFormat format,
      ChatOutput output,
      Supplier<String> to,
      String text,
      String waitsFor,
      CompletableFuture<Outcome> outcome) {
    this.format = format;
    this.output = output;
    this.to = to;
    this.text = text;
    this.waitsFor = waitsFor;
    this.outcome = outcome;
    this.deadline = System.nanoTime() + output.patience().toNanos();
    outcome.thenRun(output::changed);
  }

  @Override
  public @Nullable List<String> lines(long nowNanos) {
    if (outcome.isDone()) {
      Outcome known = outcome.join();
      return with(format.sent(sentAt, known.mark, to.get(), text), known.details);
    }
    if (nowNanos - deadline < 0) {
      return null;
    }
    outcome.thenAccept(late -> output.offer(now -> cameLate(late)));
    return List.of(
        format.sent(sentAt, Mark.WAITING, to.get(), text) + format.dim(" (" + waitsFor + ")"));
  }

  private List<String> cameLate(Outcome late) {
    String begin =
        text.codePointCount(0, text.length()) <= MOST_REPEATED
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MOST_REPEATED)) + "…";
    return with(format.came(Instant.now(), late.mark, to.get(), sentAt, begin), late.details);
  }

  private static List<String> with(String line, List<String> details) {
    List<String> lines = new ArrayList<>();
    lines.add(line);
    details.forEach(detail -> lines.add(ChatFormat.detail(detail)));
    return lines;
  }
}
