import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Finds the circles of classes: sets of which each class uses each other one, directly or through
 * others of the set. What a nested class uses, its top-level class uses. The dependencies are those
 * that jdeps sees in the class files.
 *
 * <p>A sealed type names all that it permits, and they name it. So there is a second figure, for
 * which such a family is one class, as it would be if it were written in one file.
 */
final class CircleFigures {
  private static final Pattern USE =
      Pattern.compile("\\s+(io\\.p2pchat\\S+)\\s+->\\s+(io\\.p2pchat\\S+).*");

  private final Map<String, Set<String>> uses = new TreeMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> lowest = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final List<Set<String>> circles = new ArrayList<>();

  public static void main(String[] args) throws IOException, ClassNotFoundException {
    Path classes = Path.of(args[0]);
    String uses =
        jdeps(classes.resolve("io")); // without module-info, which jdeps would take for the whole
    new CircleFigures().print("classes in the largest circle", uses, Map.of());
    new CircleFigures()
        .print("the same, a sealed family as one class", uses, families(classes.resolve("io")));
  }

  private void print(String what, String dependencies, Map<String, String> families) {
    for (String line : dependencies.split("\n", -1)) {
      Matcher use = USE.matcher(line);
      if (use.matches()) {
        String from = families.getOrDefault(topLevel(use.group(1)), topLevel(use.group(1)));
        String to = families.getOrDefault(topLevel(use.group(2)), topLevel(use.group(2)));
        uses.computeIfAbsent(to, name -> new TreeSet<>());
        if (!from.equals(to)) {
          uses.computeIfAbsent(from, name -> new TreeSet<>()).add(to);
        }
      }
    }
    uses.keySet().stream().filter(name -> !numbers.containsKey(name)).toList().forEach(this::visit);
    circles.sort(Comparator.<Set<String>>comparingInt(Set::size).reversed());
    System.out.printf("%-56s %4d%n", what, circles.isEmpty() ? 1 : circles.get(0).size());
    for (Set<String> circle : circles) {
      System.out.println(
          "  " + circle.size() + ": " + String.join(" ", circle).replace("io.p2pchat.", ""));
    }
  }

  /** For each class that a sealed type permits, the topmost of its sealed types. */
  private static Map<String, String> families(Path packages)
      throws IOException, ClassNotFoundException {
    Map<String, String> families = new HashMap<>();
    for (String file : classFiles(packages)) {
      String name =
          packages
              .getParent()
              .relativize(Path.of(file))
              .toString()
              .replace(File.separatorChar, '.');
      Class<?> type = load(name.substring(0, name.length() - ".class".length()));
      if (type.isSealed()) {
        for (Class<?> permitted : type.getPermittedSubclasses()) {
          families.put(topLevel(permitted.getName()), topLevel(type.getName()));
        }
      }
    }
    families.replaceAll((permitted, family) -> families.getOrDefault(family, family));
    return families;
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, CircleFigures.class.getClassLoader());
  }

  private static List<String> classFiles(Path packages) throws IOException {
    try (Stream<Path> all = Files.walk(packages)) {
      return all.map(Path::toString)
          .filter(p -> p.endsWith(".class") && !p.endsWith("-info.class"))
          .toList();
    }
  }

  private static String jdeps(Path packages) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-verbose:class", "-filter:none", "--ignore-missing-deps"));
    arguments.addAll(classFiles(packages));
    StringWriter out = new StringWriter();
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    if (jdeps.run(
            new PrintWriter(out), new PrintWriter(System.err), arguments.toArray(String[]::new))
        != 0) {
      throw new IOException("jdeps failed: " + out);
    }
    return out.toString();
  }

  private static String topLevel(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** Tarjan's algorithm: strongly connected components. */
  private void visit(String name) {
    int number = numbers.size();
    numbers.put(name, number);
    lowest.put(name, number);
    open.push(name);
    for (String used : uses.get(name)) {
      if (!numbers.containsKey(used)) {
        visit(used);
        lowest.merge(name, lowest.get(used), Math::min);
      } else if (open.contains(used)) {
        lowest.merge(name, numbers.get(used), Math::min);
      }
    }
    if (lowest.get(name) == number) {
      Set<String> circle = new TreeSet<>();
      String last;
      do {
        last = open.pop();
        circle.add(last);
      } while (!last.equals(name));
      if (circle.size() > 1) {
        circles.add(circle);
      }
    }
  }
}
