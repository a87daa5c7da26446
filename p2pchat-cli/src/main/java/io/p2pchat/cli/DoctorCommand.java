package io.p2pchat.cli;

import io.p2pchat.cli.doctor.Finding;
import io.p2pchat.cli.doctor.PeerGoal;
import io.p2pchat.cli.output.StdStreams;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds out why nobody appears, or why one peer does not answer. */
@Command(
    name = "doctor",
    description = {
      "Find out why nobody appears, or why a peer does not answer. Each line is ok, warning or"
          + " problem. A warning or a problem says what to do next.",
      "Sends multicast packets to the local network, unless --no-discovery is given. Connects to this"
          + " machine and to PEER. Sends no message."
    },
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:no problem was found",
      "1:there is a problem",
      ExitStatus.USAGE_HELP,
      ExitStatus.CLOSED_HELP
    })
final class DoctorCommand implements Callable<Integer> {
  private final NodeOptions options;
  private final StdStreams streams;

  @Parameters(
      arity = "0..1",
      paramLabel = "PEER",
      description = "The team name of a peer, or its HOST:PORT.")
  private @Nullable String peer;

  @Option(
      names = "--json",
      negatable = true,
      fallbackValue = "true",
      description = "Print each result as one line of JSON.")
  private boolean json;

  DoctorCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() {
    options.check();
    Optional<PeerGoal> goal =
        Optional.ofNullable(peer).map(text -> new PeerGoal(text, Optional.empty()));
    return options.doctor(Optional.empty()).examine(goal, this::print)
        ? ExitStatus.OK
        : ExitStatus.FAILED;
  }

  private void print(Finding finding) {
    if (json) {
      streams.out().printVerbatim(finding.json());
    } else {
      streams.out().print(finding.line());
    }
  }
}
