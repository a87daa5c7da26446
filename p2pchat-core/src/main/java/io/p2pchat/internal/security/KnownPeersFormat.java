package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.TeamNameRule;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The format of the known peers file: UTF-8, one known peer a line. Lines end with LF; CRLF is read
 * too. A line that begins with {@code #} is a remark.
 *
 * <p>Example: {@code 192.168.1.20:7070 | 0f1e2d3c-… | 2026-01-31T09:30:00Z | Netech}. The team is
 * the last field, so that it may begin with {@code #}.
 */
final class KnownPeersFormat {
  private static final String HEAD =
      "# Known peers, a line each: address | fingerprint | first seen | team";
  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final int FIELDS = 4;
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}(%[^\\]]{1,64})?\\]):[0-9]{1,5}");
  private static final Pattern ZONE = Pattern.compile("%[^\\]]*");
  private static final Pattern BAR = Pattern.compile("\\|");

  /**
   * A line of the file. An unchanged line is written back as it was.
   *
   * @param text the line, without its end
   * @param peer the known peer, or null for a remark and an empty line
   */
  record Line(String text, @Nullable KnownPeer peer) {
    static Line of(KnownPeer peer) {
      return new Line(format(peer), peer);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Line that
          && text.equals(that.text)
          && Objects.equals(peer, that.peer);
    }

    @Override
    public int hashCode() {
      return 31 * text.hashCode() + Objects.hashCode(peer);
    }
  }

  private KnownPeersFormat() {}

  // ---- a known peer

  /**
   * Creates a known peer in canonical form: the team stripped, the address as in {@link #place},
   * the time in whole seconds.
   *
   * @throws IllegalArgumentException if the team name is invalid, or the address is a host name
   */
  static KnownPeer known(
      String team, PeerAddress address, Fingerprint fingerprint, Instant firstSeen) {
    return KnownPeer.of(
        requireTeam(team), place(address), fingerprint, firstSeen.truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Returns the address under which a peer is known, without a zone. The zone of an IPv6 address
   * ({@code %eth0}) is a local name, and it changes when a network card is moved.
   *
   * @throws IllegalArgumentException for a host name, which may resolve to different addresses
   */
  static PeerAddress place(PeerAddress address) {
    if (!address.isIp()) {
      throw new IllegalArgumentException("a pin is for an IP address, not for a host name");
    }
    int zone = address.host().indexOf('%');
    return zone < 0 ? address : new PeerAddress(address.host().substring(0, zone), address.port());
  }

  /**
   * Parses a known peer.
   *
   * @throws IllegalArgumentException if the line is not one; the message names the problem and
   *     quotes nothing
   */
  static KnownPeer parse(String line) {
    String[] fields = BAR.split(line, -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(
          "it has "
              + fields.length
              + " fields; expected are 4 with | between: address | fingerprint | first seen | team");
    }
    return known(
        fields[3], address(fields[0].strip()), Fingerprint.parse(fields[1]), time(fields[2]));
  }

  /** Formats a known peer as a line without its end. {@link #parse} reads it. */
  static String format(KnownPeer peer) {
    return peer.address()
        + " | "
        + peer.fingerprint()
        + " | "
        + peer.firstSeen()
        + " | "
        + peer.teamName();
  }

  private static PeerAddress address(String text) {
    try {
      if (ADDRESS.matcher(text).matches()) {
        return PeerAddress.parse(ZONE.matcher(text).replaceFirst(""));
      }
    } catch (IllegalArgumentException e) {
      // Thrown below instead, because the message of PeerAddress quotes the text.
    }
    throw new IllegalArgumentException(
        "its first field is not an IP address and a port, such as 192.168.1.20:7070 or [fe80::1]:7070");
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "its third field is not a time such as 2026-01-31T09:30:00Z", e);
    }
  }

  private static String requireTeam(String name) {
    String team = name.strip();
    if (TeamNameRule.problem(team) != null
        || !StandardCharsets.UTF_8.newEncoder().canEncode(team)) {
      throw new IllegalArgumentException("its team is not " + TeamNameRule.TEXT);
    }
    return team;
  }

  // ---- the file

  /** Formats all lines, or the head if there are none, because an empty file is invalid. */
  static byte[] format(KnownPeerSet peers) {
    StringBuilder text = new StringBuilder();
    KnownPeerSet lines = peers.lines().isEmpty() ? fresh() : peers;
    lines.lines().forEach(line -> text.append(line.text()).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the initial content of a new file. */
  static KnownPeerSet fresh() {
    return new KnownPeerSet(List.of(new Line(HEAD, null)));
  }

  /**
   * Parses all lines.
   *
   * @throws IllegalArgumentException at the first wrong line; the message begins with the line
   *     number and names the problem
   */
  static KnownPeerSet parse(byte[] content) {
    requireWholeHead(content);
    List<Line> lines = new ArrayList<>();
    Map<KnownPeerSet.Place, Integer> numbers = new HashMap<>();
    for (int from = 0; from < content.length; ) {
      int to = lineEnd(content, from);
      int number = lines.size() + 1;
      Line line = line(content, from, to, number);
      requireNew(line, number, numbers);
      lines.add(line);
      from = to + 1;
    }
    return new KnownPeerSet(lines);
  }

  /**
   * A file that is empty, or cut off in its head, has lost all known peers, and no other line would
   * show it.
   */
  private static void requireWholeHead(byte[] content) {
    byte[] head = HEAD.getBytes(StandardCharsets.UTF_8);
    int length = content.length;
    if (length == 0) {
      throw new IllegalArgumentException(
          "line 1: the file is empty. Restore it, or delete it to know no peers");
    }
    if (length <= head.length && Arrays.equals(content, 0, length, head, 0, length)) {
      throw new IllegalArgumentException(
          "line 1: the file is cut off here. Restore it, or delete it to know no peers");
    }
  }

  private static int lineEnd(byte[] content, int from) {
    int to = from;
    while (to < content.length && content[to] != '\n') {
      to++;
    }
    return to;
  }

  private static Line line(byte[] content, int from, int to, int number) {
    if (number > KnownPeerSet.MAX_LINES) {
      throw new IllegalArgumentException(
          "line " + number + ": accepted are " + KnownPeerSet.MAX_LINES + " lines");
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(content, from, to - from);
      return line(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("line " + number + ": it is not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
    }
  }

  private static Line line(String text) {
    // Some editors put a byte order mark at the beginning of a file.
    String line = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).strip();
    boolean silent = line.isEmpty() || line.startsWith("#");
    return new Line(text, silent ? null : parse(line));
  }

  private static void requireNew(Line line, int number, Map<KnownPeerSet.Place, Integer> numbers) {
    KnownPeer peer = line.peer();
    if (peer == null) {
      return;
    }
    Integer first =
        numbers.putIfAbsent(new KnownPeerSet.Place(peer.teamName(), peer.address()), number);
    if (first != null) {
      throw new IllegalArgumentException(
          "line " + number + ": its team is known at its address already, by line " + first);
    }
  }
}
