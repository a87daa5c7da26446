package io.p2pchat.cli.chat;

import static io.p2pchat.cli.output.LineWrap.NO_BREAK;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.PeerState;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TerminalEscaper;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Formats lines for a terminal or a pipe. Escapes all peer text. Color is never the only sign of
 * anything.
 */
final class ChatFormat {
  /** Stands before a line that continues the one above. */
  static final String DETAIL = "         ";

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("d MMMM, HH:mm", Locale.ENGLISH);
  private static final String DIM = "2";
  private static final String BOLD = "1";
  private static final String YELLOW = "33";
  private static final String RED = "31";
  private static final int MAX_NAMES = 3;
  private static final String TAB = "    ";

  // Not the colors of warnings. Not black and white, because one of them is the background.
  private static final List<String> TEAM_COLORS =
      List.of("36", "32", "34", "35", "96", "92", "94", "95");

  private final boolean forPeople;
  private final boolean colored;
  private final boolean signs;
  private final PeerNames names;

  /**
   * Creates the format of a terminal.
   *
   * @param colored whether to use colors
   * @param signs whether to use signs beyond ASCII; otherwise words replace them
   * @param names the names of the peers
   */
  ChatFormat(boolean colored, boolean signs, PeerNames names) {
    this(true, colored, signs, names);
  }

  private ChatFormat(boolean forPeople, boolean colored, boolean signs, PeerNames names) {
    this.forPeople = forPeople;
    this.colored = colored;
    this.signs = signs;
    this.names = names;
  }

  /** Returns the format of a pipe. It never changes, because scripts read it. */
  static ChatFormat forScripts() {
    return new ChatFormat(false, false, false, new PeerNames(List::of));
  }

  boolean isForPeople() {
    return forPeople;
  }

  /** Returns whether it uses signs beyond ASCII. */
  boolean hasSigns() {
    return signs;
  }

  PeerNames names() {
    return names;
  }

  enum Mark {
    DELIVERED("✓✓", "delivered"),
    WRITTEN("✓ ", "written"),
    PENDING("… ", "pending"),
    FAILED("✗ ", "NOT SENT");

    private final String sign;
    private final String word;

    Mark(String sign, String word) {
      this.sign = sign;
      this.word = word;
    }
  }

  /** Returns the line of an event, if {@link EventText} has one. */
  List<String> event(PeerEvent event) {
    Optional<String> text = EventText.of(event);
    return (forPeople ? text.map(line -> forPeople(event, line)) : text).stream().toList();
  }

  private String forPeople(PeerEvent event, String text) {
    // Without a default, so that a missing kind does not compile.
    return switch (event.kind()) {
      case MESSAGE_RECEIVED -> received((MessageReceived) event);
      case CONNECTION_LOST ->
          notice(event, inSentence(event.peer()) + " is offline; messages wait.");
      case CONNECTION_RESTORED -> notice(event, inSentence(event.peer()) + " is back.");
      case PEER_STALLED ->
          notice(
              event,
              inSentence(event.peer())
                  + " is not answering. "
                  + ResultText.messages(event.peer().unacknowledged())
                  + (event.peer().unacknowledged() == 1 ? " is waiting." : " are waiting."));
      // Only an incoming connection has a line.
      case PEER_CONNECTED -> notice(event, inSentence(event.peer()) + " connected to you.");
      case PEER_ACTIVE,
          PEER_LEFT,
          PEER_UNREACHABLE,
          PEER_REACHABLE,
          SESSION_RESET,
          PEER_PINNED,
          PEER_RENAMED,
          PEER_REFUSED,
          PROTOCOL_VIOLATION,
          PEER_DISCOVERED,
          PEER_VANISHED,
          MESSAGE_DELIVERED,
          MESSAGE_FAILED ->
          notice(event, withName(event.peer(), text));
    };
  }

  /** Escapes a text that names a peer, and shows the name in its color and with its mark. */
  private String withName(Peer peer, String text) {
    return safe(text).replace(safe(EventText.who(peer)), who(peer));
  }

  private String received(MessageReceived message) {
    Peer peer = message.peer();
    String how = message.raw() ? "raw" : peer.encrypted() ? "encrypted" : "plain";
    boolean signIsEnough = signs && peer.encrypted() && !message.raw();
    String who =
        signIsEnough
            ? who(peer)
            : dim(peer.address() + " (") + team(peer) + dim(", ") + warning(how) + dim(")");
    String sign = peer.encrypted() ? "🔒" : warning("⚠ ");
    return time(message.time())
        + (signs ? sign + " " : "")
        + who
        + ": "
        + text(message.text())
        + message.claimedTime().map(sent -> claimed(sent, message.time())).orElse("");
  }

  /**
   * Returns the name of a sender where there is no lock, not escaped. Anybody can use the name of a
   * peer without a key.
   */
  String sender(MessageReceived message) {
    Peer peer = message.peer();
    return peer.encrypted() && !message.raw()
        ? name(peer)
        : peer.address() + " (" + name(peer) + ", " + (message.raw() ? "raw" : "plain") + ")";
  }

  /** Formats when a message was sent that had waited, as its sender claims. */
  String claimed(Instant sent, Instant came) {
    ZoneId zone = ZoneId.systemDefault();
    boolean isSameDay = LocalDate.ofInstant(sent, zone).equals(LocalDate.ofInstant(came, zone));
    return dim(
        " (sent" + NO_BREAK + (isSameDay ? TIME : DAY_AND_TIME).format(sent.atZone(zone)) + ")");
  }

  /** Formats a message of the user. */
  String sent(Instant when, Mark mark, String to, String text) {
    String sign = mark == Mark.FAILED ? style(RED, mark.sign) : dim(mark.sign);
    String line = style(BOLD, "you") + (signs ? " → " : " to ") + to + ": " + text(text);
    return time(when) + (signs ? sign + " " + line : line + " [" + mark.word + "]");
  }

  /** Formats the late result of a message that was pending. */
  String result(Instant when, Mark mark, String to, Instant sentAt, String text) {
    String sign = mark == Mark.FAILED ? style(RED, mark.sign) : dim(mark.sign);
    String begin = signs ? sign + " " : "";
    return time(when) + begin + mark.word + " to " + to + ": " + text(text) + from(sentAt);
  }

  /** Formats the results of a message to several that was pending. */
  String results(Instant when, String results, Instant sentAt, String text) {
    return time(when) + results + ": " + text(text) + from(sentAt);
  }

  private String from(Instant sentAt) {
    return dim(" (from" + NO_BREAK + clock(sentAt) + ")");
  }

  /** Formats whom a message to several reached, or how many. */
  String part(Mark mark, String whom) {
    String sign = mark.sign.strip();
    return (signs ? mark == Mark.FAILED ? style(RED, sign) : dim(sign) : mark.word) + " " + whom;
  }

  String notice(Instant when, String text) {
    return escapedNotice(when, safe(text));
  }

  private String notice(PeerEvent event, String escaped) {
    return escapedNotice(event.time(), escaped);
  }

  /** Formats a notice whose text is escaped. */
  String escapedNotice(Instant when, String escaped) {
    return time(when) + (signs ? dim("·  ") : "- ") + escaped;
  }

  /** Says that lines of peers are not shown because they come too fast. */
  String flood(Instant when, List<Peer> peers, long lines) {
    boolean isOne = peers.size() == 1;
    String whom = isOne ? who(peers.get(0)) + " is" : peers.size() + " other peers are";
    String count = lines + (lines == 1 ? " line" : " lines");
    String advice = isOne ? safe(names.typed(peers.get(0))) : "PEER";
    return escapedNotice(
        when, whom + " flooding: " + count + " hidden. To hide everything: /ignore " + advice);
  }

  /** Formats notices. A new or renamed peer is no warning, unless its name is like another's. */
  List<String> notices(PeerEvent event, List<String> lines) {
    if (lines.isEmpty() || !forPeople) {
      return lines;
    }
    boolean isNewName = event instanceof PeerPinned || event instanceof PeerRenamed;
    String first =
        event instanceof PeerRenamed renamed
            ? renamed(renamed)
            : isNewName ? withName(event.peer(), lines.get(0)) : safe(lines.get(0));
    return Stream.concat(
            Stream.of(isNewName && lines.size() == 1 ? notice(event, first) : alarm(event, first)),
            lines.stream().skip(1).map(ChatFormat::detail))
        .toList();
  }

  private String renamed(PeerRenamed renamed) {
    String now = renamed.peer().teamName();
    if (renamed.previousNames().stream().anyMatch(name -> looksSame(name, now))) {
      List<String> shown = NameText.distinct(renamed.previousNames().get(0), now);
      return safe(shown.get(0))
          + " is now called "
          + colored(renamed.peer(), safe(shown.get(1) + names.markOf(renamed.peer())))
          + ".";
    }
    String before =
        renamed.previousNames().stream()
            .limit(MAX_NAMES)
            .map(name -> safe(PeerNames.inSentence(names.of(name, renamed.fingerprint()))))
            .collect(Collectors.joining(" or "));
    return before + " is now called " + named(renamed.peer()) + ".";
  }

  /** Returns whether two names are cut to the same text. */
  private static boolean looksSame(String name, String other) {
    return !name.equals(other)
        && NameText.inSentence(NameText.shortened(name))
            .equals(NameText.inSentence(NameText.shortened(other)));
  }

  /**
   * Returns the name of a peer that did not answer. Not escaped.
   *
   * @param peer the peer that was meant, if it is not the one that is known there
   */
  String whoIsSilent(PeerAddress address, Optional<Peer> peer) {
    return peer.filter(Peer::named)
        .or(() -> knownAt(address))
        .map(it -> inSentence(names.of(it)))
        .orElse(address.toString());
  }

  /** Returns a known peer at an address. */
  Optional<Peer> knownAt(PeerAddress address) {
    return names.known().stream().filter(it -> it.address().equals(address)).findFirst();
  }

  private static String inSentence(String name) {
    return PeerNames.inSentence(name);
  }

  /** Formats a warning. */
  String alarm(Instant when, String text) {
    return escapedAlarm(when, safe(text));
  }

  private String alarm(PeerEvent event, String escaped) {
    return escapedAlarm(event.time(), escaped);
  }

  private String escapedAlarm(Instant when, String escaped) {
    return time(when) + (signs ? warning("⚠ ") + " " : "! ") + escaped;
  }

  /**
   * Says that another peer answers at an address than the known one.
   *
   * @param isActive whether the peer that answers is active in this chat
   */
  String changedHands(Refusal refusal, boolean isActive) {
    Optional<String> team = refusal.teamName().filter(name -> !name.equals(Peer.UNKNOWN_TEAM));
    String before = nameOf(team, refusal.known()).orElse("another peer");
    boolean isKnown = isActive || refusal.presented().filter(names::isKnownAtStart).isPresent();
    String key =
        refusal.presented().isEmpty()
            ? "without encryption"
            : isKnown ? "(known key)" : "(new key)";
    return refusal.peer()
        + (" was " + before)
        + ("; now " + presented(refusal).orElse("somebody else") + " answers there ")
        + (key + ".");
  }

  /** Returns the name of the peer that answers in place of the known one, not escaped. */
  Optional<String> presented(Refusal refusal) {
    return nameOf(refusal.presentedTeamName(), refusal.presented());
  }

  /** Returns the name of the holder of a key for a sentence, not escaped. */
  Optional<String> nameOf(Optional<String> team, Optional<Fingerprint> key) {
    return team.map(
        name ->
            PeerNames.inSentence(
                key.map(its -> names.of(name, its)).orElse(NameText.shortened(name))));
  }

  /** Formats a line that continues the one above. */
  static String detail(String text) {
    return DETAIL + safe(text);
  }

  /** Formats a peer as its address, which it cannot choose, and its team. */
  String who(Peer peer) {
    return dim(peer.address() + " (") + team(peer) + dim(")");
  }

  /** Formats the name of a peer in its color. */
  String team(Peer peer) {
    return colored(peer, safe(name(peer)));
  }

  private String inSentence(Peer peer) {
    return peer.encrypted() ? named(peer) : who(peer);
  }

  /** Formats the name of a peer where a space could end it. */
  String named(Peer peer) {
    return colored(peer, safe(PeerNames.inSentence(name(peer))));
  }

  /** Returns the name of a peer, not escaped. */
  String name(Peer peer) {
    return names.of(peer);
  }

  /** Formats text in the color of the peer. */
  String colored(Peer peer, String text) {
    return style(color(peer), text);
  }

  /** Returns the state of a peer, with its sign or the word for it. */
  String state(Peer peer) {
    String word = !signs && peer.encrypted() ? ", encrypted" : "";
    return lock(peer) + PeerState.forPeople(peer) + word;
  }

  /** Returns the sign before the state of a peer. Only a handshake shows a key. */
  String lock(Peer peer) {
    boolean plain = !peer.encrypted() && peer.lastHeard().isPresent();
    return !signs ? "" : peer.encrypted() ? "🔒 " : plain ? "⚠  " : "   ";
  }

  /**
   * Returns the state of a discovered peer, which says by a hint whether it has a known key.
   * Nothing proves who it is before a handshake.
   */
  String discovered(DiscoveredPeer found) {
    String state = found.known().isPresent() ? "known, not yet verified" : "new";
    return (signs ? "○  " : "") + state + names.like(found).map(like -> ", " + like).orElse("");
  }

  String legend() {
    return signs
        ? String.join(
            "  ",
            sign("✓✓", "delivered"),
            sign("✓", "written, not acknowledged"),
            sign("…", "not delivered yet"),
            sign("✗", "failed"),
            sign("🔒", "encrypted"),
            sign("⚠", "not encrypted"))
        : "[delivered], [written]: not acknowledged, [pending], [NOT SENT]; plain: not encrypted";
  }

  private static String sign(String sign, String meaning) {
    return sign + NO_BREAK + meaning;
  }

  private static String color(Peer peer) {
    String identity = peer.fingerprint().map(Object::toString).orElse(peer.address().host());
    int hash = (peer.teamName() + '@' + identity).hashCode() * 0x9E3779B1;
    return TEAM_COLORS.get((hash >>> 16) % TEAM_COLORS.size());
  }

  String bold(String text) {
    return style(BOLD, text);
  }

  String dim(String text) {
    return style(DIM, text);
  }

  private String warning(String text) {
    return style(YELLOW, text);
  }

  /** Returns the text between the sender and the recipient. */
  String arrow() {
    return signs ? " → " : " to ";
  }

  /**
   * Returns a line that divides what is shown.
   *
   * @param signs whether to use signs beyond ASCII
   */
  static String rule(String text, boolean signs) {
    String end = signs ? "──" : "--";
    return end + " " + text + " " + end;
  }

  /** Escapes the text of a message. A tab is shown as blanks. */
  static String text(String text) {
    return safe(text.replace("\t", TAB));
  }

  static String safe(String text) {
    return TerminalEscaper.of(text);
  }

  private String time(Instant when) {
    return dim(clock(when)) + " ";
  }

  private static String clock(Instant when) {
    return TIME.format(when.atZone(ZoneId.systemDefault()));
  }

  private String style(String code, String text) {
    return colored ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
