package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program with a class-data archive, as the launcher makes and uses it. */
class StartUpIT {
  @TempDir private static Path directory;
  private static Path jar;
  private static Path archive;

  @BeforeAll
  static void train() throws IOException {
    jar = Files.copy(Path.of(System.getProperty("p2pchat.jar")), directory.resolve("p2pchat.jar"));
    archive = PackagedCli.createArchive(directory, jar.toString());
  }

  @Test
  void theArchiveIsUsed() throws IOException {
    try (CliProcess process = start("--help")) {
      assertThat(process.awaitExit()).isZero();
      assertThat(Files.readAllLines(directory.resolve("loaded")))
          .anyMatch(line -> line.contains(" io.p2pchat.cli.Main source: shared "));
    }
  }

  @Test
  void theVersionIsTheSameWithTheArchiveAndWhereverItIsAskedFor() {
    List<String> plain;
    try (CliProcess process = CliProcess.start("send", "--version")) {
      assertThat(process.awaitExit()).isZero();
      plain = process.out.awaitAll();
    }
    for (String option : List.of("--version", "-V")) {
      try (CliProcess process = start(option)) {
        assertThat(process.awaitExit()).isZero();
        assertThat(process.out.awaitAll()).isEqualTo(plain);
        assertThat(process.err.awaitAll()).isEmpty();
      }
    }
  }

  @Test
  void anArchiveOfAnotherJarIsPassedOverInSilence() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other")).resolve("p2pchat.jar");
    Files.setLastModifiedTime(Files.copy(jar, other), FileTime.fromMillis(0));
    try (CliProcess process =
        CliProcess.startJava(
            "-Xlog:disable",
            "-XX:SharedArchiveFile=" + archive,
            "-jar",
            other.toString(),
            "--version")) {
      assertThat(process.awaitExit()).isZero();
      assertThat(process.out.awaitAll()).hasSize(1);
      assertThat(process.err.awaitAll()).isEmpty();
    }
  }

  @Test
  void onlyTheHistoryLoadsSqlite() throws IOException {
    String data = "--data-dir=" + directory.resolve("data");
    assertThat(sqliteClasses(0, "--help")).isEmpty();
    assertThat(sqliteClasses(1, "send", data, "--no-discovery", "127.0.0.1:1", "hi")).isEmpty();
    assertThat(sqliteClasses(3, "listen", data, "--no-discovery", "--timeout=1")).isEmpty();
    assertThat(sqliteClasses(3, "listen", data, "--no-discovery", "--timeout=1", "--history"))
        .isNotEmpty()
        .as("archived")
        .filteredOn(line -> line.contains("org.sqlite.core.NativeDB "))
        .allMatch(line -> line.contains(" source: shared "));
  }

  @Test
  void aCommandLoadsNothingThatItDoesNotUse() throws IOException {
    String data = "--data-dir=" + directory.resolve("data");
    assertThat(classes(3, "listen", data, "--no-discovery", "--timeout=1"))
        .anyMatch(line -> line.contains("io.p2pchat.cli.ListenCommand "))
        .anyMatch(line -> line.contains("io.p2pchat.cli.config.OptionDefaults source: shared "))
        .as("of other commands")
        .noneMatch(line -> line.contains("io.p2pchat.cli.HistoryCommand "))
        .noneMatch(line -> line.contains(" org.jline."));
  }

  private static List<String> sqliteClasses(int status, String... command) throws IOException {
    return classes(status, command).stream()
        .filter(line -> line.contains("org.sqlite.") || line.contains("io.p2pchat.sqlite."))
        .toList();
  }

  private static List<String> classes(int status, String... command) throws IOException {
    try (CliProcess process = start(command)) {
      assertThat(process.awaitExit()).isEqualTo(status);
      return Files.readAllLines(directory.resolve("loaded"));
    }
  }

  private static CliProcess start(String... command) {
    List<String> all = new ArrayList<>(List.of("-Xlog:disable"));
    all.add("-Xlog:class+load:file=" + directory.resolve("loaded"));
    all.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-jar", jar.toString()));
    all.addAll(List.of(command));
    return CliProcess.startJava(all.toArray(String[]::new));
  }
}
