package io.p2pchat.cli;

import io.p2pchat.cli.config.DataDirectory;
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
      description = {
        "The directory for your key and the known keys of peers.",
        "Default: $XDG_DATA_HOME/p2pchat, else",
        "~/.local/share/p2pchat. On Windows:",
        "%%APPDATA%%\\p2pchat."
      })
  private @Nullable Path directory;

  /**
   * Returns the data directory.
   *
   * @throws IOException if it cannot be used; the message says why, and what to do
   */
  Path path() throws IOException {
    return directory == null
        ? DataDirectory.requireUsableOfUser()
        : DataDirectory.requireUsable(directory.toAbsolutePath());
  }

  /** Returns the directory, or empty if it is the default. */
  Optional<Path> unusual() {
    return Optional.ofNullable(directory)
        .map(Path::toAbsolutePath)
        .filter(named -> !DataDirectory.ofUser().equals(Optional.of(named)));
  }
}
