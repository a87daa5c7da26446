package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.p2pchat.NodeSettings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README and the other documents agree with the code and with each other. */
class ReadmeTest {
  @TempDir Path directory;
  private Document readme;

  @BeforeEach
  void read() throws IOException {
    readme = Document.read("README.md");
  }

  @Test
  void hasSnippetsToCheck() {
    assertThat(readme.snippets()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(readme.snippets().stream().filter(snippet -> snippet.output().isPresent()))
        .isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everySnippetCompilesAndPrintsWhatItIsSaidToPrint() {
    SnippetRunner snippets = new SnippetRunner(directory);
    return readme.snippets().stream()
        .map(snippet -> dynamicTest(snippet.name(), () -> snippets.check(snippet)));
  }

  @Test
  void theLimitsAreTheDefaults() throws IOException, ReflectiveOperationException {
    Map<String, String> defaults = new TreeMap<>();
    for (Method setter : NodeSettings.Builder.class.getMethods()) {
      if (setter.getReturnType() != NodeSettings.Builder.class) {
        continue;
      }
      Method setting = NodeSettings.class.getMethod(setter.getName());
      Object value = setting.invoke(NodeSettings.DEFAULTS);
      defaults.put(setting.getName(), inWords(setting.getName(), value));
    }
    assertThat(Document.read("docs/SETTINGS.md").settings()).isEqualTo(defaults);
  }

  @Test
  void everyLinkLeadsToAFile() {
    assertThat(readme.brokenLinks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SECURITY.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/ARCHITECTURE.md",
        "docs/DISCOVERY.md",
        "docs/PERFORMANCE.md",
        "docs/PROTOCOL.md",
        "docs/SETTINGS.md",
        "docs/STORE.md",
        "docs/THREADING.md",
        "docs/USING.md"
      })
  void everyLinkOfADocumentLeadsToAFile(String document) throws IOException {
    assertThat(Document.read(document).brokenLinks()).isEmpty();
  }

  private static String inWords(String name, Object value) {
    if (value instanceof Duration time) {
      return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
    int number = (Integer) value;
    if (!name.contains("Bytes")) {
      return String.format(Locale.ROOT, "%,d", number);
    }
    int mebi = 1024 * 1024;
    return number % mebi == 0 ? number / mebi + " MiB" : number / 1024 + " KiB";
  }
}
