package io.p2pchat.cli;

import io.p2pchat.BindFailedException;
import io.p2pchat.BindFailedException.Reason;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageRefusedException;
import io.p2pchat.MessageStore;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerListener;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.ReportingStore.Reports;
import io.p2pchat.cli.chat.AddressParser;
import io.p2pchat.cli.chat.CancelledException;
import io.p2pchat.cli.chat.ChatView;
import io.p2pchat.cli.chat.ColorMode;
import io.p2pchat.cli.chat.DaemonThread;
import io.p2pchat.cli.chat.EndOfInputException;
import io.p2pchat.cli.chat.NotifyMode;
import io.p2pchat.cli.doctor.Doctor;
import io.p2pchat.cli.doctor.PeerGoal;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.discovery.SubnetSweep;
import java.io.IOException;
import java.time.Duration;
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
      "130:Ctrl-C at the first questions, or SIGINT",
      ExitStatus.CLOSED_HELP,
      ExitStatus.TERMINATED_HELP
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
  private static final int FIRST_FREE = -1;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  @Mixin private final NodeOptions options;
  private final StdStreams streams;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description =
          "When to use colors: ${COMPLETION-CANDIDATES}. Default: auto, which uses them if the"
              + " terminal supports them and NO_COLOR is not set.")
  private ColorMode colors = ColorMode.AUTO;

  @Option(
      names = "--notify",
      paramLabel = "HOW",
      description =
          "How to announce a message that you may have missed. bell: ring the terminal bell. osc:"
              + " show a desktop notification, or ring if the terminal cannot. off: neither."
              + " Default: bell.")
  private NotifyMode notify = NotifyMode.BELL;

  ChatCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    TrustNotices notices = new TrustNotices(options.dataDir().unusual());
    try (ShutdownHook hook = new ShutdownHook();
        ChatView chat = ChatView.open(streams, colors, notify, options.dataDir().path())) {
      Optional<String> given = options.team();
      String team = given.isPresent() ? given.get() : askTeam(chat);
      try (PeerNode node = start(chat, team, event -> show(chat, event, notices))) {
        hook.install(chat::restore, node::close);
        streams.out().whenFailed(this::exit);
        Doctor doctor = options.doctor(Optional.of(node));
        Optional<MessageStore> store = options.history(chat.isOnTerminal());
        try {
          chat.run(node, notices, (peer, key) -> findings(doctor, peer, key), store);
        } finally {
          store.ifPresent(ChatCommand::close);
        }
      }
    } catch (EndOfInputException e) {
      // Means quit.
    } catch (CancelledException e) {
      return ExitStatus.INTERRUPTED;
    }
    return ExitStatus.OK;
  }

  /** Closes what the chat reads. A read that hangs must not keep the node from sending exit. */
  private static void close(MessageStore store) {
    DaemonThread.run("p2pchat-history-close", store::close, CLOSE_PATIENCE);
  }

  /** Asks for the team. On a terminal, Enter takes the name of the user. */
  private static String askTeam(ChatView chat) throws EndOfInputException, CancelledException {
    if (!chat.isOnTerminal()) {
      return chat.ask(TEAM, TeamName::parse);
    }
    Optional<String> user = TeamName.user();
    return chat.ask(
        user.map(name -> "Team name (Enter for " + name + "):").orElse(TEAM),
        answer -> TeamName.typed(answer, user));
  }

  /** Refuses a message that is not printed on a pipe, so that it does not count as delivered. */
  private void show(ChatView chat, PeerEvent event, TrustNotices notices) {
    chat.show(event, notices);
    if (event instanceof MessageReceived && streams.out().failure().isPresent()) {
      throw new MessageRefusedException("It was not printed");
    }
  }

  /** Starts the node. On a terminal, asks for another port if one cannot be used. */
  private PeerNode start(ChatView chat, String team, PeerListener listener)
      throws IOException, EndOfInputException, CancelledException {
    Optional<Integer> given = options.port();
    if (!chat.isOnTerminal()) {
      int port = given.isPresent() ? given.get() : chat.ask(PORT, AddressParser::port);
      return options.start(team, port, false, listener, reports(chat));
    }
    while (true) {
      int port = given.isPresent() ? given.get() : chat.ask(PORT_OR_FREE, ChatCommand::portOrFree);
      try {
        return port == FIRST_FREE
            ? startOnFirstFree(team, listener, reports(chat))
            : options.start(team, port, true, listener, reports(chat));
      } catch (BindFailedException e) {
        if (e.reason() != Reason.PORT) {
          throw e;
        }
        chat.tell(ResultText.reason(e));
        given = Optional.empty();
      }
    }
  }

  private PeerNode startOnFirstFree(String team, PeerListener listener, Reports reports)
      throws IOException {
    BindFailedException last = null;
    for (int port = SubnetSweep.FIRST_PORT; port <= SubnetSweep.LAST_PORT; port++) {
      try {
        return options.start(team, port, true, listener, reports);
      } catch (BindFailedException e) {
        if (e.reason() != Reason.PORT) {
          throw e;
        }
        last = e;
      }
    }
    throw new BindFailedException(
        "No port of "
            + SubnetSweep.FIRST_PORT
            + " to "
            + SubnetSweep.LAST_PORT
            + " is free; choose another, or 0 for any free one",
        Reason.PORT,
        last == null ? null : last.getCause());
  }

  /** Shows what is wrong with the history in the chat, or to scripts on standard error. */
  private Reports reports(ChatView chat) {
    return !chat.isOnTerminal()
        ? Reports.to(streams.err())
        : new Reports() {
          @Override
          public void warn(String text) {
            chat.warn(text);
          }

          @Override
          public void tell(String text) {
            chat.notice(text);
          }
        };
  }

  private static int portOrFree(String answer) {
    try {
      return answer.isEmpty() ? FIRST_FREE : answer.equals("0") ? 0 : AddressParser.port(answer);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", or 0 for any free one", e);
    }
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
