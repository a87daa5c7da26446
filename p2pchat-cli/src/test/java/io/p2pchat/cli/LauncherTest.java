package io.p2pchat.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code p2pchat} in a directory of its own, with scripts for the JDK and Maven. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String BUILDING =
      "p2pchat: building, this takes a minute the first time ...";
  private static final String WAITING =
      "p2pchat: another start of p2pchat is building, waiting for it ...";

  @TempDir private Path directory;
  private Path root;
  private Path out;
  private Path jdk;
  private Path tools;
  private final Map<String, String> variables = new TreeMap<>();

  @BeforeEach
  void install() throws IOException {
    directory = directory.toRealPath();
    installAt("a project");
  }

  private void installAt(String name) throws IOException {
    root = directory.resolve(name);
    out = root.resolve("p2pchat-cli/target/launcher");
    for (String module : List.of("p2pchat-core", "p2pchat-cli")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(root.resolve("pom.xml"));
    Path launcher = Files.copy(Path.of("..", "p2pchat"), root.resolve("p2pchat"));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    jdk = directory.resolve(name + " jdk");
    tools = directory.resolve("tools");
    variables.put("JAVA_HOME", jdk.toString());
    variables.put("PATH", tools + ":" + System.getenv("PATH"));
    java("17.0.15", "17.0.15+6-Debian");
    script(jdk.resolve("bin/javac"), "");
    script(
        jdk.resolve("bin/java"),
        """
        echo java >> '%s'
        for argument; do
          case $argument in
            -XX:DumpLoadedClassList=*)
              [ -z "$(env | grep -v -e ^PWD= -e ^_= -e ^SHLVL=)" ] || exit 1
              echo class > "${argument#*=}"
              exit ;;
            -Xshare:dump) dump=true ;;
            -XX:SharedClassListFile=*) [ -s "${argument#*=}" ] || exit 1 ;;
            -XX:SharedArchiveFile=*)
              [ -n "${dump:-}" ] || continue
              [ -e '%s' ] || echo archive > "${argument#*=}"
              exit ;;
            --version) echo p2pchat 1.2.3; exit ;;
          esac
        done
        printf '<%%s>\\n' "$@"
        echo "locale ${LC_ALL:-}"
        """
            .formatted(directory.resolve("starts"), directory.resolve("no-archive")));
    maven("3.9.9");
  }

  private void java(String version, String runtimeVersion) throws IOException {
    Files.createDirectories(jdk);
    Files.writeString(
        jdk.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"%s\"\nJAVA_VERSION=\"%s\"\nOS=\"y\"\n"
            .formatted(runtimeVersion, version));
  }

  /** A Maven that says each build; a file "gate" is a pipe that it waits at, once. */
  private void maven(String version) throws IOException {
    script(
        tools.resolve("mvn"),
        """
        [ "$*" != '-B -v' ] || { echo 'Apache Maven %s (x)'; exit; }
        echo "$@" >> '%s'
        gate='%s'
        if [ -p "$gate" ]; then
          read -r line < "$gate"
          rm "$gate"
        fi
        [ ! -e '%s' ] || { echo 'no such class'; exit 1; }
        mkdir -p p2pchat-cli/target/launcher/build
        echo jar > p2pchat-cli/target/launcher/build/p2pchat.jar
        """
            .formatted(version, builds(), gate(), directory.resolve("broken")));
  }

  @Test
  void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
    Run first = start("--help").end();
    assertThat(first.status).isZero();
    assertThat(first.err).containsExactly(BUILDING);
    assertThat(first.out).contains("<-jar>", "<" + out + "/p2pchat.jar>", "<--help>");
    assertThat(start("--help").end().err).isEmpty();
    assertThat(Files.readAllLines(builds())).hasSize(1);

    Path source = Files.createFile(root.resolve("p2pchat-cli/src/main/A.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(start("--help").end().err).containsExactly(BUILDING);
    assertThat(Files.readAllLines(builds())).hasSize(2);
    assertNoLock();
  }

  @Test
  void startsByLinksAndWithEveryArgumentAsItIs() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("p"), Path.of("..", "a project", "p2pchat"));
    Files.createSymbolicLink(bin.resolve("q"), bin.resolve("p"));
    variables.put("P2PCHAT_JAVA_OPTS", "-Da=b  -Dc=d");
    variables.put("LC_ALL", "C");
    Run run = start(bin.resolve("q"), "send", "a b", "", "*").end();
    assertThat(run.out).containsSubsequence("<-Da=b>", "<-Dc=d>", "<-jar>");
    assertThat(run.out).endsWith("<send>", "<a b>", "<>", "<*>", "locale C.UTF-8");
  }

  @Test
  void saysTheVersionWithoutAJvm() throws Exception {
    assertThat(start("--version").end().out).containsExactly("p2pchat 1.2.3");
    List<String> before = Files.readAllLines(directory.resolve("starts"));
    assertThat(start("-V").end().out).containsExactly("p2pchat 1.2.3");
    assertThat(Files.readAllLines(directory.resolve("starts"))).isEqualTo(before);
  }

  @Test
  void startsWithAnArchiveForEachJava() throws Exception {
    String option = "<-XX:SharedArchiveFile=" + out + "/p2pchat-";
    assertThat(start().end().out).contains(option + "17.0.15+6-Debian.jsa>");
    java("25.0.3", "25.0.3+9-LTS");
    Run other = start().end();
    assertThat(other.err).isEmpty();
    assertThat(other.out).contains(option + "25.0.3+9-LTS.jsa>");
    assertThat(out.resolve("p2pchat-17.0.15+6-Debian.jsa")).isNotEmptyFile();
    assertNoLock();
  }

  @Test
  void startsWithoutAnArchiveWhereThereCanBeNone() throws Exception {
    Files.createFile(directory.resolve("no-archive"));
    assertStartsWithoutArchive(List.of(BUILDING));
    long starts = Files.readAllLines(directory.resolve("starts")).size();
    assertStartsWithoutArchive(List.of());
    assertThat(Files.readAllLines(directory.resolve("starts"))).hasSize((int) starts + 1);
    installAt("a:b");
    assertStartsWithoutArchive(List.of(BUILDING));
  }

  @Test
  void startsInADirectoryThatCannotBeWritten() throws Exception {
    start().end();
    try (var files = Files.newDirectoryStream(out, "*.jsa")) {
      for (Path archive : files) {
        Files.delete(archive);
      }
    }
    assertThat(out.toFile().setWritable(false)).isTrue();
    try {
      assumeFalse(Files.isWritable(out), "root can write everywhere");
      assertStartsWithoutArchive(List.of());
    } finally {
      assertThat(out.toFile().setWritable(true)).isTrue();
    }
  }

  private void assertStartsWithoutArchive(List<String> err) throws Exception {
    Run run = start().end();
    assertThat(run.status).isZero();
    assertThat(run.err).isEqualTo(err);
    assertThat(run.out).contains("<-jar>").noneMatch(line -> line.contains("Archive"));
  }

  @Test
  void saysInOneLineWhatIsMissing() throws Exception {
    variables.put("PATH", commandsWithout("mvn"));
    assertFails(
        "it has to be built first, and Maven was not found; install Maven 3.8 or newer (the command"
            + " mvn).");
    Files.delete(jdk.resolve("bin/javac"));
    assertFails(
        "it has to be built first, and "
            + jdk
            + " is no JDK (no javac); install a JDK 17 or newer,"
            + " or set JAVA_HOME to one.");
    java("11.0.2", "11.0.2+9");
    assertFails("Java 17 or newer is needed; " + jdk + "/bin/java is version 11.0.2+9.");
    java("1.8.0_452", "1.8.0_452-b09");
    assertFails("Java 17 or newer is needed; " + jdk + "/bin/java is version 1.8.0_452-b09.");
    variables.put("JAVA_HOME", tools.toString());
    assertFails(
        "JAVA_HOME is '" + tools + "', where there is no bin/java; set it to a JDK 17 or newer.");
    variables.remove("JAVA_HOME");
    assertFails("Java was not found; install a JDK 17 or newer, or set JAVA_HOME to one.");
    assertNoLock();
  }

  @Test
  void takesMavenFrom38OnAndGivesThatItsArguments() throws Exception {
    variables.put("MAVEN_ARGS", "-o  -Da=b");
    maven("3.6.3");
    assertFails("Maven 3.8 or newer is needed; mvn is version 3.6.3.");
    maven("3.9.9");
    start().end();
    Files.delete(out.resolve("p2pchat.jar"));
    maven("3.8.7");
    start().end();
    List<String> lines = Files.readAllLines(builds());
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("-q -B");
    assertThat(lines.get(1)).startsWith("-o -Da=b -q -B");
  }

  @Test
  void showsTheLogOfABuildThatFails() throws Exception {
    Files.createFile(directory.resolve("broken"));
    Run run = start().end();
    assertThat(run.status).isOne();
    assertThat(run.out).isEmpty();
    assertThat(run.err)
        .containsExactly(
            BUILDING,
            "no such class",
            "p2pchat: the build failed, see above (also in " + out + "/build.log).");
    assertNoLock();
  }

  @Test
  void aSecondStartWaitsForTheBuildOfTheFirst() throws Exception {
    closeGate();
    Started first = start("--help");
    assertThat(first.err.readLine()).isEqualTo(BUILDING);
    Started second = start("--help");
    assertThat(second.err.readLine()).isEqualTo(WAITING);
    openGate();
    assertThat(first.end().status).isZero();
    Run end = second.end();
    assertThat(end.status).isZero();
    assertThat(end.err).isEmpty();
    assertThat(Files.readAllLines(builds())).hasSize(1);
    assertNoLock();
  }

  @Test
  void waitsForTheMavenOfAKilledStartAndThenBuilds() throws Exception {
    closeGate();
    Started first = start();
    assertThat(first.err.readLine()).isEqualTo(BUILDING);
    awaitLockOfTwo();
    first.process.destroyForcibly().waitFor();
    Started second = start();
    assertThat(second.err.readLine()).isEqualTo(WAITING);
    openGate();
    Run end = second.end();
    assertThat(end.status).isZero();
    assertThat(end.err).containsExactly(BUILDING);
    assertThat(Files.readAllLines(builds())).hasSize(2);
    assertNoLock();
  }

  @Test
  void takesOverTheLockOfADeadOwner() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createDirectories(out);
    for (String owner : List.of(dead.pid() + "\n", dead.pid() + " " + dead.pid() + "\n", "")) {
      Files.deleteIfExists(out.resolve("p2pchat.jar"));
      Files.writeString(out.resolve("owner"), owner);
      assertThat(start().end().err).as(owner).containsExactly(BUILDING);
      assertNoLock();
    }
  }

  @Test
  void aStartThatIsEndedWhileItBuildsEndsMavenAndLeavesNoLock() throws Exception {
    closeGate();
    Started start = start();
    assertThat(start.err.readLine()).isEqualTo(BUILDING);
    ProcessHandle maven = ProcessHandle.of(awaitLockOfTwo()).orElseThrow();
    assertThat(start.process.toHandle().destroy()).isTrue(); // leaves its streams open
    assertThat(start.end().status).isEqualTo(143);
    maven.onExit().get(60, SECONDS);
    assertNoLock();
    assertThat(out.resolve("p2pchat.jar")).doesNotExist();
  }

  /** The launcher for Windows does not run here, so only its text is checked. */
  @Test
  void theOneForWindowsHasItsLabelsAndTheSameOptions() throws IOException {
    String windows = Files.readString(Path.of("..", "p2pchat.cmd"));
    assertThat(matches("(?m)^:(\\w+)", windows))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            Set.copyOf(matches("\\b(?:goto |call :)(\\w+)", windows)));
    String posix = Files.readString(Path.of("..", "p2pchat"));
    for (String options : List.of("(-q -B .*? -am) ", "(-XX:Tiered.*?disable)['\"]")) {
      assertThat(matches(options, windows)).hasSize(1).isEqualTo(matches(options, posix));
    }
  }

  private static List<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  private Path builds() {
    return directory.resolve("builds");
  }

  private Path gate() {
    return directory.resolve("gate");
  }

  private void closeGate() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", gate().toString()).start().waitFor()).isZero();
  }

  /** Opening the pipe waits for the one who reads. */
  private void openGate() throws IOException {
    Files.writeString(gate(), "go\n");
  }

  /** Waits until the lock tells of a child too, and returns its process id. */
  private long awaitLockOfTwo() throws IOException {
    while (true) {
      String[] owners = Files.readString(out.resolve("owner")).strip().split(" ", -1);
      if (owners.length == 2) {
        return Long.parseLong(owners[1]);
      }
      Thread.onSpinWait();
    }
  }

  private void assertNoLock() {
    assertThat(out.resolve("owner")).doesNotExist();
    assertThat(out.resolve("owner.dead")).doesNotExist();
  }

  private void assertFails(String message) throws Exception {
    Run run = start("--help").end();
    assertThat(run.status).isOne();
    assertThat(run.out).isEmpty();
    assertThat(run.err).containsExactly("p2pchat: " + message);
  }

  /** A directory with the commands that the launcher uses, and no other. */
  private String commandsWithout(String missing) throws IOException {
    Path bin = Files.createDirectory(directory.resolve("without " + missing));
    for (String command : List.of("find", "readlink", "mkdir", "rm", "cat", "sed", "sleep", "mv")) {
      for (String each : System.getenv("PATH").split(":", -1)) {
        Path file = Path.of(each, command);
        if (Files.isExecutable(file) && !Files.exists(bin.resolve(command))) {
          script(bin.resolve(command), "exec '" + file + "' \"$@\"\n");
        }
      }
    }
    return bin.toString();
  }

  private static void script(Path path, String lines) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + lines);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private Started start(String... args) throws IOException {
    return start(root.resolve("p2pchat"), args);
  }

  private Started start(Path launcher, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Started(process, process.errorReader());
  }

  private record Started(Process process, BufferedReader err) {
    /** What it says fits into its pipes. */
    Run end() throws Exception {
      if (!process.waitFor(60, SECONDS)) {
        process.destroy();
      }
      return new Run(
          process.waitFor(), process.inputReader().lines().toList(), err.lines().toList());
    }
  }

  private record Run(int status, List<String> out, List<String> err) {}
}
