package io.p2pchat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2pchat.HistoryQuery;
import io.p2pchat.MessageStore;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong with the disk, in processes of their own. As root on Linux, each gets a file
 * system of its own that only it sees.
 */
class StoreFaultsTest {
  @TempDir Path directory;

  private Process start(String prepare, String... args) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> program = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1"));
    program.add("--enable-native-access=ALL-UNNAMED");
    program.addAll(List.of("-cp", classPath(), StoreProcess.class.getName()));
    program.addAll(List.of(args));
    List<String> command = new ArrayList<>();
    if (!prepare.isEmpty()) {
      command.addAll(List.of("unshare", "--mount", "sh", "-ec", prepare + "\nexec \"$@\"", "sh"));
    }
    command.addAll(program);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String classPath() {
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path", "");
    String patched = location(StoreProcess.class) + File.pathSeparator;
    return patched
        + location(SqliteStore.class)
        + File.pathSeparator
        + modules
        + File.pathSeparator
        + classes;
  }

  private static String location(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static void assumeMounts() throws Exception {
    boolean works = false;
    if (Files.isExecutable(Path.of("/usr/bin/unshare"))) {
      Process probe =
          new ProcessBuilder("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt")
              .redirectErrorStream(true)
              .start();
      works = probe.waitFor(20, TimeUnit.SECONDS) && probe.exitValue() == 0;
    }
    assumeTrue(works, "no file systems can be mounted here");
  }

  private String run(String prepare, String... args) throws Exception {
    Process process = start(prepare, args);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @Test
  void aFullDiskIsNamedAndTheStoreGoesOnWhenThereIsRoom() throws Exception {
    assumeMounts();
    assertThat(
            run(
                "mount -t tmpfs -o size=12m,mode=700 none "
                    + directory
                    + "\nhead -c 6000000 /dev/zero >"
                    + directory
                    + "/ballast",
                directory + "/history",
                "1000000",
                directory + "/ballast"))
        .contains("claimed 0")
        .contains("FULL " + directory + "/history/messages.db: the disk is full")
        .contains("added again");
  }

  @Test
  void aReadOnlyFileSystemIsNamed() throws Exception {
    assumeMounts();
    assertThat(
            run(
                "mount -t tmpfs -o mode=700 none "
                    + directory
                    + "\nmount -o remount,ro "
                    + directory,
                directory + "/history",
                "1"))
        .contains("NOT_WRITABLE " + directory)
        .contains("choose another directory");
  }

  @Test
  void aDirectoryWithoutPermissionIsNamed() throws Exception {
    assumeMounts();
    assertThat(
            run(
                "mount -t tmpfs -o mode=500 none "
                    + directory
                    + "\nset -- setpriv --bounding-set -dac_override \"$@\"",
                directory + "/history",
                "1"))
        .contains("NOT_WRITABLE " + directory)
        .contains("you have no permission");
  }

  @Test
  void aFileSystemThatDoesNotRunProgramsIsNamed() throws Exception {
    assumeMounts();
    assertThat(
            run("mount -t tmpfs -o noexec,mode=700 none " + directory, directory + "/history", "1"))
        .contains("LIBRARY " + directory + "/history: the library of SQLite cannot be loaded")
        .contains("-Dorg.sqlite.tmpdir=DIRECTORY");
  }

  @Test
  void aStoreOfAnotherProcessIsNamedAndCanBeRead() throws Exception {
    Process owner = start("", directory.resolve("history").toString(), "200");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("claimed 0");
      assertThat(lines.readLine()).isEqualTo("added");
      try (MessageStore store = SqliteStore.open(directory.resolve("history"))) {
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(store::claim)
            .withMessageContaining("history: this history is in use by another p2pchat")
            .withMessageContaining("process " + owner.pid())
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED));
        assertThat(store.messages(HistoryQuery.last(1_000))).hasSize(200);
        owner.destroyForcibly();
        assertThat(owner.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(store.claim().lastRow()).as("after kill -9").isEqualTo(200);
      }
    } finally {
      owner.destroyForcibly();
    }
  }
}
