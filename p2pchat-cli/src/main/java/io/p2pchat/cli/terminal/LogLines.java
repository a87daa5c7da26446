package io.p2pchat.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/** A stream whose lines go elsewhere. */
final class LogLines extends OutputStream {
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Consumer<List<String>> to;

  private LogLines(Consumer<List<String>> to) {
    this.to = to;
  }

  static PrintStream to(Consumer<List<String>> to) {
    return new PrintStream(new LogLines(to), false, UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      to.accept(List.of(Look.safe(line.toString(UTF_8))));
      line.reset();
    } else {
      line.write(b);
    }
  }
}
