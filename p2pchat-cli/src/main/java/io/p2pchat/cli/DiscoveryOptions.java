package io.p2pchat.cli;

import io.p2pchat.PeerAddress;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.discovery.DnsDiscovery;
import io.p2pchat.discovery.MulticastDnsDiscovery;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.PeerExchange;
import io.p2pchat.discovery.StaticDiscovery;
import io.p2pchat.discovery.SubnetSweep;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options for finding peers. */
final class DiscoveryOptions {
  static final String NAME = "--discovery";

  private static final Pattern WITH_PORT = Pattern.compile("(.*):([0-9]{1,9})");

  @Option(
      names = NAME,
      scope = ScopeType.INHERIT,
      negatable = true,
      fallbackValue = "true", // overrides the configuration
      description =
          "Look for peers on the local network. The chat and listen also announce themselves. Default:"
              + " on, except if the chat reads from a pipe.")
  private @Nullable Boolean discovery;

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      split = ",",
      scope = ScopeType.INHERIT,
      description =
          "Look for a peer at this address, and reconnect whenever the connection is lost."
              + " --no-discovery turns this off. For several peers, repeat the option or separate them"
              + " with commas.")
  private List<String> peers = List.of();

  @Option(
      names = "--dns",
      paramLabel = "NAME[:PORT]",
      split = ",",
      scope = ScopeType.INHERIT,
      description =
          "Look for peers at the addresses of this DNS name. Default port: 7001. If the name begins"
              + " with _, use its SRV records. --no-discovery turns this off. For several names, repeat"
              + " the option or separate them with commas.")
  private List<String> names = List.of();

  /**
   * Checks the options.
   *
   * @throws UsageException if a value is invalid
   */
  void check() {
    sources(true);
  }

  /** Returns whether to look for peers if nothing was said about it. */
  boolean isOn(boolean byDefault) {
    return discovery == null ? byDefault : discovery;
  }

  /**
   * Creates the sources for one node.
   *
   * @param byDefault whether to look for peers on the network if nothing was said about it
   * @throws UsageException if a value is invalid
   */
  List<PeerDiscovery> sources(boolean byDefault) {
    List<PeerDiscovery> sources = new ArrayList<>();
    if (isOn(byDefault)) {
      sources.add(new MulticastDnsDiscovery());
      sources.add(new PeerExchange());
    }
    List<PeerAddress> addresses =
        peers.stream()
            .map(peer -> UsageException.readOption("--peer", PeerAddress::parse, peer))
            .map(PeerAddress.class::cast)
            .toList();
    if (!addresses.isEmpty()) {
      sources.add(UsageException.readOption("--peer", StaticDiscovery::of, addresses));
    }
    names.forEach(name -> sources.add(UsageException.readOption("--dns", this::dns, name)));
    return isOn(true) ? sources : List.of();
  }

  private PeerDiscovery dns(String name) {
    if (name.startsWith("_")) {
      return DnsDiscovery.srv(name).build();
    }
    Matcher parts = WITH_PORT.matcher(name);
    return parts.matches()
        ? DnsDiscovery.addresses(parts.group(1), Integer.parseInt(parts.group(2))).build()
        : DnsDiscovery.addresses(name, SubnetSweep.FIRST_PORT).build();
  }
}
