package io.p2pchat.cli;

import io.p2pchat.cli.config.DataDirectory;
import io.p2pchat.cli.output.TrustNotices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option for where the keys are kept; every command that has to do with keys takes it. */
final class DataDirOption {
  static final String NAME = TrustNotices.DATA_DIR;

  @Option(
      names = NAME,
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "The directory for your key and the keys of known peers. Default:"
              + " $XDG_DATA_HOME/p2pchat, ~/.local/share/p2pchat, or %%APPDATA%%\\p2pchat.")
  private @Nullable Path directory;

  /**
   * The directory that is to be used.
   *
   * @throws IOException if it cannot be; the text says why, and what to do
   */
  Path path() throws IOException {
    return directory == null
        ? DataDirectory.requireUsableOfUser()
        : DataDirectory.requireUsable(directory.toAbsolutePath());
  }

  /** The directory where it is another than one gets without the option. */
  Optional<Path> unusual() {
    return Optional.ofNullable(directory)
        .map(Path::toAbsolutePath)
        .filter(named -> !DataDirectory.ofUser().equals(Optional.of(named)));
  }
}
