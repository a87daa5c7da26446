package io.p2pchat.cli;

import io.p2pchat.cli.config.DataDirectory;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.TrustNotices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option for the data directory. Every command that uses keys has it. */
final class DataDirOption {
  static final String NAME = TrustNotices.DATA_DIR;

  @Option(
      names = NAME,
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "The directory for your key, known keys, stored messages and other data. ~/ at the beginning"
              + " stands for your home directory. Default: $XDG_DATA_HOME/p2pchat or"
              + " ~/.local/share/p2pchat; on Windows %%APPDATA%%\\p2pchat.")
  private @Nullable Path directory;

  /**
   * Returns the data directory.
   *
   * @throws IOException if it cannot be used; the message says why, and what to do
   */
  Path path() throws IOException {
    Optional<Path> named = named();
    return named.isPresent()
        ? DataDirectory.requireUsable(named.get())
        : DataDirectory.requireUsableOfUser();
  }

  /** Returns the directory, or empty if it is the default. */
  Optional<Path> unusual() {
    return named().filter(path -> !DataDirectory.ofUser().equals(Optional.of(path)));
  }

  private Optional<Path> named() {
    return Optional.ofNullable(directory)
        .map(path -> UsageException.readOption(NAME, DataDirectory::withHome, path))
        .map(Path::toAbsolutePath);
  }
}
