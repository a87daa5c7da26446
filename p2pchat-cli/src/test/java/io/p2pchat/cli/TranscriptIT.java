package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What scripts read is, to the byte, what the program of an earlier commit has printed. */
class TranscriptIT {
  private static final Path DIRECTORY = Path.of("src", "test", "transcripts");

  static List<String> names() {
    return ChatTranscripts.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void standardOutputAndExitStatusAreAsRecorded(String name) throws IOException {
    String recorded = Files.readString(DIRECTORY.resolve(name + ".txt"));
    assertThat(recorded).startsWith("Recorded by record.sh from the program of commit ");
    assertThat(ChatTranscripts.play(name, PackagedCli.command()))
        .isEqualTo(recorded.substring(recorded.indexOf("\n\n") + 2));
  }

  @Test
  void everyTranscriptHasItsInput() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(it -> it.endsWith(".txt")))
          .containsExactlyInAnyOrderElementsOf(names().stream().map(it -> it + ".txt").toList());
    }
  }
}
