package io.p2pchat.cli.doctor;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Files and programs that a test describes. */
final class FakeSystem implements LocalSystem {
  private final Platform platform;
  private final int version;
  private final Map<Path, String> files = new HashMap<>();
  private final Map<String, String> outputs = new HashMap<>();
  private final Set<String> processes = new HashSet<>();

  FakeSystem(Platform platform, int version) {
    this.platform = platform;
    this.version = version;
  }

  static FakeSystem linux() {
    return new FakeSystem(Platform.LINUX, 6);
  }

  FakeSystem file(String path, String content) {
    files.put(Path.of(path), content);
    return this;
  }

  FakeSystem printing(String command, String output) {
    outputs.put(command, output);
    return this;
  }

  FakeSystem running(String process) {
    processes.add(process);
    return this;
  }

  @Override
  public Platform platform() {
    return platform;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public Optional<String> read(Path file) {
    return Optional.ofNullable(files.get(file));
  }

  @Override
  public Optional<String> output(String... command) {
    return Optional.ofNullable(outputs.get(String.join(" ", command)));
  }

  @Override
  public Set<String> processes() {
    return processes;
  }
}
