package io.p2pchat.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The source of an example. */
record SourceFile(String text) {
  private static final Path SOURCES = Path.of("src", "main", "java");

  static SourceFile of(Class<?> example) throws IOException {
    return new SourceFile(
        Files.readString(SOURCES.resolve(example.getName().replace('.', '/') + ".java")));
  }

  /** The lines that the class comment says to expect. */
  List<String> expected() {
    String block = text.substring(text.indexOf("<pre>\n") + 6, text.indexOf(" * </pre>"));
    return block.lines().map(line -> line.substring(" * ".length())).toList();
  }

  /** The same, with the port of the comment's example replaced. */
  List<String> expected(int port) {
    return expected().stream().map(line -> line.replace("7070", String.valueOf(port))).toList();
  }
}
