package io.p2pchat.cli;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** The words for how a send ended. */
final class Wording {
  private Wording() {}

  /** Such as {@code Message written to 127.0.0.1:7070.} */
  static String sent(String what, Delivery delivery, Object to) {
    return what + " " + participle(delivery) + " to " + to + ".";
  }

  static String failed(Throwable failure) {
    return cause(failure) instanceof DeliveryUnknownException
        ? "Message perhaps not delivered: " + reason(failure)
        : "Message not sent: " + reason(failure);
  }

  static String connected(Object to) {
    return "Connected to " + to + ".";
  }

  static String notConnected(Object to, Throwable failure) {
    return "Not connected to " + to + ": " + reason(failure);
  }

  /** Such as {@code 2 of 3 messages written to 127.0.0.1:7070.} */
  static String summary(int delivered, int all, PeerAddress to) {
    String count = delivered == all ? "" + all : delivered + " of " + all;
    return sent(count + (all == 1 ? " message" : " messages"), Delivery.WRITTEN, to);
  }

  /** Why something failed, as a sentence. */
  static String reason(Throwable failure) {
    Throwable cause = cause(failure);
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.toString() : sentence(message);
  }

  /** The text with a capital letter and a full stop. */
  static String sentence(String text) {
    String stop = text.endsWith(".") ? "" : ".";
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + stop;
  }

  private static String participle(Delivery delivery) {
    return switch (delivery) {
      case WRITTEN -> "written";
    };
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
