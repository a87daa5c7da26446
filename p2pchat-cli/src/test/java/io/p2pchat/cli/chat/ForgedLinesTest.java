package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.SendOutcome;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Reason;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.output.DeceptiveNames;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.Events;
import io.p2pchat.cli.output.PeerLists;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a peer has chosen never looks like what the program says. */
class ForgedLinesTest {
  private static final PeerAddress ADDRESS = PeerAddress.parse("127.0.0.1:6530");

  /** Stands for the name in commands, where that cannot be typed. */
  private static final String ADDRESS_ONLY = Pattern.quote(ADDRESS.toString());

  /** The digits of a key, where another one has the name. */
  private static final String MARK = "\\|[0-9a-f]{8}";

  private static final Pattern NAME = Pattern.compile("\"?Xy\"?(?:" + MARK + ")?");

  @Test
  void noNameLooksLikeAnythingElseInALineOfTheTerminal() throws Exception {
    check(name -> terminal(name, true));
    check(name -> terminal(name, false));
  }

  @Test
  void noNameLooksLikeAnythingElseInWhatCommandsAnswer(@TempDir Path directory) throws Exception {
    check(name -> answers(name, directory));
  }

  @Test
  void noNameLooksLikeAnythingElseAmongTheCandidatesOfTab() {
    Pattern shown =
        Pattern.compile(
            "(?:" + DeceptiveNames.SHOWN + ")(?:" + MARK + ")?|127\\.0\\.0\\.1:653[01]|known|left");
    for (String name : DeceptiveNames.ALL) {
      for (Peer peer : List.of(peer(name, Events.KEY), peer(name, null))) {
        PeerNumbers numbers = new PeerNumbers(List::of);
        numbers.remember(peer);
        InputCompletion completion =
            new InputCompletion(node(peer, name), numbers, new PeerNames(List::of));
        completion
            .complete(new Prompt("", Prompt.Kind.CHOICE), "/to ")
            .forEach(
                (value, about) ->
                    assertThat(List.of(value, about)).allMatch(shown.asMatchPredicate()));
      }
    }
  }

  @Test
  void noNameLooksLikeAnythingElseInALineOfListenOrOfThePipe() throws Exception {
    check(ForgedLinesTest::text);
  }

  private interface Lines {
    List<String> of(String name) throws Exception;
  }

  /** Takes each line apart as a reader does who knows what the program says of an ordinary name. */
  private static void check(Lines lines) throws Exception {
    List<String> expected = lines.of("Xy");
    for (String name : DeceptiveNames.ALL) {
      List<String> shown = lines.of(name);
      assertThat(shown).hasSameSizeAs(expected);
      for (int i = 0; i < shown.size(); i++) {
        assertThat(shown.get(i)).as(name).matches(pattern(expected.get(i)));
      }
    }
  }

  private static Pattern pattern(String line) {
    return Pattern.compile(
        Stream.of(NAME.split(line, -1))
            .map(Pattern::quote)
            .collect(
                Collectors.joining(
                    "(?:(?:"
                        + DeceptiveNames.SHOWN.pattern()
                        + ")(?:"
                        + MARK
                        + ")?|"
                        + ADDRESS_ONLY
                        + ")")));
  }

  private static Peer peer(String name, @Nullable Fingerprint key) {
    return Peer.builder(ADDRESS)
        .teamName(name)
        .connected(true)
        .lastHeard(Instant.EPOCH)
        .unacknowledged(2)
        .fingerprint(key)
        .build();
  }

  private static KnownPeer known(String name) {
    return KnownPeer.of(name, ADDRESS, Events.OTHER_KEY, Events.TIME);
  }

  private static List<PeerEvent> events(String name) {
    return Stream.of(Optional.of(Events.KEY), Optional.<Fingerprint>empty())
        .map(key -> peer(name, key.orElse(null)))
        .flatMap(ForgedLinesTest::events)
        .collect(Collectors.toList());
  }

  private static Stream<PeerEvent> events(Peer peer) {
    Instant now = Events.TIME;
    return Stream.of(
        PeerEvent.MessageReceived.of(peer, "", false, now),
        PeerEvent.PeerConnected.of(peer, true, true, now),
        PeerEvent.PeerConnected.of(peer, false, true, now),
        PeerEvent.PeerLeft.of(peer, PeerEvent.PeerLeft.Reason.SAID_EXIT, now),
        PeerEvent.PeerLeft.of(peer, PeerEvent.PeerLeft.Reason.DISCONNECTED, now),
        PeerEvent.PeerLeft.of(peer, PeerEvent.PeerLeft.Reason.GIVEN_UP, now),
        PeerEvent.PeerLeft.of(peer, PeerEvent.PeerLeft.Reason.RESTARTED, now),
        PeerEvent.PeerUnreachable.of(peer, now),
        PeerEvent.PeerReachable.of(peer, now),
        PeerEvent.ConnectionLost.of(peer, now),
        PeerEvent.ConnectionRestored.of(peer, now),
        PeerEvent.PeerStalled.of(peer, now),
        PeerEvent.SessionReset.of(peer, now));
  }

  private static List<PeerEvent> keys(String name) {
    Peer peer = peer(name, Events.KEY);
    List<KnownPeer> known = List.of(known(name));
    return List.of(
        PeerEvent.PeerPinned.of(peer, known, known, true, false, Events.TIME),
        PeerEvent.PeerRenamed.of(peer, List.of(name, name), known, known, true, Events.TIME));
  }

  private static List<String> text(String name) {
    List<String> lines = new ArrayList<>();
    events(name).forEach(event -> EventText.of(event).ifPresent(lines::add));
    TrustNotices notices = new TrustNotices(Optional.empty());
    keys(name).forEach(event -> lines.addAll(notices.of(event)));
    for (TrustException each : refusals(name)) {
      notices.of(PeerEvent.PeerRefused.of(peer(name, Events.KEY), each, Events.TIME)).stream()
          .filter(line -> !line.startsWith("  p2pchat trust ")) // See ShellQuotingTest.
          .forEach(lines::add);
    }
    lines.add(PeerLists.line(peer(name, Events.KEY)));
    lines.add(PeerLists.line(peer(name, null)));
    return lines.stream().map(ChatFormat::safe).toList();
  }

  private static List<String> terminal(String name, boolean signs) {
    PeerNames names = new PeerNames(List::of);
    ChatFormat format = new ChatFormat(false, signs, names);
    List<String> lines = new ArrayList<>();
    events(name).forEach(event -> lines.addAll(format.event(event)));
    TrustNotices notices = TrustNotices.onTerminal(Optional.empty());
    keys(name).forEach(event -> lines.addAll(format.notices(event, notices.of(event))));
    for (Peer peer : List.of(peer(name, Events.KEY), peer(name, null))) {
      lines.add(format.sent(Events.TIME, ChatFormat.Mark.DELIVERED, format.who(peer), "hi"));
      lines.add("Ann" + format.arrow() + format.named(peer) + "> ");
      lines.add("; Enter for " + format.who(peer) + "):");
    }
    lines.add(format.changedHands(changedHands(name), false));
    lines.add(ChatFormat.safe(names.of(discovered(name), false) + " is here."));
    lines.add(ChatFormat.safe(names.of(discovered(name), true) + " has left the network."));
    return lines;
  }

  /** What the commands of a chat say of peers with that name. */
  private static List<String> answers(String name, Path directory) throws Exception {
    List<String> lines = new ArrayList<>();
    ChatOutput output = new Lister(lines);
    for (Peer peer : List.of(peer(name, Events.KEY), peer(name, null))) {
      PeerNames names = new PeerNames(List::of);
      ChatFormat format = new ChatFormat(false, true, names);
      PeerNumbers numbers = new PeerNumbers(List::of);
      numbers.remember(peer);
      PeerNode node = node(peer, name);
      Recipient to = Recipient.of(peer);
      RecipientNames recipients = new RecipientNames(node, format, numbers);
      AddressConsent consent = new AddressConsent(() -> TrustStore.open(directory));
      RefusedKeys refused = new RefusedKeys(consent, format);
      TrustNotices notices = new TrustNotices(Optional.empty());
      FailureText failures = new FailureText(node, format, recipients, notices, refused);
      for (TrustException each : refusals(name)) {
        lines.addAll(safe(failures.of(ResultText.failed(each), each)));
        lines.addAll(refused.whole(each.refusal()));
      }
      refusals(name).stream()
          .map(TrustException::refusal)
          .filter(each -> each.presented().isPresent())
          .forEach(each -> lines.add(refused.accepted(each)));
      PeerUnreachableException away =
          new PeerUnreachableException(
              "away", ADDRESS, PeerUnreachableException.Reason.TIMED_OUT, null);
      lines.addAll(safe(List.of("Message not sent: " + failures.silent(to, away))));
      PeerUnreachableException gone =
          new PeerUnreachableException(
              "gone", ADDRESS, PeerUnreachableException.Reason.REFUSED, null);
      lines.addAll(safe(failures.notConnected(peer, away)));
      lines.addAll(safe(failures.notConnected(peer, gone)));
      lines.add(failures.reconnected(List.of(to), Map.of(to, away)));
      lines.add(failures.reconnected(List.of(to), Map.of(to, gone)));
      lines.add(ChatFormat.text("To whom? /to " + recipients.typed(to) + ", or /all hello"));
      lines.add("Ann" + format.arrow() + recipients.inPrompt(to) + "> ");
      lines.add("You were connected to " + recipients.name(to) + ". Reconnect? [Y/n]");
      lines.add(format.flood(Events.TIME, List.of(peer), 5));
      lines.addAll(new PeerTable(format, numbers, new Unread(), List::of, any -> false).of(node));
      toAll(peer, away, format, recipients, output);
      PeerResolver resolver = new PeerResolver(node, numbers, names);
      PeerPrompt prompt =
          new PeerPrompt(resolver, numbers, node, new NoScreen(), output, format, List::of);
      IgnoreCommands ignoring =
          new IgnoreCommands(
              new IgnoredPeers(TeamFiles.ignored(directory)), node, prompt, output, new Unread());
      ignoring.ignore("1");
      ignoring.ignore("");
      ignoring.unignore("1");
      trustOneOfTwo(name, refused, node, recipients, prompt, output);
    }
    return lines;
  }

  /** Shows the results of messages to all: at once, and late. */
  private static void toAll(
      Peer peer,
      PeerUnreachableException away,
      ChatFormat format,
      RecipientNames recipients,
      ChatOutput output) {
    for (SendOutcome each :
        List.of(
            SendOutcome.failed(peer, away),
            SendOutcome.failed(peer, new DeliveryUnknownException("perhaps", ADDRESS, null)))) {
      SentToAll message =
          new SentToAll(
              format,
              output,
              new TrustNotices(Optional.empty())::failure,
              "hi",
              List.of(peer),
              recipients::name,
              Map::of);
      message.take(each);
      message.end(null);
      output.add(message);
    }
  }

  private static List<String> safe(List<String> lines) {
    return lines.stream().map(ChatFormat::safe).toList();
  }

  private static List<TrustException> refusals(String name) {
    Optional<String> team = Optional.of(name);
    Optional<Fingerprint> known = Optional.of(Events.OTHER_KEY);
    Optional<Fingerprint> shown = Optional.of(Events.KEY);
    Reason reason = Reason.KEY;
    return Stream.of(
            Refusal.of(ADDRESS, team, known, shown, reason, false, team),
            Refusal.of(ADDRESS, team, Optional.empty(), shown, reason, false, team),
            Refusal.of(ADDRESS, team, known, Optional.empty(), reason, false, team),
            Refusal.of(ADDRESS, team, known, shown, Reason.FULL, false, team),
            Refusal.of(ADDRESS, team, Optional.empty(), shown, Reason.UNKNOWN, false, team),
            changedHands(name))
        .map(refusal -> new TrustException(message(name), refusal))
        .toList();
  }

  /** A sentence of the library, which escapes quotes and backslashes only. */
  private static String message(String name) {
    return "Refused for trust: team \"%s\" at %s presents the key %s, which is not known"
        .formatted(name.replace("\\", "\\\\").replace("\"", "\\\""), ADDRESS, Events.KEY);
  }

  /** Lists the peers of one name that have shown two keys. */
  private static void trustOneOfTwo(
      String name,
      RefusedKeys refused,
      PeerNode node,
      RecipientNames recipients,
      PeerPrompt prompt,
      ChatOutput output)
      throws WrongAnswerException {
    Optional<String> team = Optional.of(name);
    for (Fingerprint key : List.of(Events.KEY, Events.OTHER_KEY)) {
      Refusal refusal =
          Refusal.of(ADDRESS, team, Optional.empty(), Optional.of(key), Reason.KEY, false, team);
      refused.failure("", new TrustException("", refusal), new TrustNotices(Optional.empty()));
    }
    new KeyCommands(refused, node, recipients, prompt, output).trust(ADDRESS.toString());
  }

  /** A node with one peer, which also was discovered under another address. */
  private static PeerNode node(Peer peer, String name) {
    return (PeerNode)
        Proxy.newProxyInstance(
            PeerNode.class.getClassLoader(),
            new Class<?>[] {PeerNode.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "activePeers", "connectedPeers" -> List.of(peer);
                  case "discoveredPeers" ->
                      List.of(
                          DiscoveredPeer.builder(
                                  List.of(PeerAddress.parse("127.0.0.1:6531")), Events.TIME)
                              .teamName(name)
                              .lookAlikes(List.of(known(name)))
                              .build());
                  default -> throw new AssertionError(method.getName());
                });
  }

  /** An output that has all lines at once. */
  private record Lister(List<String> lines) implements ChatOutput {
    @Override
    public void add(List<String> all) {
      lines.addAll(all);
    }

    @Override
    public void add(Pending pending) {
      lines.addAll(Objects.requireNonNull(pending.lines(System.nanoTime())));
    }

    @Override
    public void offer(Pending pending) {
      add(pending);
    }

    @Override
    public void changed() {}

    @Override
    public void flush() {}

    @Override
    public Duration pendingDelay() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }

  private static final class NoScreen implements Screen {
    @Override
    public String ask(Prompt question) {
      throw new AssertionError(question);
    }

    @Override
    public void show(List<String> lines) {
      throw new AssertionError(lines);
    }
  }

  private static Refusal changedHands(String name) {
    return Refusal.of(
        ADDRESS,
        Optional.of(name),
        Optional.of(Events.OTHER_KEY),
        Optional.of(Events.KEY),
        Reason.ADDRESS_CHANGED_HANDS,
        false,
        Optional.of(name));
  }

  private static DiscoveredPeer discovered(String name) {
    return DiscoveredPeer.builder(List.of(ADDRESS), Events.TIME)
        .teamName(name)
        .lookAlikes(List.of(known(name)))
        .build();
  }
}
