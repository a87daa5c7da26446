package io.p2pchat.cli;

import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that make a node; every command takes them. */
final class NodeOptions {
  @Option(
      names = {"-t", "--team"},
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The team name by which others know you.")
  private @Nullable String team;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      scope = ScopeType.INHERIT,
      description = "The port to listen on, 1 to 65535, or 0 for any free one.")
  private @Nullable Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      scope = ScopeType.INHERIT,
      description = "The local address to listen on; all addresses by default.")
  private @Nullable String bind;

  @Option(
      names = "-v",
      scope = ScopeType.INHERIT,
      description = "Log to standard error what the node does; -vv and -vvv say more.")
  private boolean[] verbosity = {};

  /** The team named on the command line. */
  Optional<String> team() {
    return Optional.ofNullable(team);
  }

  /** The port named on the command line. */
  Optional<Integer> port() {
    return Optional.ofNullable(port);
  }

  /** How often more logging was asked for. */
  int verbosity() {
    return verbosity.length;
  }

  /**
   * Checks the team and the port, where they were given.
   *
   * @throws UsageException if one is not accepted
   */
  void check() {
    team().ifPresent(name -> check("--team", TeamName::parse, name));
    port().ifPresent(number -> check("--port", PeerNode.builder()::port, number));
  }

  /** Starts a node with the given team and port. */
  PeerNode start(String teamName, int portNumber, PeerListener listener) {
    PeerNodeBuilder builder =
        PeerNode.builder().teamName(teamName).port(portNumber).listener(listener);
    return (bind == null ? builder : builder.bindAddress(bind)).start();
  }

  /** Starts a node without asking anybody: with the user's name, on any free port. */
  PeerNode start(PeerListener listener) {
    check();
    return start(team().orElseGet(TeamName::ofUser), port().orElse(0), listener);
  }

  private static <T> void check(String option, Consumer<T> rule, T value) {
    try {
      rule.accept(value);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for option '" + option + "': " + e.getMessage(), e);
    }
  }
}
