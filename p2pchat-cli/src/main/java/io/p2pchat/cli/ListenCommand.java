package io.p2pchat.cli;

import io.p2pchat.MessageRefusedException;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.ReportingStore.Reports;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.EventJson;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints events until the count is reached, the timeout expires, or a signal arrives. */
@Command(
    name = "listen",
    description = "Print messages, and who connects or disconnects.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:--count was reached, or SIGINT or SIGTERM stopped the command",
      "1:failure, such as a port in use",
      ExitStatus.USAGE_HELP,
      "3:--timeout expired",
      ExitStatus.CLOSED_HELP
    })
final class ListenCommand implements Callable<Integer> {
  private final NodeOptions options;
  private final StdStreams streams;
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private int messages;

  @Option(
      names = "--json",
      negatable = true,
      fallbackValue = "true",
      description =
          "Print each event as one line of JSON. Includes events for new and refused keys.")
  private boolean json;

  @Option(names = "--count", paramLabel = "N", description = "Exit after N messages.")
  private @Nullable Integer count;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Exit after this many seconds.")
  private @Nullable Integer timeout;

  ListenCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    UsageException.requirePositive("--count", count);
    UsageException.requirePositive("--timeout", timeout);
    streams.out().whenFailed(() -> end.complete(ExitStatus.FAILED));
    TrustNotices notices = options.trustNotices();
    try (ShutdownHook hook = new ShutdownHook();
        PeerNode node = options.start(event -> take(event, notices), Reports.to(streams.err()))) {
      hook.install(() -> closeAndSucceed(node));
      streams.err().print("Listening on port " + node.port() + " as " + node.teamName());
      return awaitEnd();
    }
  }

  private int awaitEnd() {
    if (timeout != null) {
      end.completeOnTimeout(ExitStatus.TIMED_OUT, timeout, TimeUnit.SECONDS);
    }
    return end.join();
  }

  private void take(PeerEvent event, TrustNotices notices) {
    if (end.isDone()) {
      refuse(event);
      return;
    }
    if (json) {
      streams.out().printVerbatim(EventJson.of(event));
    } else {
      EventText.of(event).ifPresent(streams.out()::print);
      streams.err().print(notices.of(event));
    }
    if (streams.out().failure().isPresent()) {
      refuse(event);
      return;
    }
    if (event instanceof MessageReceived && count != null && ++messages == count) {
      end.complete(ExitStatus.OK);
    }
  }

  /** Refuses a message that is not printed, so that it does not count as delivered. */
  private static void refuse(PeerEvent event) {
    if (event instanceof MessageReceived) {
      throw new MessageRefusedException("It was not printed");
    }
  }

  // Halts, because the JVM would otherwise exit with the status of the signal.
  private static void closeAndSucceed(PeerNode node) {
    node.close();
    Runtime.getRuntime().halt(ExitStatus.OK);
  }
}
