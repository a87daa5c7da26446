package io.p2pchat.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README, and what of it can be checked. */
record Readme(String text) {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SNIPPET =
      Pattern.compile("^```java\n(.*?)^```\n(?:\nIt prints\n\n```text\n(.*?)^```\n)?", flags());
  private static final Pattern CLASS = Pattern.compile("class (\\w+)");
  private static final Pattern SETTING = Pattern.compile("^\\| `(\\w+)` \\| ([^|]+) \\|", flags());
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)[^):]*\\)");

  /** A class of the README, with the lines that it is said to print. */
  record Snippet(String name, String source, Optional<List<String>> output) {}

  static Readme read() throws IOException {
    return new Readme(Files.readString(ROOT.resolve("README.md")));
  }

  List<Snippet> snippets() {
    return SNIPPET.matcher(text).results().map(Readme::snippet).toList();
  }

  /** The defaults that the table of limits gives, by the name of the setting. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    SETTING.matcher(text).results().forEach(row -> settings.put(row.group(1), row.group(2)));
    return settings;
  }

  /** The files that it links to and that are not there. */
  List<String> brokenLinks() {
    List<String> broken = new ArrayList<>();
    for (Matcher link = LINK.matcher(text); link.find(); ) {
      if (Files.notExists(ROOT.resolve(link.group(1)))) {
        broken.add(link.group(1));
      }
    }
    return broken;
  }

  private static Snippet snippet(MatchResult block) {
    String source = block.group(1);
    Matcher name = CLASS.matcher(source);
    if (!name.find()) {
      throw new AssertionError("not a whole class:\n" + source);
    }
    Optional<List<String>> output =
        Optional.ofNullable(block.group(2)).map(lines -> lines.lines().toList());
    return new Snippet(name.group(1), source, output);
  }

  private static int flags() {
    return Pattern.MULTILINE | Pattern.DOTALL;
  }
}
