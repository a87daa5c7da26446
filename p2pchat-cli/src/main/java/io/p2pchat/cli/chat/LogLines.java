package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Consumer;

/** A stream that passes each line to a consumer. */
final class LogLines extends OutputStream {
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<String> to;

  private LogLines(Consumer<String> to) {
    this.to = to;
  }

  static PrintStream to(Consumer<String> to) {
    return new PrintStream(new LogLines(to), false, UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      to.accept(ChatFormat.safe(line.toString(UTF_8)));
      line.reset();
    } else {
      line.write(b);
    }
  }
}
