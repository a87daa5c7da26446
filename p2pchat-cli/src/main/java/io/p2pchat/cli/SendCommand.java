package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.Delivery;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.PeerNode;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.ReportingStore.Reports;
import io.p2pchat.cli.chat.AddressParser;
import io.p2pchat.cli.chat.PeerNames;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.ShellQuoting;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.discovery.PeerDiscovery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
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
      "1:a message was not sent, no peer or more than one has this name, or another failure",
      ExitStatus.USAGE_HELP,
      "3:--timeout expired, or a message is kept",
      "130:SIGINT",
      ExitStatus.CLOSED_HELP,
      ExitStatus.TERMINATED_HELP
    })
final class SendCommand implements Callable<Integer> {
  private static final int MAX_CANDIDATES = 10;
  private static final String NOT_UTF_8 =
      "The text is not UTF-8. Invalid bytes are sent as U+FFFD.";
  private static final String WRONG_LOCALE =
      "Message not sent: Java reads the text in another encoding than UTF-8. Set LC_ALL=C.UTF-8.";
  private static final char REPLACEMENT = '\uFFFD';
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private final NodeOptions options;
  private final StdStreams streams;

  @Parameters(
      index = "0",
      paramLabel = "PEER",
      description =
          "The team name of the peer, or its HOST:PORT. The command looks for a name for up to 5"
              + " seconds, and prefers known peers.")
  private String peer = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TEXT",
      parameterConsumer = TextWords.class,
      description =
          "The message. Words are joined with spaces. Put options before it. After the first word,"
              + " everything is text. If the text begins with '-', put -- before it. If TEXT is '-',"
              + " each line of standard input is sent as a message.")
  private List<String> words = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Wait for the peer for at most this many seconds, and then exit with status 3. With '-', this"
              + " limits each wait, not the whole input. It also limits the search for a name, which"
              + " then fails with status 1. Default: fail if the peer acknowledges nothing for 2"
              + " minutes. With --history, the message is kept when the time is over.")
  private @Nullable Integer timeout;

  SendCommand(NodeOptions options, StdStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    UsageException.requirePositive("--timeout", timeout);
    Optional<PeerAddress> address = address();
    // An address needs no discovery.
    List<PeerDiscovery> sources =
        address.isPresent() ? List.of() : options.discovery().sources(true);
    TrustNotices notices = options.trustNotices();
    try (PeerNode node =
        options.startBrief(sources, event -> show(event, notices), Reports.to(streams.err()))) {
      List<SendTarget> found =
          address.isPresent()
              ? List.of(SendTarget.at(address.get()))
              : lookup(node, sources).find(peer);
      if (found.size() != 1) {
        streams.err().print(found.isEmpty() ? nobody(sources) : candidates(found));
        return ExitStatus.FAILED;
      }
      SendTarget to = found.get(0);
      PeerWait wait = new PeerWait(limit(), to, streams.err());
      return words.equals(List.of("-"))
          ? sendLines(node, to, wait, notices)
          : sendText(node, to, wait, notices);
    }
  }

  /**
   * Returns the longest wait in seconds. Null leaves it to the node, which does not keep messages.
   */
  private @Nullable Integer limit() {
    return timeout == null && options.stores()
        ? Integer.valueOf((int) NodeSettings.DEFAULTS.sessionTimeout().toSeconds())
        : timeout;
  }

  /** Takes all words from the first of the text on. Only after '-' there can be options. */
  static final class TextWords implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> args, ArgSpec text, CommandSpec command) {
      List<String> words = new ArrayList<>();
      if (text.getValue() instanceof List<?> before) {
        before.forEach(word -> words.add(String.valueOf(word)));
      }
      boolean isInput = words.isEmpty() && args.peek().equals("-");
      do {
        words.add(args.pop());
      } while (!args.isEmpty() && !isInput);
      text.setValue(words);
    }
  }

  /** Returns the address of the peer, or empty if it is a name. */
  private Optional<PeerAddress> address() {
    if (AddressParser.isAddress(peer)) {
      return Optional.of(UsageException.read("'PEER'", PeerAddress::parse, peer));
    }
    // A known name can have digits of the key behind a bar.
    UsageException.read("'PEER'", TeamName::parse, peer.split("\\|", 2)[0]);
    return Optional.empty();
  }

  private NameLookup lookup(PeerNode node, List<PeerDiscovery> sources) throws IOException {
    List<KnownPeer> known = TrustStore.open(options.dataDir().path()).knownPeers();
    long seconds = sources.isEmpty() ? 0 : NameLookup.LIMIT.toSeconds();
    Integer most = timeout;
    long limit = most == null ? seconds : Math.min(most, seconds);
    return new NameLookup(node, known, Duration.ofSeconds(limit));
  }

  private List<String> nobody(List<PeerDiscovery> sources) {
    return sources.isEmpty()
        ? List.of(
            "Nobody named \""
                + peer
                + "\" is known, and discovery is off. Use HOST:PORT, or omit"
                + " --no-discovery.")
        : List.of(
            "Nobody named \"" + peer + "\" is known, and nobody of this name was found.",
            "'p2pchat discover' lists who is there. 'p2pchat doctor' says why somebody is missing.");
  }

  private List<String> candidates(List<SendTarget> found) {
    List<String> lines = new ArrayList<>();
    lines.add("Several peers are named \"" + peer + "\". Use one of these instead of the name:");
    found.stream().limit(MAX_CANDIDATES).forEach(each -> lines.add("  " + candidate(each)));
    int more = found.size() - MAX_CANDIDATES;
    if (more > 0) {
      lines.add("  and " + more + " more; 'p2pchat discover' lists them");
    }
    return lines;
  }

  /** A known peer is chosen by its key, another one by its address. */
  private static String candidate(SendTarget target) {
    return target
        .known()
        .map(known -> ShellQuoting.quoted(PeerNames.marked(known)) + " at " + known.address())
        .orElse(target.toString());
  }

  // The result of the send reports a refusal.
  private void show(PeerEvent event, TrustNotices notices) {
    if (event instanceof PeerPinned || event instanceof PeerRenamed) {
      streams.err().print(notices.of(event));
    }
  }

  private int sendText(PeerNode node, SendTarget to, PeerWait wait, TrustNotices notices) {
    String text = String.join(" ", words);
    String problem = problem(text);
    if (problem != null) {
      streams.err().print(problem);
    }
    if (WRONG_LOCALE.equals(problem)) {
      return ExitStatus.FAILED;
    }
    var sent = to.send(node, text);
    boolean inTime = wait.await(sent);
    if (!inTime) {
      node.close(); // A store keeps the message then.
    }
    try {
      Delivery delivery = sent.join();
      streams.out().print(ResultText.sent("Message", delivery, to));
      if (delivery == Delivery.KEPT) {
        return ExitStatus.TIMED_OUT;
      }
      return problem == null ? ExitStatus.OK : ExitStatus.FAILED;
    } catch (CompletionException e) {
      if (!inTime) {
        streams.err().print("Message perhaps not delivered: " + wait.timedOut());
        return ExitStatus.TIMED_OUT;
      }
      streams.err().print(notices.failure(ResultText.failed(e), e));
      return ExitStatus.FAILED;
    }
  }

  /** Returns what is wrong with the text of the command line, or null. Only Linux tells. */
  private static @Nullable String problem(String text) {
    if (replacements(text) == 0) {
      return null;
    }
    try {
      byte[] typed = Files.readAllBytes(COMMAND_LINE);
      String decoded = UTF_8.newDecoder().decode(ByteBuffer.wrap(typed)).toString();
      return replacements(decoded) < replacements(text) ? WRONG_LOCALE : null;
    } catch (CharacterCodingException e) {
      return NOT_UTF_8;
    } catch (IOException e) {
      return null;
    }
  }

  private static long replacements(String text) {
    return text.chars().filter(each -> each == REPLACEMENT).count();
  }

  private int sendLines(PeerNode node, SendTarget to, PeerWait wait, TrustNotices notices)
      throws IOException {
    LineSender sender = new LineSender(node, to, wait, timeout == null, streams.err(), notices);
    AtomicBoolean isTold = new AtomicBoolean();
    try (ShutdownHook hook = new ShutdownHook()) {
      hook.install(() -> tell(node, sender, isTold, "interrupted"));
      boolean ended = sender.sendAll(streams.in());
      tell(node, sender, isTold, wait.timedOut());
      if (!sender.hasReadAll()) {
        streams.err().print("The rest of the input was not sent.");
      }
      if (!ended) {
        return ExitStatus.TIMED_OUT;
      }
    }
    return sender.allSent() && streams.in().isWellFormed() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  /** Prints the total, once. The reason is that of the lines without a result. */
  private void tell(PeerNode node, LineSender sender, AtomicBoolean isTold, String reason) {
    if (isTold.getAndSet(true)) {
      return;
    }
    sender.stop();
    if (options.stores() && sender.open() > 0) {
      node.close(); // What was not delivered is kept.
    }
    long open = sender.open();
    streams.out().print(sender.summary());
    if (open > 0) {
      streams.err().print(ResultText.messages(open) + " perhaps not delivered: " + reason);
    }
  }
}
