package io.p2pchat.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Files and programs of the system. */
final class RealSystem implements LocalSystem {
  private static final int MAX_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 2;

  /** Where programs for administrators are, besides the directories of the user's path. */
  private static Stream<String> administration() {
    return Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin");
  }

  @Override
  public Platform platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (os.startsWith("linux")) {
      return Platform.LINUX;
    }
    if (os.startsWith("mac")) {
      return Platform.MACOS;
    }
    return os.startsWith("windows") ? Platform.WINDOWS : Platform.OTHER;
  }

  @Override
  public int version() {
    String first = System.getProperty("os.version", "").replaceFirst("\\D.*", "");
    return first.isEmpty() || first.length() > 6 ? 0 : Integer.parseInt(first);
  }

  @Override
  public Optional<String> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MAX_BYTES), UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> output(String... command) {
    Optional<Path> program = find(command[0]);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    String[] all = command.clone();
    all[0] = program.get().toString();
    try {
      return run(
          new ProcessBuilder(all)
              .redirectInput(Redirect.PIPE)
              .redirectError(Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<String> run(Process process) throws IOException, InterruptedException {
    try {
      process.getOutputStream().close();
      CompletableFuture<String> printed =
          CompletableFuture.supplyAsync(() -> beginning(process.getInputStream()));
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        return Optional.empty();
      }
      return Optional.of(printed.completeOnTimeout("", PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    } finally {
      process.destroyForcibly();
    }
  }

  private static String beginning(InputStream printed) {
    try (printed) {
      return new String(printed.readNBytes(MAX_BYTES), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<Path> find(String program) {
    if (program.startsWith("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), administration())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> new File(directory, program))
        .filter(File::canExecute)
        .map(File::toPath)
        .findFirst();
  }

  @Override
  public Set<String> processes() {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      all.forEach(
          process -> read(process.resolve("comm")).map(String::strip).ifPresent(names::add));
    } catch (IOException e) {
      // Not Linux.
    }
    return names;
  }
}
