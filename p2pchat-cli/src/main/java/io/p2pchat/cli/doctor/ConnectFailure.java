package io.p2pchat.cli.doctor;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Why no connection could be made. The JDK tells some kinds apart by the message only. */
enum ConnectFailure {
  REFUSED("it refused the connection"),
  TIMED_OUT("it did not answer in time"),
  NO_ROUTE("no route to host"),
  OTHER("the connection failed");

  private final String text;

  ConnectFailure(String text) {
    this.text = text;
  }

  static ConnectFailure of(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (failure instanceof SocketTimeoutException || message.contains("timed out")) {
      return TIMED_OUT;
    }
    if (failure instanceof NoRouteToHostException
        || message.contains("no route")
        || message.contains("unreachable")) {
      return NO_ROUTE;
    }
    return message.contains("refused") ? REFUSED : OTHER;
  }

  /** Returns what happened, as the end of a sentence. */
  String text() {
    return text;
  }
}
