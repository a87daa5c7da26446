package io.p2pchat.cli;

import io.p2pchat.PeerEvent;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.text.EndOfInputException;
import io.p2pchat.cli.text.EventText;
import io.p2pchat.cli.text.Place;
import io.p2pchat.cli.text.TrustNews;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The program without a subcommand: the chat menu, after the questions that it needs answered. */
@Command(
    name = "p2pchat",
    description =
        "Chat on the local network. Asks for the team and the port if they are not given.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:success",
      "1:failure, such as a port in use",
      "2:wrong usage",
      "141:standard output was closed"
    })
final class ChatCommand implements Callable<Integer> {
  @Mixin private final NodeOptions options;
  private final Streams streams;
  private final Questions questions;

  ChatCommand(NodeOptions options, Streams streams) {
    this.options = options;
    this.streams = streams;
    this.questions = new Questions(streams);
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    try {
      String team = team();
      chat(team, port());
    } catch (EndOfInputException e) {
      // Is Quit.
    }
    return ExitStatus.OK;
  }

  private String team() throws EndOfInputException {
    return options.team().isPresent()
        ? options.team().get()
        : questions.askUntilAccepted("Team name:", TeamName::parse);
  }

  private int port() throws EndOfInputException {
    return options.port().isPresent()
        ? options.port().get()
        : questions.askUntilAccepted("Port to listen on:", Place::port);
  }

  private void chat(String team, int port) throws EndOfInputException, IOException {
    TrustNews news = new TrustNews(options.dataDir().unusual());
    try (ShutdownHook hook = new ShutdownHook();
        PeerNode node = options.start(team, port, event -> show(event, news))) {
      hook.install(node::close);
      streams.out().whenClosed(ChatCommand::exit);
      streams.out().print("Listening on port " + node.port() + " as " + node.teamName() + ".");
      new Menu(node, questions, streams.out(), news).run();
    }
  }

  private void show(PeerEvent event, TrustNews news) {
    EventText.of(event).ifPresent(streams.out()::print);
    streams.out().print(news.of(event));
  }

  // On a thread of its own: exiting waits for the node to close, and that for its listener.
  private static void exit() {
    new Thread(() -> System.exit(ExitStatus.OUTPUT_CLOSED), "p2pchat-exit").start();
  }
}
