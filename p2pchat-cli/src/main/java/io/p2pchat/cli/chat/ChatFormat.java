package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.TerminalEscaper;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How lines look on a terminal. All text of others comes out escaped; what a colour says, a sign or
 * a word says too.
 */
final class ChatFormat {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final String DIM = "2";
  private static final String BOLD = "1";
  private static final String YELLOW = "33";
  private static final String RED = "31";

  // Without those of warnings, and black and white, one of which is the background.
  private static final List<String> TEAM_COLORS =
      List.of("36", "32", "34", "35", "96", "92", "94", "95");

  private final boolean forPeople;
  private final boolean colored;
  private final boolean signs;

  /**
   * Makes a look.
   *
   * @param colored whether there are colours
   * @param signs whether signs beyond ASCII can be shown; words stand for them otherwise
   */
  ChatFormat(boolean colored, boolean signs) {
    this(true, colored, signs);
  }

  private ChatFormat(boolean forPeople, boolean colored, boolean signs) {
    this.forPeople = forPeople;
    this.colored = colored;
    this.signs = signs;
  }

  /** The format of a pipe, which scripts read: it does not change. */
  static ChatFormat forScripts() {
    return new ChatFormat(false, false, false);
  }

  boolean isForPeople() {
    return forPeople;
  }

  /** How a message went. */
  enum Mark {
    DELIVERED("✓✓", "delivered"),
    WRITTEN("✓ ", "written"),
    WAITING("… ", "waiting"),
    FAILED("✗ ", "NOT SENT");

    private final String sign;
    private final String word;

    Mark(String sign, String word) {
      this.sign = sign;
      this.word = word;
    }
  }

  /** The lines of an event for which {@link EventText} has one. */
  List<String> event(PeerEvent event) {
    return forPeople && event instanceof MessageReceived message
        ? List.of(received(message))
        : EventText.of(event).map(text -> forPeople ? happened(event, text) : text).stream()
            .toList();
  }

  /** The team comes first here, as in messages. */
  private String happened(PeerEvent event, String text) {
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

  /** A message of one's own. */
  String sent(Instant when, Mark mark, String to, String text) {
    String sign = mark == Mark.FAILED ? style(RED, mark.sign) : dim(mark.sign);
    String line = style(BOLD, "you") + (signs ? " → " : " to ") + to + ": " + safe(text);
    return time(when) + (signs ? sign + " " + line : line + " [" + mark.word + "]");
  }

  /** What came of a message that had to wait. */
  String came(Instant when, Mark mark, String to, Instant sentAt, String text) {
    String sign = mark == Mark.FAILED ? style(RED, mark.sign) : dim(mark.sign);
    String begin = signs ? sign + " " : "";
    return time(when)
        + begin
        + mark.word
        + " to "
        + to
        + ", of "
        + clock(sentAt)
        + ": "
        + safe(text);
  }

  /** Something that happened. */
  String notice(Instant when, String text) {
    return time(when) + (signs ? dim("·  ") : "- ") + safe(text);
  }

  /** What there is to say of an event and trust: a newcomer is none to be warned of. */
  List<String> news(PeerEvent event, List<String> lines) {
    if (lines.isEmpty() || !forPeople) {
      return lines;
    }
    boolean harmless = event instanceof PeerPinned pinned && pinned.known().isEmpty();
    String first =
        harmless ? notice(event.time(), lines.get(0)) : alarm(event.time(), lines.get(0));
    return Stream.concat(Stream.of(first), lines.stream().skip(1).map(ChatFormat::detail)).toList();
  }

  private String alarm(Instant when, String text) {
    return time(when) + (signs ? warning("⚠ ") + " " : "! ") + safe(text);
  }

  /** A line that belongs to the one above it. */
  static String detail(String text) {
    return "         " + safe(text);
  }

  /** A peer as its team, and its address, which nobody can choose. */
  String who(Peer peer) {
    return team(peer) + dim(" (" + peer.address() + ")");
  }

  /** A team in the colour that it always has. */
  String team(Peer peer) {
    return colored(peer, safe(peer.teamName()));
  }

  /** Text in the colour of a peer's team. */
  String colored(Peer peer, String text) {
    return style(color(peer.teamName(), peer.address()), text);
  }

  /** Before the state of a peer. */
  String lock(Peer peer) {
    boolean plain = !peer.encrypted() && peer.lastHeard().isPresent();
    return !signs ? "" : peer.encrypted() ? "🔒 " : plain ? "⚠  " : "   ";
  }

  /** What the signs mean. */
  String legend() {
    return signs
        ? "✓✓ delivered  ✓ written: it does not say more  … waiting  ✗ not sent  🔒 encrypted"
            + "  ⚠ plain: others on the network can read it"
        : "[delivered], [written]: it does not say more, [waiting], [NOT SENT]; plain: others on the"
            + " network can read it";
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

  /** Between what a prompt begins with and whom it is about. */
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
