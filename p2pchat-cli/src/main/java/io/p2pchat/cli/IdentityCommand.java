package io.p2pchat.cli;

import io.p2pchat.TrustStore;
import io.p2pchat.cli.output.StdStreams;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the fingerprint of the user's key. */
@Command(
    name = "identity",
    description = "Print the fingerprint of your key.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:success",
      "1:the data directory cannot be used",
      ExitStatus.USAGE_HELP,
      ExitStatus.CLOSED_HELP
    })
final class IdentityCommand implements Callable<Integer> {
  private final DataDirOption dataDir;
  private final StdStreams streams;

  IdentityCommand(DataDirOption dataDir, StdStreams streams) {
    this.dataDir = dataDir;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    streams.out().print(TrustStore.open(dataDir.path()).fingerprint().toString());
    return ExitStatus.OK;
  }
}
