package io.p2pchat.cli;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.HistoryQuery;
import io.p2pchat.KnownPeer;
import io.p2pchat.MessageStore;
import io.p2pchat.StoreTransaction;
import io.p2pchat.StoredMessage;
import io.p2pchat.TrustStore;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.chat.PeerNames;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.HistoryText;
import io.p2pchat.cli.output.StdStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Reads and deletes stored messages. Reading works beside a running chat. */
@Command(
    name = "history",
    scope = ScopeType.INHERIT,
    description = {
      "Show the stored messages. Without --since and --search, show the last 50.",
      "'p2pchat history export' writes all of them as JSON lines."
    },
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:success",
      "1:the history cannot be read or changed, or has no messages with this peer",
      ExitStatus.USAGE_HELP,
      ExitStatus.CLOSED_HELP
    })
final class HistoryCommand implements Callable<Integer> {
  private static final String JSON = "--json";
  private static final int LAST = 50;
  private static final int PAGE = 500;
  private static final int MOST_PEERS = 100_000;
  private static final int DIGITS = 8;
  private static final char BAR = '|';
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhd])");
  private static final Pattern KEY = Pattern.compile("[0-9a-fA-F]{8}[0-9a-fA-F-]*");

  private final DataDirOption dataDir;
  private final StdStreams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "PEER",
      description =
          "A team name, an address HOST:PORT, or the first 8 digits or more of a fingerprint."
              + " Default: all peers.")
  private @Nullable String peer;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only messages from then on: a date such as 2026-03-01, a time such as 2026-03-01T09:30,"
              + " or an age: 90m, 12h or 7d.")
  private @Nullable String since;

  @Option(
      names = "--search",
      paramLabel = "WORDS",
      description =
          "Only messages with all these words. A word also finds longer words that begin with it.")
  private @Nullable String words;

  @Option(
      names = JSON,
      negatable = true,
      fallbackValue = "true", // overrides the configuration
      description = "Print JSON objects, one a line.")
  private boolean json;

  @Option(
      names = "--delete",
      description =
          "Delete the messages of the peer, even those not delivered yet. Overwrites them on the"
              + " disk. Close the chat first.")
  private boolean delete;

  @Option(names = "--all", description = "With --delete: delete the messages of all peers.")
  private boolean all;

  HistoryCommand(DataDirOption dataDir, StdStreams streams) {
    this.dataDir = dataDir;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (all && !delete) {
      throw new UsageException("Use --all only with --delete.", "--all");
    }
    boolean isJsonAsked = json && spec.commandLine().getParseResult().hasMatchedOption(JSON);
    if (delete && (since != null || words != null || isJsonAsked)) {
      throw new UsageException("Use --delete with PEER or --all only.", "--delete");
    }
    if (delete && all == (peer != null)) {
      throw new UsageException("Usage: p2pchat history --delete PEER, or --delete --all");
    }
    if (words != null && words.codePoints().noneMatch(Character::isLetterOrDigit)) {
      throw new UsageException(
          "Invalid value for option '--search': \"" + words + "\" has no letters and no digits",
          "--search");
    }
    try (MessageStore store = HistoryStore.open(dataDir.path())) {
      if (delete && all) {
        return delete(store, StoreTransaction::deleteAll, "all peers");
      }
      HistoryQuery query = HistoryQuery.first(PAGE);
      query = since == null ? query : query.since(time(since));
      query = words == null ? query : query.words(words);
      if (peer == null) {
        return show(store, query);
      }
      HistoryText text = text();
      List<StoredMessage> found = conversations(store, peer, text);
      if (found.size() != 1) {
        streams.err().print(notOne(peer, found));
        return ExitStatus.FAILED;
      }
      Conversation with = found.get(0).conversation();
      return delete
          ? delete(store, transaction -> transaction.delete(with), text.who(found.get(0)))
          : show(store, query.with(with));
    }
  }

  /** Returns the format, with the names of the known peers. */
  private HistoryText text() throws IOException {
    List<KnownPeer> known = new ArrayList<>();
    try {
      if (Files.isDirectory(dataDir.path())) {
        known.addAll(TrustStore.open(dataDir.path()).knownPeers());
      }
    } catch (TrustStoreException e) {
      // Then peers without a name are shown by their keys.
    }
    Map<Fingerprint, String> teams = new HashMap<>();
    known.forEach(each -> teams.put(each.fingerprint(), each.teamName()));
    PeerNames names = new PeerNames(() -> known);
    return new HistoryText(
        ZoneId.systemDefault(), teams, (team, key) -> PeerNames.inSentence(names.of(team, key)));
  }

  private static Instant time(String text) {
    return UsageException.readOption(
        "--since", value -> since(value, InstantSource.system(), ZoneId.systemDefault()), text);
  }

  static Instant since(String text, InstantSource clock, ZoneId zone) {
    Matcher ago = AGO.matcher(text);
    try {
      if (ago.matches()) {
        long count = Long.parseLong(ago.group(1));
        return switch (ago.group(2)) {
          case "m" -> clock.instant().minus(Duration.ofMinutes(count));
          case "h" -> clock.instant().minus(Duration.ofHours(count));
          default -> clock.instant().minus(Duration.ofDays(count));
        };
      }
      if (text.endsWith("Z")) {
        return Instant.parse(text);
      }
      return text.contains("T")
          ? LocalDateTime.parse(text).atZone(zone).toInstant()
          : LocalDate.parse(text).atStartOfDay(zone).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "not a time: \""
              + text
              + "\"; accepted are 2026-03-01, 2026-03-01T09:30, 90m, 12h and 7d",
          e);
    }
  }

  /**
   * Returns the last message of each conversation with a peer of this name, which can have digits
   * of the key.
   */
  static List<StoredMessage> conversations(MessageStore store, String name, HistoryText text) {
    int bar = name.lastIndexOf(BAR);
    String team = bar < 0 ? name : name.substring(0, bar);
    String digits = name.substring(bar + 1).replace("-", "");
    return store.conversations(MOST_PEERS).stream()
        .filter(
            last ->
                (isOf(team, last, store, text) && (bar < 0 || begins(last.conversation(), digits)))
                    || text.who(last).equalsIgnoreCase(name)
                    || last.conversation()
                        .address()
                        .filter(a -> a.toString().equals(name))
                        .isPresent()
                    || (KEY.matcher(name).matches() && begins(last.conversation(), digits)))
        .toList();
  }

  /** Messages to a peer have no name of it, but those from it have. */
  private static boolean isOf(
      String team, StoredMessage last, MessageStore store, HistoryText text) {
    return text.team(last)
        .or(
            () ->
                store.messages(HistoryQuery.last(LAST).with(last.conversation())).stream()
                    .flatMap(message -> message.teamName().stream())
                    .reduce((before, after) -> after))
        .filter(name -> PeerNames.isSame(name, team))
        .isPresent();
  }

  private static boolean begins(Conversation conversation, String digits) {
    return conversation
        .key()
        .map(Fingerprint::toString)
        .map(key -> key.replace("-", ""))
        .filter(key -> key.regionMatches(true, 0, digits, 0, digits.length()))
        .isPresent();
  }

  /** Says that a name is that of no peer or of several, and what to type for each of these. */
  static String notOne(String name, List<StoredMessage> found) {
    return found.isEmpty()
        ? "There are no messages with " + name + "."
        : found.stream()
            .map(last -> typed(last, found))
            .collect(
                Collectors.joining(
                    ", ", "Several peers are called " + name + ". Use one of these: ", ""));
  }

  /** Returns the address of a peer, or as many digits of its key as no other has. */
  private static String typed(StoredMessage message, List<StoredMessage> all) {
    String whole = message.conversation().toString();
    int length = message.conversation().key().isPresent() ? DIGITS : whole.length();
    while (length < whole.length() && isShared(whole.substring(0, length), all)) {
      length += DIGITS + 1;
    }
    return whole.substring(0, length);
  }

  private static boolean isShared(String digits, List<StoredMessage> all) {
    return all.stream().filter(other -> other.conversation().toString().startsWith(digits)).count()
        > 1;
  }

  private int show(MessageStore store, HistoryQuery query) throws IOException {
    HistoryText text = text();
    Consumer<StoredMessage> print =
        json ? printJson(text) : message -> streams.out().print(text.line(message));
    if (since == null && words == null) {
      HistoryQuery last = HistoryQuery.last(LAST);
      store.messages(query.conversation().map(last::with).orElse(last)).forEach(print);
    } else {
      showAll(store, query, print);
    }
    return ExitStatus.OK;
  }

  private void showAll(MessageStore store, HistoryQuery query, Consumer<StoredMessage> print) {
    List<StoredMessage> page = store.messages(query);
    while (!page.isEmpty() && streams.out().failure().isEmpty()) {
      page.forEach(print);
      page = store.messages(query.after(page.get(page.size() - 1).row()));
    }
  }

  private Consumer<StoredMessage> printJson(HistoryText text) {
    return message -> streams.out().printVerbatim(text.json(message));
  }

  private interface Deletion {
    void in(StoreTransaction transaction);
  }

  private int delete(MessageStore store, Deletion deletion, String whom) {
    store.claim();
    try (StoreTransaction transaction = store.begin()) {
      deletion.in(transaction);
      transaction.commit();
    }
    streams.out().print("Deleted the messages of " + whom + ".");
    return ExitStatus.OK;
  }

  @Command(
      name = "export",
      description = "Write all stored messages as JSON objects, one a line, the oldest first.",
      exitCodeList = {
        "0:success",
        "1:the history cannot be read",
        ExitStatus.USAGE_HELP,
        ExitStatus.CLOSED_HELP
      })
  int export() throws IOException {
    try (MessageStore store = HistoryStore.open(dataDir.path())) {
      showAll(store, HistoryQuery.first(PAGE), printJson(text()));
    }
    return ExitStatus.OK;
  }
}
