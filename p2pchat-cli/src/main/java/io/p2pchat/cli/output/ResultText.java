package io.p2pchat.cli.output;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.TrustException;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** Formats the results of sends and connects. */
public final class ResultText {
  private ResultText() {}

  /** For example {@code Message delivered to 127.0.0.1:7070.} */
  public static String sent(String what, Delivery delivery, Object to) {
    return what + " " + participle(delivery) + " to " + to + ".";
  }

  public static String failed(Throwable failure) {
    return cause(failure) instanceof DeliveryUnknownException
        ? "Message perhaps not delivered: " + reason(failure)
        : "Message not sent: " + reason(failure);
  }

  public static String connected(Object to) {
    return "Connected to " + to + ".";
  }

  public static String notConnected(Object to, Throwable failure) {
    return "Not connected to " + to + ": " + reason(failure);
  }

  /**
   * For example {@code 3 messages delivered to 127.0.0.1:7070.}, {@code 2 of 3 messages written to
   * …} or {@code 2 of 5 messages delivered, 3 written to …}.
   */
  public static String summary(long acknowledged, long written, long all, Object to) {
    if (written == 0) {
      return sent(share(acknowledged, all), Delivery.ACKNOWLEDGED, to);
    }
    return acknowledged == 0
        ? sent(share(written, all), Delivery.WRITTEN, to)
        : sent(share(acknowledged, all) + " delivered, " + written, Delivery.WRITTEN, to);
  }

  /** For example {@code 3 messages}. */
  public static String messages(long count) {
    return count + (count == 1 ? " message" : " messages");
  }

  private static String share(long part, long all) {
    return (part == all ? "" : part + " of ") + messages(all);
  }

  /** Returns the reason of a failure as a sentence. */
  public static String reason(Throwable failure) {
    Throwable cause = cause(failure);
    String message = cause.getMessage();
    if (message == null || message.isEmpty()) {
      return cause.toString();
    }
    return sentence(cause instanceof TrustException ? NameText.quotedIn(message) : message);
  }

  /** Adds a capital letter and a full stop. */
  public static String sentence(String text) {
    String stop = text.endsWith(".") ? "" : ".";
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + stop;
  }

  private static String participle(Delivery delivery) {
    return switch (delivery) {
      case ACKNOWLEDGED -> "delivered";
      case WRITTEN -> "written";
      case KEPT -> "kept for delivery";
    };
  }

  /** Returns the exception without its {@link CompletionException}. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
