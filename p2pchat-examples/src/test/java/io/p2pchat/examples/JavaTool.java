package io.p2pchat.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.spi.ToolProvider;

/** The tools of the JDK that runs the tests. */
final class JavaTool {
  /** Options of javac: every warning, and nothing newer than the library's oldest Java. */
  static final List<String> STRICT_JAVAC = List.of("--release", "17", "-Xlint:all", "-proc:none");

  private JavaTool() {}

  /** Runs a tool, and returns what it writes, errors included. */
  static String run(String tool, List<String> arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output, true);
    ToolProvider.findFirst(tool)
        .orElseThrow(() -> new AssertionError("no " + tool + " in this JDK"))
        .run(writer, writer, arguments.toArray(String[]::new));
    return output.toString();
  }
}
