package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.p2pchat.PeerNodeException;
import io.p2pchat.examples.Document.Snippet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What docs/EMBEDDING.md says of the code is true of it. */
class EmbeddingTest {
  private static final Path API = Path.of("../p2pchat-core/src/main/java/io/p2pchat");
  private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

  @TempDir Path directory;
  private Document document;

  @BeforeEach
  void read() throws IOException {
    document = Document.read("docs/EMBEDDING.md");
  }

  @TestFactory
  Stream<DynamicTest> everySnippetCompilesAndDoesWhatItIsSaidToDo() {
    SnippetRunner snippets = new SnippetRunner(directory);
    return document.snippets().stream()
        .filter(snippet -> !isOfTheModule(snippet))
        .map(snippet -> dynamicTest(snippet.name(), () -> snippets.check(snippet)));
  }

  @Test
  void everySnippetIsRun() {
    List<Snippet> snippets = document.snippets();
    assertThat(snippets).hasSizeGreaterThanOrEqualTo(10);
    for (Snippet snippet : snippets) {
      assertThat(isOfTheModule(snippet) || isRun(snippet) || isUsed(snippet, snippets))
          .as(snippet.name())
          .isTrue();
    }
  }

  @Test
  void theModuleRunsOnTheModulePathAndInAnImage() throws Exception {
    Path classes = directory.resolve("target/classes");
    Path modules = Files.createDirectories(directory.resolve("target/modules"));
    for (String entry : Program.mainClassPath()) {
      addModule(Path.of(entry), modules);
    }
    compileModule(classes, modules);

    List<String> commands =
        document.blocks("sh").get(0).lines().filter(line -> !line.startsWith("mvn ")).toList();
    assertThat(commands).hasSize(2);
    List<String> jlink = words(commands.get(0));
    assertThat(JavaTool.run(jlink.get(0), jlink.subList(1, jlink.size()))).isEmpty();
    try (Program run = Program.startCommand(words(commands.get(1)))) {
      assertThat(run.transcript()).containsExactly("Ann is listening");
      assertThat(run.exitStatus()).isZero();
    }
    String modulePath = Program.join(List.of("" + classes, "" + modules));
    try (Program run = Program.startModule(modulePath, "com.example.chat/com.example.chat.Main")) {
      assertThat(run.transcript()).containsExactly("Ann is listening");
    }
  }

  @Test
  void theTableOfFailuresHasAllExceptions() throws Exception {
    List<String> inTable =
        Pattern.compile("^\\| `(\\w+Exception)` \\|.*\\|.*\\|.*\\|$", Pattern.MULTILINE)
            .matcher(document.section("Failures"))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(inTable).containsExactlyInAnyOrderElementsOf(exceptions());
  }

  @Test
  void theMethodsInTheTableOfFailuresExist() throws Exception {
    Pattern row = Pattern.compile("^\\| `(\\w+Exception)` .*\\|(.*)\\|$", Pattern.MULTILINE);
    for (MatchResult failure : row.matcher(document.section("Failures")).results().toList()) {
      Class<?> type = Class.forName("io.p2pchat." + failure.group(1));
      Pattern method = Pattern.compile("`(\\w+)\\(\\)`");
      for (MatchResult name : method.matcher(failure.group(2)).results().toList()) {
        assertThat(type.getMethod(name.group(1))).isNotNull();
      }
    }
  }

  @Test
  void theDependencyHasTheVersionOfTheBuild() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = VERSION.matcher(pom).results().findFirst().orElseThrow().group(1);
    assertThat(document.blocks("xml").get(0)).contains("<version>" + version + "</version>");
    assertThat(document.blocks("kotlin").get(0)).contains("p2pchat-core:" + version + '"');
  }

  @Test
  void everyLinkLeadsToAFile() {
    assertThat(document.brokenLinks()).isEmpty();
  }

  private void compileModule(Path classes, Path modules) throws IOException {
    List<String> arguments = new ArrayList<>(JavaTool.STRICT_JAVAC);
    arguments.addAll(List.of("--module-path", "" + modules, "-d", "" + classes));
    for (Snippet snippet :
        document.snippets().stream().filter(EmbeddingTest::isOfTheModule).toList()) {
      Path source = directory.resolve(snippet.name() + ".java");
      Files.writeString(source, snippet.source());
      arguments.add("" + source);
    }
    assertThat(JavaTool.run("javac", arguments)).isEmpty();
  }

  /** Copies a jar, and makes one of a directory of classes. */
  private static void addModule(Path entry, Path modules) throws IOException {
    if (Files.isDirectory(entry)) {
      String jar = "" + modules.resolve(entry.resolve("../..").toRealPath().getFileName());
      List<String> arguments = List.of("--create", "--file", jar + ".jar", "-C", "" + entry, ".");
      assertThat(JavaTool.run("jar", arguments)).isEmpty();
    } else {
      Files.copy(entry, modules.resolve(entry.getFileName()));
    }
  }

  /** The words of a command of the document, as on this system and in {@link #directory}. */
  private List<String> words(String command) {
    String here = command.replace("target/", directory + "/target/");
    return List.of(here.replace(":/", File.pathSeparator + "/").split(" "));
  }

  private static boolean isOfTheModule(Snippet snippet) {
    return snippet.name().equals("module-info") || snippet.source().startsWith("package ");
  }

  private static boolean isRun(Snippet snippet) {
    return snippet.output().isPresent() || snippet.isTest();
  }

  private static boolean isUsed(Snippet snippet, List<Snippet> snippets) {
    Pattern name = Pattern.compile("\\b" + snippet.name() + "\\b");
    return snippets.stream()
        .filter(EmbeddingTest::isRun)
        .anyMatch(other -> name.matcher(other.source()).find());
  }

  /** The exceptions that a node may fail with. */
  private static List<String> exceptions() throws Exception {
    List<String> names = new ArrayList<>();
    try (Stream<Path> sources = Files.list(API)) {
      for (Path source :
          sources.filter(file -> file.toString().endsWith("Exception.java")).toList()) {
        String name = source.getFileName().toString().replace(".java", "");
        Class<?> type = Class.forName("io.p2pchat." + name);
        if (PeerNodeException.class.isAssignableFrom(type) && type != PeerNodeException.class) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
