package io.p2pchat.cli;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one message, or each line of standard input, and prints the result. */
@Command(
    name = "send",
    description = "Send a message, or each line of standard input.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all messages were sent",
      "1:some messages were not sent, or another failure, such as a port in use",
      ExitStatus.USAGE_HELP,
      "3:timeout",
      ExitStatus.CLOSED_HELP
    })
final class SendCommand implements Callable<Integer> {
  private final NodeOptions options;
  private final StdStreams streams;

  @Parameters(index = "0", paramLabel = "HOST:PORT", description = "The address of the peer.")
  private String address = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TEXT",
      description =
          "The message. Words are joined with spaces. If TEXT is '-', each line of standard input is"
              + " sent as a message.")
  private List<String> words = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Exit with status 3 if the peer has not acknowledged the message after this many seconds."
              + " With '-', the limit applies to each wait for the peer. Default: wait while the peer"
              + " acknowledges messages; fail after 2 minutes in which it acknowledges none.")
  private @Nullable Integer timeout;

  SendCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    UsageException.requirePositive("--timeout", timeout);
    PeerAddress to = to();
    PeerWait wait = new PeerWait(timeout, to, streams.err());
    TrustNotices notices = new TrustNotices(options.dataDir().unusual());
    try (PeerNode node = options.startBrief(event -> show(event, notices))) {
      return words.equals(List.of("-"))
          ? sendLines(node, to, wait, notices)
          : sendText(node, to, wait, notices);
    }
  }

  private PeerAddress to() {
    return UsageException.read("'HOST:PORT'", PeerAddress::parse, address);
  }

  // The result of the send reports a refusal.
  private void show(PeerEvent event, TrustNotices notices) {
    if (event instanceof PeerPinned || event instanceof PeerRenamed) {
      streams.err().print(notices.of(event));
    }
  }

  private int sendText(PeerNode node, PeerAddress to, PeerWait wait, TrustNotices notices) {
    var sent = node.send(to, String.join(" ", words));
    if (!wait.await(sent)) {
      streams.err().print("Message perhaps not delivered: " + wait.timedOut());
      return ExitStatus.TIMED_OUT;
    }
    try {
      streams.out().print(ResultText.sent("Message", sent.join(), to));
      return ExitStatus.OK;
    } catch (CompletionException e) {
      streams.err().print(notices.failure(ResultText.failed(e), e));
      return ExitStatus.FAILED;
    }
  }

  private int sendLines(PeerNode node, PeerAddress to, PeerWait wait, TrustNotices notices)
      throws IOException {
    LineSender sender = new LineSender(node, to, wait, streams.err(), notices);
    boolean ended = sender.sendAll(streams.in());
    streams.out().print(sender.summary());
    if (!ended) {
      streams
          .err()
          .print(ResultText.messages(sender.open()) + " perhaps not delivered: " + wait.timedOut());
      return ExitStatus.TIMED_OUT;
    }
    return sender.allSent() ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
