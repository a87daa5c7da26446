import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Measures the sources of a checkout: a row for each source directory, then the constructors and
 * the packages of the internal part of the library. A method counts from its first modifier to its
 * closing brace, without its Javadoc. {@code package-info} and {@code module-info} are no files
 * here.
 */
final class SourceFigures {
  private record Parameters(int count, String place) {}

  private final List<Integer> files = new ArrayList<>();
  private final List<Integer> methods = new ArrayList<>();
  private final Map<String, Integer> packages = new TreeMap<>();
  private final Map<String, List<String>> places = new TreeMap<>();
  private final List<Parameters> constructors = new ArrayList<>();
  private final List<Parameters> records = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    new SourceFigures().measure(Path.of(args[0]));
  }

  private void measure(Path root) throws IOException {
    String format = "%-40s %6s %8s  %6s %5s  %7s %6s %5s%n";
    System.out.printf(
        format, "source directory", "files", "lines", "median", "p90", "methods", "median", "p90");
    for (Path sources : sourceDirectories(root)) {
      files.clear();
      methods.clear();
      read(sources);
      System.out.printf(
          format,
          root.relativize(sources),
          files.size(),
          files.stream().mapToInt(Integer::intValue).sum(),
          percentile(files, 50),
          percentile(files, 90),
          methods.size(),
          percentile(methods, 50),
          percentile(methods, 90));
    }
    System.out.println();
    print("most parameters of a constructor, internal packages", most(constructors));
    print("most components of a record, internal packages", most(records));
    Map.Entry<String, Integer> fullest =
        packages.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    print(
        "most files in an internal package", new Parameters(fullest.getValue(), fullest.getKey()));
    List<String> twice =
        places.entrySet().stream()
            .filter(e -> e.getValue().size() > 1)
            .map(Map.Entry::getKey)
            .toList();
    print(
        "names of more than one top-level class",
        new Parameters(twice.size(), String.join(" ", twice)));
  }

  private static void print(String what, Parameters figure) {
    System.out.printf("%-56s %4d  %s%n", what, figure.count(), figure.place());
  }

  private static Parameters most(List<Parameters> all) {
    return all.stream().max(Comparator.comparingInt(Parameters::count)).orElseThrow();
  }

  private static List<Path> sourceDirectories(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module :
          modules.filter(m -> Files.isDirectory(m.resolve("src"))).sorted().toList()) {
        try (Stream<Path> sources = Files.list(module.resolve("src"))) {
          sources
              .map(s -> s.resolve("java"))
              .filter(Files::isDirectory)
              .sorted()
              .forEach(found::add);
        }
      }
    }
    return found;
  }

  private void read(Path sources) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(sources)) {
      paths =
          all.filter(p -> p.toString().endsWith(".java") && !p.toString().endsWith("-info.java"))
              .sorted()
              .toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(paths));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        Path path = Path.of(unit.getSourceFile().toUri());
        files.add(Files.readAllLines(path).size());
        String packageName = unit.getPackageName().toString();
        boolean internal =
            packageName.contains(".internal") && sources.endsWith(Path.of("main", "java"));
        if (internal) {
          packages.merge(packageName, 1, Integer::sum);
        }
        for (Tree type : unit.getTypeDecls()) {
          if (type instanceof ClassTree named) {
            places
                .computeIfAbsent(named.getSimpleName().toString(), n -> new ArrayList<>())
                .add(path.toString());
          }
        }
        unit.accept(new Members(unit, positions, internal), "");
      }
    }
  }

  /**
   * Collects the methods and constructors of a file. The parameter is the class that they are in.
   */
  private final class Members extends TreeScanner<Void, String> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final boolean internal;

    Members(CompilationUnitTree unit, SourcePositions positions, boolean internal) {
      this.unit = unit;
      this.positions = positions;
      this.internal = internal;
    }

    @Override
    public Void visitClass(ClassTree type, String outer) {
      String name =
          outer.isEmpty() ? type.getSimpleName().toString() : outer + "." + type.getSimpleName();
      if (internal && type.getKind() == Tree.Kind.RECORD) {
        // A record has no other fields than its components.
        long components =
            type.getMembers().stream()
                .filter(
                    m ->
                        m instanceof VariableTree v
                            && !v.getModifiers().getFlags().contains(Modifier.STATIC))
                .count();
        records.add(new Parameters((int) components, name));
      }
      return super.visitClass(type, name);
    }

    @Override
    public Void visitMethod(MethodTree method, String type) {
      if (method.getBody() != null) {
        long start = positions.getStartPosition(unit, method);
        long end = positions.getEndPosition(unit, method);
        methods.add(
            (int)
                (unit.getLineMap().getLineNumber(end)
                    - unit.getLineMap().getLineNumber(start)
                    + 1));
      }
      if (internal && method.getName().contentEquals("<init>")) {
        constructors.add(new Parameters(method.getParameters().size(), type));
      }
      return super.visitMethod(method, type);
    }
  }

  private static int percentile(List<Integer> values, int percent) {
    List<Integer> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100);
  }
}
