package io.p2pchat.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How another JVM is started with the classes of this one. */
final class Jvm {
  private static final boolean CAN_PIN =
      Runtime.getRuntime().availableProcessors() > 1
          && Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
              .anyMatch(directory -> Files.isExecutable(Path.of(directory, "taskset")));

  private Jvm() {}

  static boolean canPin() {
    return CAN_PIN;
  }

  /** With these classes, in the module that they are, on one core. */
  static List<String> command(int core, List<String> options, Class<?> main, String... args) {
    Module module = main.getModule();
    List<String> program =
        module.isNamed()
            ? List.of(
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--module",
                module.getName() + '/' + main.getName())
            : List.of("-cp", System.getProperty("java.class.path"), main.getName());
    List<String> command = new ArrayList<>();
    if (CAN_PIN) {
      command.addAll(List.of("taskset", "-c", String.valueOf(core)));
    }
    command.addAll(java(options, program));
    command.addAll(List.of(args));
    return command;
  }

  /** With the classes of this class path, on any core. */
  static List<String> command(List<String> options, String classPath, Class<?> main) {
    return java(options, List.of("-cp", classPath, main.getName()));
  }

  private static List<String> java(List<String> options, List<String> program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(options);
    command.addAll(program);
    return command;
  }
}
