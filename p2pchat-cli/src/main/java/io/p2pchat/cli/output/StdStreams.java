package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;

/**
 * The standard streams, always in UTF-8.
 *
 * @param in the input
 * @param out results
 * @param err notices and errors
 */
public record StdStreams(BufferedReader in, LineOutput out, LineOutput err) {

  public static StdStreams standard() {
    return new StdStreams(
        new BufferedReader(new InputStreamReader(System.in, UTF_8)),
        console(FileDescriptor.out),
        console(FileDescriptor.err));
  }

  private static LineOutput console(FileDescriptor descriptor) {
    return new LineOutput(new FileOutputStream(descriptor));
  }
}
