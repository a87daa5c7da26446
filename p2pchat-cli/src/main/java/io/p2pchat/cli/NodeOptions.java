package io.p2pchat.cli;

import io.p2pchat.MessageStore;
import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.cli.ReportingStore.Reports;
import io.p2pchat.cli.chat.TerminalSupport;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.doctor.Doctor;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.discovery.PeerDiscovery;
import java.io.IOException;
import java.time.InstantSource;
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

/** The options for a node. Every command that starts one has them. */
final class NodeOptions {
  /** The options of a command that uses keys but starts no node. */
  static final Set<String> WITHOUT_NODE = Set.of(DataDirOption.NAME, "--verbose");

  /** The options of a command that looks at the network and starts no node. */
  static final Set<String> OF_DOCTOR =
      Set.of(
          "--port",
          "--bind",
          "--security",
          "--strict",
          DiscoveryOptions.NAME,
          DataDirOption.NAME,
          "--verbose");

  private static final String HISTORY = "--history";

  @Option(
      names = {"-t", "--team"},
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description =
          "Your team name. If not given, the chat asks for it, and the other commands use your user"
              + " name.")
  private @Nullable String team;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      scope = ScopeType.INHERIT,
      description =
          "The port to listen on, or 0 for any free port. Default: the chat asks; the doctor checks the"
              + " first free port from 7001 to 7016; the other commands use 0.")
  private @Nullable Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      scope = ScopeType.INHERIT,
      description = "The local address to listen on. Default: all addresses.")
  private @Nullable String bind;

  @Mixin private SecurityOptions security = new SecurityOptions();
  @Mixin private DiscoveryOptions discovery = new DiscoveryOptions();

  @Option(
      names = HISTORY,
      scope = ScopeType.INHERIT,
      negatable = true,
      fallbackValue = "true", // overrides the configuration
      description =
          "Store messages. A message to a known peer that is offline then waits for up to 7 days, and"
              + " you can read old messages. This is the default for the chat on a terminal. Not"
              + " available with --security plaintext.")
  private @Nullable Boolean history;

  @Mixin private DataDirOption dataDir = new DataDirOption();

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log to standard error. -vv and -vvv log more.")
  private boolean[] verbosity = {};

  /** Removes the option to store messages from a command that sends and shows none. */
  static void withdrawHistoryFrom(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.remove(spec.findOption(HISTORY));
  }

  /** Removes the options from a command that starts no node, except some. */
  static void withdrawFrom(CommandLine command, Set<String> except) {
    CommandSpec spec = command.getCommandSpec();
    List.copyOf(spec.options()).stream()
        .filter(OptionSpec::inherited)
        .filter(option -> !except.contains(option.longestName()))
        .forEach(spec::remove);
    command.getSubcommands().values().forEach(each -> withdrawFrom(each, except));
  }

  Optional<String> team() {
    return Optional.ofNullable(team);
  }

  Optional<Integer> port() {
    return Optional.ofNullable(port);
  }

  /** Returns how often {@code -v} was given. */
  int verbosity() {
    int count = 0;
    for (boolean more : verbosity) {
      count += more ? 1 : 0;
    }
    return count;
  }

  DataDirOption dataDir() {
    return dataDir;
  }

  DiscoveryOptions discovery() {
    return discovery;
  }

  /**
   * Checks the options.
   *
   * @throws UsageException if a value is invalid
   */
  void check() {
    team().ifPresent(name -> UsageException.readOption("--team", TeamName::parse, name));
    port()
        .ifPresent(number -> UsageException.readOption("--port", PeerNode.builder()::port, number));
    security.check();
    discovery.check();
  }

  /**
   * Returns what finds out why nobody appears.
   *
   * @param node the node of this program, or empty if there is none
   */
  Doctor doctor(Optional<PeerNode> node) {
    return new Doctor(
        new Doctor.Settings(
            node.map(PeerNode::port).or(this::port).orElse(0),
            Optional.ofNullable(bind),
            security.policy(),
            security.isStrict(),
            dataDir::path,
            dataDir.unusual(),
            node.map(PeerNode::addresses).orElse(List.of()),
            discovery.isOn(true)));
  }

  /**
   * Starts a node with the given team and port.
   *
   * @param onTerminal whether it looks for peers and stores messages if nothing was said about it
   * @param reports takes what is wrong with the stored messages
   * @throws IOException if the data directory cannot be used
   */
  PeerNode start(
      String teamName, int portNumber, boolean onTerminal, PeerListener listener, Reports reports)
      throws IOException {
    PeerNodeBuilder builder = PeerNode.builder().discovery(sources(onTerminal));
    store(builder, onTerminal, reports);
    return start(builder, teamName, portNumber, listener);
  }

  private void store(PeerNodeBuilder builder, boolean byDefault, Reports reports)
      throws IOException {
    history(byDefault)
        .map(store -> new ReportingStore(store, reports, InstantSource.system()))
        .ifPresent(builder::store);
  }

  /**
   * Opens the stored messages. The caller closes them.
   *
   * @param byDefault whether to use them if nothing was said about it
   * @throws IOException if the data directory cannot be used
   */
  Optional<MessageStore> history(boolean byDefault) throws IOException {
    return stores(byDefault) ? Optional.of(HistoryStore.open(dataDir.path())) : Optional.empty();
  }

  /** Returns whether a command without questions stores messages. */
  boolean stores() {
    return stores(false);
  }

  private boolean stores(boolean byDefault) {
    return (history == null ? byDefault : history)
        && security.policy() != Security.Policy.PLAINTEXT;
  }

  private PeerDiscovery[] sources(boolean byDefault) {
    return discovery.sources(byDefault).toArray(PeerDiscovery[]::new);
  }

  private PeerNode start(
      PeerNodeBuilder builder, String teamName, int portNumber, PeerListener listener)
      throws IOException {
    builder.teamName(teamName).port(portNumber).listener(listener);
    if (bind != null) {
      builder.bindAddress(bind);
    }
    security.applyTo(builder, dataDir.path());
    return builder.start();
  }

  /**
   * Starts a node without questions. By default it has the user's name and any free port, and finds
   * peers.
   *
   * @throws IOException if the data directory cannot be used
   */
  PeerNode start(PeerListener listener, Reports reports) throws IOException {
    return start(PeerNode.builder().discovery(sources(true)), listener, reports);
  }

  /**
   * Starts a node without questions that only looks for peers. It stores no messages.
   *
   * @param sources what finds peers
   * @throws IOException if the data directory cannot be used
   */
  PeerNode startToLook(List<PeerDiscovery> sources) throws IOException {
    check();
    return start(brief(sources), teamOrUser(), port().orElse(0), event -> {});
  }

  /**
   * Starts a node without questions that ends after its messages. Its peers need not remember it.
   *
   * @param sources what finds peers
   * @throws IOException if the data directory cannot be used
   */
  PeerNode startBrief(List<PeerDiscovery> sources, PeerListener listener, Reports reports)
      throws IOException {
    return start(brief(sources), listener, reports);
  }

  private static PeerNodeBuilder brief(List<PeerDiscovery> sources) {
    return PeerNode.builder().brief().discovery(sources.toArray(PeerDiscovery[]::new));
  }

  private PeerNode start(PeerNodeBuilder builder, PeerListener listener, Reports reports)
      throws IOException {
    check();
    store(builder, false, reports);
    return start(builder, teamOrUser(), port().orElse(0), listener);
  }

  private String teamOrUser() {
    return team().orElseGet(TeamName::ofUser);
  }

  /** Returns the notices about keys, with whole keys for scripts. */
  TrustNotices trustNotices() {
    return TerminalSupport.isInteractive()
        ? TrustNotices.onTerminal(dataDir().unusual())
        : new TrustNotices(dataDir().unusual());
  }
}
