package io.p2pchat.cli;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.EventJson;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.Table;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.SubnetSweep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks for peers for a while, and lists them. */
@Command(
    name = "discover",
    description = "Look for peers, and list them. Announces nothing and sends no message.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:a peer was found",
      "1:no peer was found, or another failure",
      ExitStatus.USAGE_HELP,
      ExitStatus.CLOSED_HELP
    })
final class DiscoverCommand implements Callable<Integer> {
  private static final int TIMEOUT = 3;
  private static final int SWEEP_TIMEOUT = 80;
  private static final List<String> HEADINGS = List.of("TEAM", "ADDRESS", "KNOWN AS", "SOURCE");

  private final NodeOptions options;
  private final StdStreams streams;

  @Option(
      names = "--json",
      negatable = true,
      fallbackValue = "true",
      description = "Print each peer as one line of JSON.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Look for this many seconds. Default: "
              + TIMEOUT
              + ", with --sweep "
              + SWEEP_TIMEOUT
              + ".")
  private @Nullable Integer timeout;

  @Option(
      names = "--sweep",
      negatable = true,
      fallbackValue = "true",
      description =
          "Also connect to ports 7001 to 7016 of each address in your own /24 networks, for networks"
              + " that drop multicast. Ask the owner of the network first.")
  private boolean sweep;

  DiscoverCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    UsageException.requirePositive("--timeout", timeout);
    options.check();
    List<PeerDiscovery> sources = new ArrayList<>(options.discovery().sources(true));
    if (sweep) {
      sources.add(SubnetSweep.ofOwnNetworks());
    }
    if (sources.isEmpty()) {
      throw new UsageException(
          "All discovery is off: omit --no-discovery, or add --sweep", DiscoveryOptions.NAME);
    }
    int seconds = timeout != null ? timeout : sweep ? SWEEP_TIMEOUT : TIMEOUT;
    List<DiscoveredPeer> found = look(sources, seconds);
    if (json) {
      found.forEach(
          peer ->
              streams.out().printVerbatim(EventJson.of(PeerDiscovered.of(peer, peer.firstSeen()))));
    } else if (!found.isEmpty()) {
      Stream<List<String>> rows = found.stream().map(DiscoverCommand::row);
      streams.out().print(Table.of(Stream.concat(Stream.of(HEADINGS), rows).toList()));
    }
    if (found.isEmpty()) {
      streams
          .err()
          .print("No peer was found in " + seconds + " s. 'p2pchat doctor' looks for the reason.");
    }
    return found.isEmpty() ? ExitStatus.FAILED : ExitStatus.OK;
  }

  private List<DiscoveredPeer> look(List<PeerDiscovery> sources, int seconds) throws IOException {
    try (PeerNode node = options.startToLook(sources)) {
      TimeUnit.SECONDS.sleep(seconds);
      return node.discoveredPeers().stream().filter(DiscoverCommand::isThere).toList();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** Returns false for an address that the user has named and where no node has answered. */
  private static boolean isThere(DiscoveredPeer peer) {
    return peer.node().isPresent() || !peer.sources().equals(List.of("static"));
  }

  private static List<String> row(DiscoveredPeer peer) {
    return List.of(
        peer.teamName().map(NameText::of).orElse("-"),
        peer.addresses().stream().map(PeerAddress::toString).collect(Collectors.joining(" ")),
        peer.known().map(KnownPeer::teamName).map(NameText::of).orElse("-"),
        String.join(",", peer.sources()));
  }
}
