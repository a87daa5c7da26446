package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.TerminalEscaper;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Formats lines for a terminal or a pipe. Escapes all peer text. Color is never the only sign of
 * anything.
 */
final class ChatFormat {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final String DIM = "2";
  private static final String BOLD = "1";
  private static final String YELLOW = "33";
  private static final String RED = "31";

  // Not the colors of warnings. Not black and white, because one of them is the background.
  private static final List<String> TEAM_COLORS =
      List.of("36", "32", "34", "35", "96", "92", "94", "95");

  private final boolean forPeople;
  private final boolean colored;
  private final boolean signs;

  /**
   * Creates the format of a terminal.
   *
   * @param colored whether to use colors
   * @param signs whether to use signs beyond ASCII; otherwise words replace them
   */
  ChatFormat(boolean colored, boolean signs) {
    this(true, colored, signs);
  }

  private ChatFormat(boolean forPeople, boolean colored, boolean signs) {
    this.forPeople = forPeople;
    this.colored = colored;
    this.signs = signs;
  }

  /** Returns the format of a pipe. It never changes, because scripts read it. */
  static ChatFormat forScripts() {
    return new ChatFormat(false, false, false);
  }

  boolean isForPeople() {
    return forPeople;
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
    return forPeople && event instanceof MessageReceived message
        ? List.of(received(message))
        : EventText.of(event).map(text -> forPeople ? teamFirst(event, text) : text).stream()
            .toList();
  }

  /** Puts the team first, as in messages. */
  private String teamFirst(PeerEvent event, String text) {
    String line = notice(event.time(), text);
    return EventText.subject(event)
        .map(peer -> line.replace(safe(EventText.who(peer)), who(peer)))
        .orElse(line);
  }

  private String received(MessageReceived message) {
    Peer peer = message.peer();
    String how = message.raw() ? "raw" : peer.encrypted() ? "encrypted" : "plain";
    boolean signIsEnough = signs && peer.encrypted() && !message.raw();
    String who =
        signIsEnough
            ? who(peer)
            : team(peer) + dim(" (" + peer.address() + ", ") + warning(how) + dim(")");
    String sign = peer.encrypted() ? "🔒" : warning("⚠ ");
    return time(message.time()) + (signs ? sign + " " : "") + who + ": " + safe(message.text());
  }

  /** Formats a message of the user. */
  String sent(Instant when, Mark mark, String to, String text) {
    String sign = mark == Mark.FAILED ? style(RED, mark.sign) : dim(mark.sign);
    String line = style(BOLD, "you") + (signs ? " → " : " to ") + to + ": " + safe(text);
    return time(when) + (signs ? sign + " " + line : line + " [" + mark.word + "]");
  }

  /** Formats the late result of a message that was pending. */
  String result(Instant when, Mark mark, String to, Instant sentAt, String text) {
    String sign = mark == Mark.FAILED ? style(RED, mark.sign) : dim(mark.sign);
    String begin = signs ? sign + " " : "";
    String end = " (from " + clock(sentAt) + ")";
    return time(when) + begin + mark.word + " to " + to + ": " + safe(text) + dim(end);
  }

  String notice(Instant when, String text) {
    return time(when) + (signs ? dim("·  ") : "- ") + safe(text);
  }

  /** Formats notices. A new or renamed peer is no warning, unless its name is like another's. */
  List<String> notices(PeerEvent event, List<String> lines) {
    if (lines.isEmpty() || !forPeople) {
      return lines;
    }
    boolean harmless =
        (event instanceof PeerPinned || event instanceof PeerRenamed) && lines.size() == 1;
    String first =
        harmless ? notice(event.time(), lines.get(0)) : alarm(event.time(), lines.get(0));
    return Stream.concat(Stream.of(first), lines.stream().skip(1).map(ChatFormat::detail)).toList();
  }

  private String alarm(Instant when, String text) {
    return time(when) + (signs ? warning("⚠ ") + " " : "! ") + safe(text);
  }

  /** Formats a line that continues the one above. */
  static String detail(String text) {
    return "         " + safe(text);
  }

  /** Formats a peer as its team and its address, which it cannot choose. */
  String who(Peer peer) {
    return team(peer) + dim(" (" + peer.address() + ")");
  }

  /** Formats a team in its color. */
  String team(Peer peer) {
    return colored(peer, safe(EventText.team(peer)));
  }

  /** Formats text in the color of the peer's team. */
  String colored(Peer peer, String text) {
    return style(color(peer.teamName(), peer.address()), text);
  }

  /** Returns the sign before the state of a peer. */
  String lock(Peer peer) {
    boolean plain = !peer.encrypted() && peer.lastHeard().isPresent();
    return !signs ? "" : peer.encrypted() ? "🔒 " : plain ? "⚠  " : "   ";
  }

  String legend() {
    return signs
        ? "✓✓ delivered  ✓ written, not acknowledged  … pending  ✗ not sent  🔒 encrypted"
            + "  ⚠ not encrypted"
        : "[delivered], [written]: not acknowledged, [pending], [NOT SENT]; plain: not encrypted";
  }

  private static String color(String team, PeerAddress address) {
    int hash = (team + '@' + address.host()).hashCode() * 0x9E3779B1;
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
