package io.p2pchat.cli;

import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.cli.config.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that make a node; every command takes them. */
final class NodeOptions {
  /** Those of a command that makes no node, but has to do with keys. */
  static final Set<String> WITHOUT_NODE = Set.of(DataDirOption.NAME, "--verbose");

  @Option(
      names = {"-t", "--team"},
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Your team name, which other peers see.")
  private @Nullable String team;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      scope = ScopeType.INHERIT,
      description = "The port to listen on, 1 to 65535, or 0 for any free port.")
  private @Nullable Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      scope = ScopeType.INHERIT,
      description = "The local address to listen on. Default: all addresses.")
  private @Nullable String bind;

  @Mixin private SecurityOptions security = new SecurityOptions();
  @Mixin private DataDirOption dataDir = new DataDirOption();

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log to standard error. -vv and -vvv log more.")
  private boolean[] verbosity = {};

  /** Takes them away from a command that makes no node, except some. */
  static void withdrawFrom(CommandLine command, Set<String> except) {
    CommandSpec spec = command.getCommandSpec();
    List.copyOf(spec.options()).stream()
        .filter(OptionSpec::inherited)
        .filter(option -> !except.contains(option.longestName()))
        .forEach(spec::remove);
    command.getSubcommands().values().forEach(each -> withdrawFrom(each, except));
  }

  /** The team, if one was named. */
  Optional<String> team() {
    return Optional.ofNullable(team);
  }

  /** The port, if one was named. */
  Optional<Integer> port() {
    return Optional.ofNullable(port);
  }

  /** How often more logging was asked for. */
  int verbosity() {
    int count = 0;
    for (boolean more : verbosity) {
      count += more ? 1 : 0;
    }
    return count;
  }

  /** Where the keys are kept. */
  DataDirOption dataDir() {
    return dataDir;
  }

  /**
   * Checks the values that were given.
   *
   * @throws UsageException if one is not accepted
   */
  void check() {
    team().ifPresent(name -> UsageException.readOption("--team", TeamName::parse, name));
    port()
        .ifPresent(number -> UsageException.readOption("--port", PeerNode.builder()::port, number));
    security.check();
  }

  /**
   * Starts a node with the given team and port.
   *
   * @throws IOException if there is no directory for the keys
   */
  PeerNode start(String teamName, int portNumber, PeerListener listener) throws IOException {
    PeerNodeBuilder builder =
        PeerNode.builder().teamName(teamName).port(portNumber).listener(listener);
    if (bind != null) {
      builder.bindAddress(bind);
    }
    security.applyTo(builder, dataDir.path());
    return builder.start();
  }

  /**
   * Starts a node without asking anybody: with the user's name, on any free port.
   *
   * @throws IOException if there is no directory for the keys
   */
  PeerNode start(PeerListener listener) throws IOException {
    check();
    return start(team().orElseGet(TeamName::ofUser), port().orElse(0), listener);
  }
}
