package io.p2pchat.cli;

import io.p2pchat.testing.netns.HostProcess;
import io.p2pchat.testing.netns.NamespaceLan.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the packaged program is started. These tests start it hundreds of times, so all starts share
 * a class-data archive, as those of the launcher do; it is made before the first.
 */
public final class PackagedCli {
  /** The JVM that runs the tests. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /**
   * Options for a JVM that lives for a second. It compiles less than by default, which takes a
   * third of its time.
   */
  static final List<String> FAST_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=4", "-XX:+UseSerialGC");

  /** Every buffer is watched, from where it is made and released. */
  static final String[] LEAKS = {
    "-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.acquireAndReleaseOnly=true"
  };

  private static final String JAR = System.getProperty("p2pchat.jar");

  private PackagedCli() {}

  private static final class Archive {
    static final Path FILE = create();

    private static Path create() {
      try {
        Path directory = Files.createTempDirectory("p2pchat-archive");
        directory.toFile().deleteOnExit();
        Path file = createArchive(directory, JAR);
        file.toFile().deleteOnExit();
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Creates an archive of the classes of a jar in a directory, as the launcher does. */
  static Path createArchive(Path directory, String jar) throws IOException {
    Path classes = directory.resolve("classes");
    Path file = directory.resolve("p2pchat.jsa");
    runJava(directory, jar, "-XX:DumpLoadedClassList=" + classes, CdsTraining.class.getName());
    String list = "-XX:SharedClassListFile=" + classes;
    runJava(directory, jar, "-Xshare:dump", list, "-XX:SharedArchiveFile=" + file);
    Files.delete(classes);
    return file;
  }

  private static void runJava(Path home, String jar, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(FAST_START);
    command.addAll(List.of(LEAKS));
    command.addAll(List.of("-cp", jar));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    setUp(builder.environment());
    builder.environment().put("XDG_CONFIG_HOME", home.toString());
    builder.environment().put("APPDATA", home.toString());
    try {
      int status = builder.redirectOutput(Redirect.DISCARD).start().waitFor();
      if (status != 0) {
        throw new AssertionError(command + " ended with " + status);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sets the environment of a process that starts the program: nothing of whoever runs the tests,
   * and no discovery, which would announce it on the real network.
   */
  public static void setUp(Map<String, String> environment) {
    environment.keySet().removeIf(variable -> variable.startsWith("P2PCHAT_"));
    environment.put("P2PCHAT_DISCOVERY", "false");
  }

  /** What starts the program; its arguments can be added. */
  public static List<String> command(String... jvmOptions) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(FAST_START);
    // Silent, should the archive not fit: then the start is slower, and that is all.
    command.addAll(List.of("-XX:SharedArchiveFile=" + Archive.FILE, "-Xlog:disable"));
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-jar", JAR));
    return command;
  }

  /** Starts the program on another host, with discovery. Prints its status as the last line. */
  static HostProcess start(
      Host host, Path home, Map<String, String> variables, String... arguments) {
    List<String> command = new ArrayList<>(List.of("env", "-u", "P2PCHAT_DISCOVERY"));
    command.add("LC_ALL=C.UTF-8");
    command.add("XDG_DATA_HOME=" + home);
    command.add("XDG_CONFIG_HOME=" + home.resolve("config"));
    variables.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(List.of("sh", "-c", "\"$@\"; echo \"status $?\"", "sh"));
    command.addAll(command());
    command.addAll(List.of(arguments));
    return host.start(command.toArray(String[]::new));
  }
}
