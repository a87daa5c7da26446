package io.p2pchat.cli;

import io.p2pchat.IpRange;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Security.Policy;
import io.p2pchat.Trust;
import io.p2pchat.cli.config.UsageException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options for whether a node encrypts, whom it trusts, and whom it lets in. */
final class SecurityOptions {
  @Option(
      names = "--security",
      paramLabel = "POLICY",
      scope = ScopeType.INHERIT,
      completionCandidates = PolicyNames.class,
      description =
          "plaintext: never encrypt. opportunistic: encrypt with every peer that can. required:"
              + " refuse peers that cannot. Default: opportunistic.")
  private String policy = "opportunistic";

  @Option(
      names = "--strict",
      scope = ScopeType.INHERIT,
      negatable = true,
      fallbackValue = "true", // whatever the configuration says
      description =
          "Refuse peers with unknown keys. To refuse peers without a key too, add"
              + " --security required.")
  private boolean strict;

  @Option(
      names = "--allow",
      paramLabel = "CIDR",
      split = ",",
      scope = ScopeType.INHERIT,
      description =
          "Accept connections only from these IP addresses, such as 192.168.0.0/16. Repeat the"
              + " option, or separate ranges with commas.")
  private List<String> allowed = List.of();

  @Option(
      names = "--rate",
      paramLabel = "LINES",
      scope = ScopeType.INHERIT,
      description = "Read at most this many lines a second from one peer. Default: no limit.")
  private @Nullable Integer rate;

  /**
   * Checks the values.
   *
   * @throws UsageException if one is not accepted
   */
  void check() {
    ranges();
    UsageException.requirePositive("--rate", rate);
    if (policy() == Policy.PLAINTEXT && strict) {
      throw new UsageException(
          "Option '--strict' needs keys, and there are none with '--security plaintext'",
          "--strict",
          "--security");
    }
  }

  /** Sets what was asked for, the keys being kept in that directory. */
  void applyTo(PeerNodeBuilder builder, Path dataDir) {
    Trust trust = Trust.pinned(dataDir);
    builder.security(Security.of(policy()).with(strict ? trust.strict() : trust));
    ranges().forEach(builder::allow);
    if (rate != null) {
      builder.settings(NodeSettings.builder().maxLinesPerSecond(rate).build());
    }
  }

  private Policy policy() {
    return UsageException.readOption("--security", SecurityOptions::policy, policy);
  }

  private List<IpRange> ranges() {
    return allowed.stream()
        .map(range -> UsageException.<String, IpRange>readOption("--allow", IpRange::parse, range))
        .toList();
  }

  private static Policy policy(String name) {
    return Arrays.stream(Policy.values())
        .filter(each -> each.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + name
                        + "\"; accepted are "
                        + PolicyNames.all().stream().collect(Collectors.joining(", "))));
  }

  /** The names, as the shell completes them. */
  static final class PolicyNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return all().iterator();
    }

    private static List<String> all() {
      return Arrays.stream(Policy.values())
          .map(policy -> policy.name().toLowerCase(Locale.ROOT))
          .toList();
    }
  }
}
