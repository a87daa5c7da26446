import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTreeScanner;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Measures the words in a sentence, a row for each kind of text.
 *
 * <p>A sentence ends at a full stop, a question mark or an exclamation mark that something other
 * than a small letter follows. It also ends with its paragraph, list item, table cell or Javadoc
 * tag. Colons and semicolons end none. A word is what stands between white space and has a letter
 * or a digit. Code in a line is one word, and so is a placeholder of an option. A link counts with
 * its text.
 *
 * <p>Left out are code blocks, headings, and sentences of fewer than four words: labels. Cells of
 * tables and texts of Javadoc tags are mostly fragments, so they have rows of their own and do not
 * make the prose look shorter.
 */
final class ProseFigures {
  private static final int LABEL = 4;
  private static final Pattern FENCE = Pattern.compile("\\s*```.*");
  private static final Pattern RULE = Pattern.compile("[|:\\- ]+");
  private static final Pattern CELLS = Pattern.compile("(?<!\\\\)\\|");
  private static final Pattern ITEM = Pattern.compile("\\s*([-*]|\\d+\\.)\\s+.*");
  private static final Pattern SENTENCE =
      Pattern.compile("(?<=[.!?][)\"'*]{0,3})\\s+(?![\\p{Ll}])");
  private static final Pattern WORD = Pattern.compile(".*[\\p{L}\\p{N}].*", Pattern.DOTALL);

  private record Sentence(String text, int words) {}

  private static final class Row {
    private final String name;
    private final List<Sentence> sentences = new ArrayList<>();

    Row(String name) {
      this.name = name;
    }

    void add(String text) {
      for (String sentence : SENTENCE.split(text.strip())) {
        int words =
            (int) Stream.of(sentence.split("\\s+")).filter(w -> WORD.matcher(w).matches()).count();
        if (words >= LABEL) {
          sentences.add(new Sentence(sentence.replaceAll("\\s+", " "), words));
        }
      }
    }

    void addAll(Row other) {
      sentences.addAll(other.sentences);
    }

    void print(int over) {
      int[] words = sentences.stream().mapToInt(Sentence::words).sorted().toArray();
      System.out.printf(
          "%-36s %9d %7d %5d %5d%n",
          name, words.length, at(words, 50), at(words, 90), at(words, 100));
      if (over > 0) {
        sentences.stream()
            .filter(s -> s.words() > over)
            .forEach(s -> System.out.printf("  %3d  %s%n", s.words(), s.text()));
      }
    }

    private static int at(int[] sorted, int percent) {
      return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100];
    }
  }

  private final Path root;
  private final int over;

  private ProseFigures(Path root, int over) {
    this.root = root;
    this.over = over;
  }

  public static void main(String[] args) throws IOException {
    new ProseFigures(Path.of(args[0]), Integer.parseInt(args[1])).measure();
  }

  private void measure() throws IOException {
    System.out.printf("%-36s %9s %7s %5s %5s%n", "text", "sentences", "median", "p90", "most");
    Row all = new Row("all but cells and tags");
    Row cells = new Row("cells of tables in the documents");
    for (Path document : documents()) {
      Row row = new Row(root.relativize(document).toString());
      readMarkdown(Files.readAllLines(document), row, cells);
      row.print(over);
      all.addAll(row);
    }
    Row documents = new Row("all documents");
    documents.addAll(all);
    Row help = new Row("--help");
    Row tags = new Row("tags of Javadoc");
    for (String module : List.of("p2pchat-core", "p2pchat-cli")) {
      Row javadoc = new Row("Javadoc of " + module);
      readJava(root.resolve(module).resolve("src/main/java"), javadoc, tags, help);
      javadoc.print(over);
      all.addAll(javadoc);
    }
    help.print(over);
    all.addAll(help);
    cells.print(over);
    tags.print(over);
    System.out.println();
    documents.print(0);
    all.print(0);
  }

  private List<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : List.of("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      found.add(root.resolve(name));
    }
    try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
      docs.filter(d -> d.toString().endsWith(".md")).sorted().forEach(found::add);
    }
    return found;
  }

  // Markdown

  private static void readMarkdown(List<String> lines, Row prose, Row cells) {
    StringBuilder paragraph = new StringBuilder();
    boolean code = false;
    for (String line : lines) {
      boolean fence = FENCE.matcher(line).matches();
      boolean table = !code && line.strip().startsWith("|");
      if (fence || code || table || line.isBlank() || line.startsWith("#")) {
        prose.add(inline(paragraph.toString()));
        paragraph.setLength(0);
        if (table && !RULE.matcher(line.strip()).matches()) {
          CELLS.splitAsStream(line).forEach(cell -> cells.add(inline(cell)));
        }
      } else if (ITEM.matcher(line).matches()) {
        prose.add(inline(paragraph.toString()));
        paragraph.setLength(0);
        paragraph.append(line.strip().replaceFirst("^([-*]|\\d+\\.)\\s+", ""));
      } else {
        paragraph.append(' ').append(line);
      }
      code ^= fence;
    }
    prose.add(inline(paragraph.toString()));
  }

  private static String inline(String text) {
    return text.replaceAll("`[^`]*`", "Code")
        .replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .replaceAll("<https?:[^>]*>", "Link")
        .replace("**", "");
  }

  // Java

  private static void readJava(Path sources, Row javadoc, Row tags, Row help) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(sources)) {
      paths = all.filter(p -> p.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  Writer.nullWriter(),
                  manager,
                  d -> {},
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(paths));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Comments(trees, javadoc, tags, help).scan(unit, null);
      }
    }
  }

  /** Collects the Javadoc of a file, and the texts of picocli's annotations. */
  private static final class Comments extends TreePathScanner<Void, Void> {
    private final DocTrees trees;
    private final Row javadoc;
    private final Row tags;
    private final Row help;

    Comments(DocTrees trees, Row javadoc, Row tags, Row help) {
      this.trees = trees;
      this.javadoc = javadoc;
      this.tags = tags;
      this.help = help;
    }

    @Override
    public Void visitPackage(PackageTree tree, Void unused) {
      read();
      return super.visitPackage(tree, unused);
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
      read();
      return super.visitClass(tree, unused);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
      read();
      return super.visitMethod(tree, unused);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
      read();
      return super.visitVariable(tree, unused);
    }

    private void read() {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment == null) {
        return;
      }
      text(comment.getFullBody()).forEach(javadoc::add);
      for (DocTree tag : comment.getBlockTags()) {
        text(description(tag)).forEach(tags::add);
      }
    }

    private static List<? extends DocTree> description(DocTree tag) {
      if (tag instanceof ParamTree param) {
        return param.getDescription();
      }
      return tag instanceof ThrowsTree failure ? failure.getDescription() : List.of(tag);
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void unused) {
      if (List.of("Command", "Option", "Parameters")
          .contains(annotation.getAnnotationType().toString())) {
        for (ExpressionTree argument : annotation.getArguments()) {
          if (argument instanceof AssignmentTree assignment
              && List.of("description", "header", "footer", "exitCodeList")
                  .contains(assignment.getVariable().toString())) {
            strings(assignment.getExpression())
                .forEach(s -> Arrays.stream(s.split("%n")).forEach(help::add));
          }
        }
      }
      return super.visitAnnotation(annotation, unused);
    }

    private static List<String> strings(ExpressionTree value) {
      if (value instanceof NewArrayTree array) {
        return array.getInitializers().stream().map(Comments::string).toList();
      }
      return List.of(string(value));
    }

    private static String string(ExpressionTree value) {
      if (value.getKind() == Tree.Kind.PLUS && value instanceof BinaryTree sum) {
        return string(sum.getLeftOperand()) + string(sum.getRightOperand());
      }
      return value instanceof LiteralTree literal ? String.valueOf(literal.getValue()) : "Name";
    }
  }

  /** The paragraphs, list items and cells of a part of a comment. */
  private static List<String> text(List<? extends DocTree> parts) {
    List<String> paragraphs = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    new DocTreeScanner<Void, Void>() {
      private boolean code;

      @Override
      public Void visitText(TextTree tree, Void unused) {
        return append(tree.getBody());
      }

      @Override
      public Void visitEntity(EntityTree tree, Void unused) {
        return append("x");
      }

      @Override
      public Void visitLiteral(com.sun.source.doctree.LiteralTree tree, Void unused) {
        return append("Code");
      }

      @Override
      public Void visitLink(LinkTree tree, Void unused) {
        return tree.getLabel().isEmpty() ? append("Code") : scan(tree.getLabel(), unused);
      }

      @Override
      public Void visitStartElement(StartElementTree tree, Void unused) {
        return element(tree.getName().toString(), true);
      }

      @Override
      public Void visitEndElement(EndElementTree tree, Void unused) {
        return element(tree.getName().toString(), false);
      }

      private Void element(String name, boolean start) {
        if (!List.of("em", "i", "b", "strong", "a", "code").contains(name)) {
          paragraphs.add(text.toString());
          text.setLength(0);
        }
        if (name.equals("pre")) {
          code = start;
        }
        return null;
      }

      private Void append(String words) {
        if (!code) {
          text.append(words);
        }
        return null;
      }
    }.scan(parts, null);
    paragraphs.add(text.toString());
    return paragraphs;
  }
}
