package io.p2pchat.cli;

import io.p2pchat.BindFailedException;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.chat.AddressParser;
import io.p2pchat.cli.chat.ChatView;
import io.p2pchat.cli.chat.ColorMode;
import io.p2pchat.cli.chat.EndOfInputException;
import io.p2pchat.cli.doctor.Doctor;
import io.p2pchat.cli.doctor.PeerGoal;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.discovery.SubnetSweep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program without a subcommand: asks for the missing options, then runs the chat. */
@Command(
    name = "p2pchat",
    description =
        "Chat on the local network. Asks for the team and the port, unless you give them.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:success",
      "1:failure, such as a port in use",
      ExitStatus.USAGE_HELP,
      ExitStatus.CLOSED_HELP
    },
    footerHeading = "Configuration:%n",
    footer = {
      "Set option defaults in the environment or in a file. The environment overrides",
      "the file. The command line overrides both.",
      "",
      "For all commands:  P2PCHAT_TEAM=Ann          team=Ann in the file",
      "For listen only:   P2PCHAT_LISTEN_JSON=true  listen.json=true in the file",
      "",
      "The file is $XDG_CONFIG_HOME/p2pchat/config.properties, else",
      "~/.config/p2pchat/config.properties. On Windows:",
      "%%APPDATA%%\\p2pchat\\config.properties."
    })
final class ChatCommand implements Callable<Integer> {
  private static final String TEAM = "Team name:";
  private static final String PORT = "Port to listen on:";
  private static final String PORT_OR_FREE = "Port to listen on (Enter for a free one):";
  private static final int FREE = -1;

  @Mixin private final NodeOptions options;
  private final StdStreams streams;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description =
          "When to use colors: ${COMPLETION-CANDIDATES}. Default: auto, which uses them if the"
              + " terminal supports them and NO_COLOR is not set.")
  private ColorMode colors = ColorMode.AUTO;

  ChatCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    TrustNotices notices = new TrustNotices(options.dataDir().unusual());
    try (ShutdownHook hook = new ShutdownHook();
        ChatView chat = ChatView.open(streams, colors, options.dataDir().path())) {
      String team = options.team().orElse(null);
      team = team == null ? chat.ask(TEAM, TeamName::parse) : team;
      try (PeerNode node = start(chat, team, event -> chat.show(event, notices))) {
        hook.install(chat::restore, node::close);
        streams.out().whenFailed(this::exit);
        Doctor doctor = options.doctor(Optional.of(node));
        Optional<MessageStore> store = options.history(chat.isOnTerminal());
        try {
          chat.run(node, notices, (peer, key) -> findings(doctor, peer, key), store);
        } finally {
          store.ifPresent(MessageStore::close);
        }
      }
    } catch (EndOfInputException e) {
      // Means quit.
    }
    return ExitStatus.OK;
  }

  /** Starts the node. On a terminal, Enter instead of a port means the first free one. */
  private PeerNode start(ChatView chat, String team, PeerListener listener)
      throws IOException, EndOfInputException {
    boolean onTerminal = chat.isOnTerminal();
    int port = options.port().isPresent() ? options.port().get() : askPort(chat, onTerminal);
    if (port != FREE) {
      return options.start(team, port, onTerminal, listener);
    }
    for (int each = SubnetSweep.FIRST_PORT; each <= SubnetSweep.LAST_PORT; each++) {
      try {
        return options.start(team, each, onTerminal, listener);
      } catch (BindFailedException e) {
        // In use.
      }
    }
    throw new BindFailedException(
        "No port of "
            + SubnetSweep.FIRST_PORT
            + " to "
            + SubnetSweep.LAST_PORT
            + " is free; choose another with --port",
        null);
  }

  private static int askPort(ChatView chat, boolean onTerminal) throws EndOfInputException {
    return onTerminal
        ? chat.ask(PORT_OR_FREE, answer -> answer.isEmpty() ? FREE : AddressParser.port(answer))
        : chat.ask(PORT, AddressParser::port);
  }

  private static List<String> findings(
      Doctor doctor, Optional<String> peer, Optional<Fingerprint> key) {
    List<String> lines = new ArrayList<>();
    doctor.examine(peer.map(text -> new PeerGoal(text, key)), finding -> lines.add(finding.line()));
    return lines;
  }

  // On its own thread: exit waits for the node to close, which waits for the listener that calls
  // this.
  private void exit() {
    new Thread(() -> System.exit(Main.outputFailed(streams)), "p2pchat-exit").start();
  }
}
