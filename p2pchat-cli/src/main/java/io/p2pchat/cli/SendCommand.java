package io.p2pchat.cli;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sends one message, or each line of standard input, and says how that went. */
@Command(
    name = "send",
    description = "Send a message, or with - each line of standard input.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all was sent", "1:not all was sent", "2:wrong usage"})
final class SendCommand implements Callable<Integer> {
  private final NodeOptions options;
  private final Streams streams;

  @Parameters(index = "0", paramLabel = "HOST:PORT", description = "Where to.")
  private String address = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TEXT",
      description = "The message; its words are joined with spaces. Only -: standard input.")
  private List<String> words = List.of();

  SendCommand(NodeOptions options, Streams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    PeerAddress to = to();
    try (PeerNode node = options.start(event -> {})) {
      boolean done = words.equals(List.of("-")) ? sendLines(node, to) : sendText(node, to);
      return done ? ExitStatus.OK : ExitStatus.FAILED;
    }
  }

  private PeerAddress to() {
    try {
      return PeerAddress.parse(address);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for 'HOST:PORT': " + e.getMessage(), e);
    }
  }

  private boolean sendText(PeerNode node, PeerAddress to) {
    try {
      var delivery = node.send(to, String.join(" ", words)).join();
      streams.out().print(Wording.sent("Message", delivery, to));
      return true;
    } catch (CompletionException e) {
      streams.err().print(Wording.failed(e));
      return false;
    }
  }

  private boolean sendLines(PeerNode node, PeerAddress to) throws IOException {
    LineSender sender = new LineSender(node, to, streams.err());
    sender.sendAll(streams.in());
    streams.out().print(sender.summary());
    return sender.allSent();
  }
}
