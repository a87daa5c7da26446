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

/** The options for encryption, trust, and accepted connections. */
final class SecurityOptions {
  @Option(
      names = "--security",
      paramLabel = "POLICY",
      scope = ScopeType.INHERIT,
      completionCandidates = PolicyNames.class,
      description =
          "opportunistic (default): encrypt with every peer that supports it. required: refuse peers"
              + " that do not encrypt. plaintext: never encrypt, and refuse peers whose key is"
              + " known.")
  private String policy = "opportunistic";

  @Option(
      names = "--strict",
      scope = ScopeType.INHERIT,
      negatable = true,
      fallbackValue = "true", // overrides the configuration
      description =
          "Refuse peers with unknown keys. Plain-format programs have no key: to refuse them too, add"
              + " --security required.")
  private boolean strict;

  @Option(
      names = "--allow",
      paramLabel = "CIDR",
      split = ",",
      scope = ScopeType.INHERIT,
      description =
          "Accept connections only from this range of IP addresses, such as 192.168.0.0/16. For"
              + " several ranges, repeat the option or separate them with commas.")
  private List<String> allowed = List.of();

  @Option(
      names = "--rate",
      paramLabel = "LINES",
      scope = ScopeType.INHERIT,
      description = "Read at most this many lines a second from one peer. Default: no limit.")
  private @Nullable Integer rate;

  /**
   * Checks the options.
   *
   * @throws UsageException if a value is invalid
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

  /** Applies the options to a builder. The directory holds the keys. */
  void applyTo(PeerNodeBuilder builder, Path dataDir) {
    Trust trust = Trust.pinned(dataDir);
    builder.security(Security.of(policy()).with(strict ? trust.strict() : trust));
    ranges().forEach(builder::allow);
    if (rate != null) {
      builder.settings(NodeSettings.builder().maxLinesPerSecond(rate).build());
    }
  }

  /** Returns whether to encrypt. */
  Policy policy() {
    return UsageException.readOption("--security", SecurityOptions::policy, policy);
  }

  boolean isStrict() {
    return strict;
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

  /** The names of the policies, for shell completion. */
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
