package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.examples.Document.Snippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles the snippets of a document, word for word, and runs those that say what they print. A
 * snippet may use those before it.
 */
final class SnippetRunner {
  private final Path directory;

  /** Puts sources and classes into {@code directory}. */
  SnippetRunner(Path directory) {
    this.directory = directory;
  }

  /** Compiles a snippet. Runs it if it has an output, and if it is a test. */
  void check(Snippet snippet) throws IOException, InterruptedException {
    compile(snippet);
    if (snippet.output().isPresent()) {
      try (Program run = Program.startOnClassPath(directory, snippet.name())) {
        assertThat(run.transcript()).isEqualTo(snippet.output().get());
        assertThat(run.exitStatus()).isZero();
      }
    }
    if (snippet.isTest()) {
      String runner = JUnitMain.class.getName();
      try (Program run = Program.startOnClassPath(directory, runner, snippet.name())) {
        assertThat(run.transcript()).containsExactly("All tests of " + snippet.name() + " passed");
        assertThat(run.exitStatus()).isZero();
      }
    }
  }

  /** Compiles a snippet for the oldest Java that the library supports. */
  private void compile(Snippet snippet) throws IOException {
    Path source = directory.resolve(snippet.name() + ".java");
    Files.writeString(source, snippet.source());
    List<String> arguments = new ArrayList<>(JavaTool.STRICT_JAVAC);
    arguments.addAll(List.of("-cp", Program.classPath(directory), "-d", "" + directory));
    arguments.add("" + source);
    assertThat(JavaTool.run("javac", arguments)).isEmpty();
  }
}
