package io.p2pchat.cli;

import io.p2pchat.PeerNode;
import io.p2pchat.cli.chat.AddressParser;
import io.p2pchat.cli.chat.ChatView;
import io.p2pchat.cli.chat.ColorMode;
import io.p2pchat.cli.chat.EndOfInputException;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program without a subcommand: the chat menu, after the questions that it needs answered. */
@Command(
    name = "p2pchat",
    description = "Chat on the local network. Without --team and --port, it asks for them.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:success",
      "1:failure, such as a port in use",
      "2:wrong usage",
      "141:standard output was closed"
    },
    footerHeading = "Configuration:%n",
    footer =
        "Set option defaults in the environment or in config.properties. Precedence: command line,"
            + " environment, file, default. In the environment: P2PCHAT_TEAM for --team,"
            + " P2PCHAT_LISTEN_JSON for --json of listen. In the file: team=Ann, listen.json=true."
            + " The file is in $XDG_CONFIG_HOME/p2pchat, ~/.config/p2pchat or"
            + " %%APPDATA%%\\p2pchat.")
final class ChatCommand implements Callable<Integer> {
  private static final String TEAM = "Team name:";
  private static final String PORT = "Port to listen on:";

  @Mixin private final NodeOptions options;
  private final StdStreams streams;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description =
          "Colors on a terminal: ${COMPLETION-CANDIDATES}. Default: auto, which uses them if the"
              + " terminal has them and NO_COLOR is not set.")
  private ColorMode colors = ColorMode.AUTO;

  ChatCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    TrustNotices news = new TrustNotices(options.dataDir().unusual());
    try (ShutdownHook hook = new ShutdownHook();
        ChatView chat = ChatView.open(streams, colors)) {
      String team = options.team().orElse(null);
      Integer port = options.port().orElse(null);
      team = team == null ? chat.ask(TEAM, TeamName::parse) : team;
      port = port == null ? chat.ask(PORT, AddressParser::port) : port;
      try (PeerNode node = options.start(team, port, event -> chat.show(event, news))) {
        hook.install(chat::restore, node::close);
        streams.out().whenClosed(ChatCommand::exit);
        chat.run(node, news, options.dataDir().path());
      }
    } catch (EndOfInputException e) {
      // Is Quit.
    }
    return ExitStatus.OK;
  }

  // On a thread of its own: exiting waits for the node to close, and that for its listener.
  private static void exit() {
    new Thread(() -> System.exit(ExitStatus.OUTPUT_CLOSED), "p2pchat-exit").start();
  }
}
