package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/ARCHITECTURE.md says of the command line. */
class CommandLineArchitectureTest {
  @Test
  void onlyTheLineEditorKnowsJline() throws IOException {
    List<String> users = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/io"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file).contains("org.jline")) {
          users.add(String.valueOf(file.getFileName()));
        }
      }
    }
    assertThat(users).containsExactly("LineEditor.java");
  }
}
