package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/SETTINGS.md is made from the code: defaults, ranges, and Javadoc. */
class SettingsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "SETTINGS.md");
  private static final Path SOURCE = Path.of("src/main/java/io/p2pchat/NodeSettings.java");
  private static final String MARK = "<!-- SettingsDocumentTest ";
  private static final String WRITE = "p2pchat.writeDocuments";

  /** An accessor with its Javadoc. */
  private static final Pattern ACCESSOR =
      Pattern.compile(
          "^  /\\*\\*\n((?:   \\*(?: .*)?\n)+)   \\*/\n  public (?:int|Duration) (\\w+)\\(\\)",
          Pattern.MULTILINE);

  private static final Pattern RANGE = Pattern.compile("(\\d+)( [a-z]+)? to (\\d+)( [a-z]+)?");

  @Test
  void theTableIsMadeFromTheCode() throws IOException, ReflectiveOperationException {
    String text = Files.readString(DOCUMENT);
    int table = text.indexOf("\n\n", text.indexOf(MARK)) + 2;
    String expected = text.substring(0, table) + table();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(DOCUMENT, expected);
      return;
    }
    assertThat(text)
        .as(
            "docs/SETTINGS.md; to make its table anew:"
                + " mvn test -pl p2pchat-core -Dtest=SettingsDocumentTest -D%s=true",
            WRITE)
        .isEqualTo(expected);
  }

  @Test
  void everySettingIsInTheTable() throws IOException {
    assertThat(accessors().map(accessor -> accessor.group(2)))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(NodeSettings.Builder.class.getMethods())
                .filter(method -> method.getReturnType() == NodeSettings.Builder.class)
                .map(Method::getName)
                .toList());
  }

  private static Stream<MatchResult> accessors() throws IOException {
    return ACCESSOR.matcher(Files.readString(SOURCE)).results();
  }

  private static String table() throws IOException, ReflectiveOperationException {
    List<String> rows = new ArrayList<>();
    rows.add("| setting | default | range | what it is |");
    rows.add("| --- | --- | --- | --- |");
    for (MatchResult accessor : accessors().toList()) {
      rows.add(row(accessor.group(2), accessor.group(1)));
    }
    return String.join("\n", rows) + "\n";
  }

  private static String row(String name, String javadoc) throws ReflectiveOperationException {
    Object value = NodeSettings.class.getMethod(name).invoke(NodeSettings.DEFAULTS);
    return String.format(
        "| `%s` | %s | %s | %s |", name, inWords(name, value), range(name), description(javadoc));
  }

  private static String inWords(String name, Object value) {
    if (value instanceof Duration time) {
      return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
    int number = (Integer) value;
    if (!name.contains("Bytes")) {
      return number(number);
    }
    int mebi = 1024 * 1024;
    return number % mebi == 0 ? number / mebi + " MiB" : number / 1024 + " KiB";
  }

  /** The range as the setter gives it when it rejects a value. */
  private static String range(String name) throws ReflectiveOperationException {
    Class<?> type = NodeSettings.class.getMethod(name).getReturnType();
    Method setter = NodeSettings.Builder.class.getMethod(name, type);
    Object wrong = type == Duration.class ? Duration.ZERO : (Object) Integer.valueOf(-1);
    Throwable refusal = catchThrowable(() -> setter.invoke(NodeSettings.builder(), wrong));
    Matcher range =
        RANGE.matcher(String.valueOf(Objects.requireNonNull(refusal.getCause()).getMessage()));
    assertThat(range.find()).as("a range in the message about %s", name).isTrue();
    if (type == Duration.class) {
      return range.group().replace("millisecond", "ms");
    }
    int high = Integer.parseInt(range.group(3));
    String low = number(Integer.parseInt(range.group(1)));
    return high == Integer.MAX_VALUE ? low + " or more" : low + " to " + number(high);
  }

  private static String number(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** What the Javadoc says of the setting, before its tags, as Markdown. */
  private static String description(String javadoc) {
    String text =
        javadoc
            .replaceAll("(?m)^   \\*", "")
            .replaceAll("(?s)\n *@.*", "")
            .replaceAll("\\{@code ([^}]*)}", "`$1`")
            .replaceAll("\\{@link #?(\\w+)[^}]*}", "`$1`")
            .replace("<p>", "")
            .replace("|", "\\|")
            .replaceAll("\\s+", " ")
            .strip()
            .replaceFirst("^Returns ", "");
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
