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

/**
 * A document in Markdown, and what of it can be checked.
 *
 * @param file where it is
 * @param text what it says
 */
record Document(Path file, String text) {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SNIPPET =
      Pattern.compile("^```java\n(.*?)^```\n(?:\nIt prints\n\n```text\n(.*?)^```\n)?", flags());
  private static final Pattern NAME = Pattern.compile("^(class|record|module) ([\\w.]+)", flags());
  private static final Pattern SETTING = Pattern.compile("^\\| `(\\w+)` \\| ([^|]+) \\|", flags());
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)[^):]*\\)");

  /** A class of the document, with the lines that it is said to print. */
  record Snippet(String name, String source, Optional<List<String>> output) {
    /** Whether it is a class of JUnit tests. */
    boolean isTest() {
      return source.contains("@Test");
    }
  }

  /** Reads a document by its name in the repository. */
  static Document read(String name) throws IOException {
    Path file = ROOT.resolve(name);
    return new Document(file, Files.readString(file));
  }

  List<Snippet> snippets() {
    return SNIPPET.matcher(text).results().map(Document::snippet).toList();
  }

  /** The defaults that the table of limits gives, by the name of the setting. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    SETTING.matcher(text).results().forEach(row -> settings.put(row.group(1), row.group(2)));
    return settings;
  }

  /** What stands below a heading, up to the next one of its rank. */
  String section(String heading) {
    int begin = text.indexOf("\n## " + heading + "\n");
    if (begin < 0) {
      throw new AssertionError("no section " + heading);
    }
    int end = text.indexOf("\n## ", begin + 1);
    return text.substring(begin, end < 0 ? text.length() : end);
  }

  /** What is between the fences of the blocks in a language other than Java. */
  List<String> blocks(String language) {
    Pattern block = Pattern.compile("^```" + language + "\n(.*?)^```\n", flags());
    return block.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** The files that it links to and that are not there. */
  List<String> brokenLinks() {
    List<String> broken = new ArrayList<>();
    for (Matcher link = LINK.matcher(text); link.find(); ) {
      if (Files.notExists(file.resolveSibling(link.group(1)))) {
        broken.add(link.group(1));
      }
    }
    return broken;
  }

  private static Snippet snippet(MatchResult block) {
    String source = block.group(1);
    Matcher name = NAME.matcher(source);
    if (!name.find()) {
      throw new AssertionError("not a whole class:\n" + source);
    }
    Optional<List<String>> output =
        Optional.ofNullable(block.group(2)).map(lines -> lines.lines().toList());
    boolean isModule = name.group(1).equals("module");
    return new Snippet(isModule ? "module-info" : name.group(2), source, output);
  }

  private static int flags() {
    return Pattern.MULTILINE | Pattern.DOTALL;
  }
}
