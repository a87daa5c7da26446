package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPagesTest {
  @TempDir private Path temp;

  @Test
  void eachCommandHasOne() throws IOException {
    assertThat(ManPages.write(temp.toFile(), "1.2.3")).isZero();
    try (Stream<Path> pages = Files.list(temp)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .contains(
              "p2pchat.adoc",
              "p2pchat-listen.adoc",
              "p2pchat-doctor.adoc",
              "p2pchat-trust-accept.adoc");
    }
    assertThat(Files.readString(temp.resolve("p2pchat.adoc")))
        .contains("p2pchat 1.2.3", "== Exit status\n", "== Configuration\n", "P2PCHAT_TEAM")
        .contains("*--color*=_WHEN_::", "listen");
  }
}
