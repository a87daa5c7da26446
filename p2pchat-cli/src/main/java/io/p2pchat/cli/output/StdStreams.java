package io.p2pchat.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The standard streams, always in UTF-8.
 *
 * @param in the input
 * @param out results
 * @param err notices and errors
 */
public record StdStreams(Utf8Input in, LineOutput out, LineOutput err) {

  public static StdStreams standard() {
    LineOutput err = console(FileDescriptor.err);
    return new StdStreams(
        new Utf8Input(System.in, line -> err.print(notUtf8(line))),
        console(FileDescriptor.out),
        err);
  }

  /**
   * Returns the same streams, which break lines at words.
   *
   * @param ofOut returns the width of the terminal that shows the output, or 0 without one
   * @param ofErr the same for errors
   */
  public StdStreams wrapping(IntSupplier ofOut, IntSupplier ofErr) {
    return new StdStreams(in, out.wrapping(ofOut), err.wrapping(ofErr));
  }

  private static List<String> notUtf8(long line) {
    return List.of(
        "Line " + line + " of the input is not UTF-8. Invalid bytes are sent as U+FFFD.",
        "Convert the input first, for example with 'iconv -f ISO-8859-1 -t UTF-8'.");
  }

  private static LineOutput console(FileDescriptor descriptor) {
    return new LineOutput(new FileOutputStream(descriptor));
  }
}
