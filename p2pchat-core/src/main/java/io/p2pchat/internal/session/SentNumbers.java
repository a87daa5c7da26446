package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Next;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the messages that one connection carries to another store: when {@code NEXT} has
 * to precede one (PROTOCOL.md section 9). Used by one thread.
 */
public final class SentNumbers {
  /** A message that has waited for longer says when it was sent. */
  private static final long LONG_MILLIS = 60_000;

  private final LongSupplier clock;
  private @Nullable String outbox;
  private long number;

  /**
   * Creates the numbers of a connection on which none was written.
   *
   * @param clock the milliseconds since 1970
   */
  public SentNumbers(LongSupplier clock) {
    this.clock = clock;
  }

  /** Returns whether {@code NEXT} must precede a message, if it is written now. */
  boolean needsNext(KeptSend message) {
    return message.number() != number + 1
        || !message.outbox().equals(outbox)
        || hasWaited(message);
  }

  private boolean hasWaited(KeptSend message) {
    return clock.getAsLong() - message.sentAt() > LONG_MILLIS;
  }

  /** Returns the {@code NEXT} of a message. */
  Next next(KeptSend message) {
    long sent = message.sentAt();
    boolean tells = hasWaited(message) && sent >= 0 && sent <= Next.LATEST;
    return new Next(message.outbox(), message.number(), tells ? sent : Next.NOW);
  }

  /** A message is written. */
  void written(KeptSend message) {
    outbox = message.outbox();
    number = message.number();
  }
}
