package io.p2pchat.internal.security;

import io.p2pchat.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The file of known peers as bytes: UTF-8, a pin a line. Lines end with LF (CRLF is read too); one
 * that begins with {@code #} is a remark.
 */
final class KnownPeersFormat {
  private static final String HEAD =
      "# Known peers, a line each: address | fingerprint | first seen | team";

  private record Place(String team, PeerAddress address) {}

  private KnownPeersFormat() {}

  static byte[] format(KnownPeerSet pins) {
    StringBuilder text = new StringBuilder();
    pins.lines().forEach(line -> text.append(line.text()).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What a file begins with that did not exist. */
  static KnownPeerSet fresh() {
    return new KnownPeerSet(List.of(new PinLine(HEAD, null)));
  }

  /**
   * Reads all lines.
   *
   * @throws IllegalArgumentException at the first line that is wrong; the text begins with its
   *     number and says what is wrong
   */
  static KnownPeerSet parse(byte[] content) {
    List<PinLine> lines = new ArrayList<>();
    Map<Place, Integer> numbers = new HashMap<>();
    for (int from = 0; from < content.length; ) {
      int to = lineEnd(content, from);
      int number = lines.size() + 1;
      PinLine line = line(content, from, to, number);
      requireNew(line, number, numbers);
      lines.add(line);
      from = to + 1;
    }
    return new KnownPeerSet(lines);
  }

  private static int lineEnd(byte[] content, int from) {
    int to = from;
    while (to < content.length && content[to] != '\n') {
      to++;
    }
    return to;
  }

  private static PinLine line(byte[] content, int from, int to, int number) {
    if (number > KnownPeerSet.MAX_LINES) {
      throw new IllegalArgumentException(
          "line " + number + ": accepted are " + KnownPeerSet.MAX_LINES + " lines");
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(content, from, to - from);
      return PinLine.parse(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("line " + number + ": it is not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
    }
  }

  private static void requireNew(PinLine line, int number, Map<Place, Integer> numbers) {
    Pin pin = line.pin();
    if (pin == null) {
      return;
    }
    Integer first = numbers.putIfAbsent(new Place(pin.team(), pin.address()), number);
    if (first != null) {
      throw new IllegalArgumentException(
          "line " + number + ": its team is known at its address already, by line " + first);
    }
  }
}
