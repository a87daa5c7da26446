package io.p2pchat.internal.protocol;

import io.p2pchat.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names other peers of the sender. Its entries are read only when they are used, because a flood of
 * these lines must cost little.
 *
 * @param list the entries as on the wire, joined by {@code ;}
 */
public record Peers(String list) implements ControlLine {
  /** The maximum number of entries of a line. A reader ignores those after them. */
  public static final int MOST = 32;

  private static final String KEY = "PEERS:";
  private static final int HINT_LENGTH = 16;

  /** The line end, which counts to the length of a frame. */
  private static final int LINE_END = 1;

  /**
   * A named peer.
   *
   * @param node its {@code NODE}
   * @param hint the hint of its key, or null if it has none
   * @param address where it answered, with an IP address
   */
  public record Entry(String node, @Nullable String hint, PeerAddress address) {
    /** Checks the parts. */
    public Entry {
      RandomIds.requireNode(node);
      if (hint != null && !isHint(hint)) {
        throw new IllegalArgumentException("the hint is not 16 digits of 0-9a-f");
      }
      if (!address.isIp() || address.host().indexOf('%') >= 0) {
        throw new IllegalArgumentException("the address is not an IP address without zone");
      }
    }

    private static boolean isHint(String hint) {
      return hint.length() == HINT_LENGTH
          && hint.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static Entry read(String text) {
      String[] parts = text.split(",", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("not a NODE, a hint and an address");
      }
      return new Entry(parts[0], parts[1].isEmpty() ? null : parts[1], PeerAddress.parse(parts[2]));
    }

    private String format() {
      return node + "," + (hint == null ? "" : hint) + "," + address;
    }
  }

  /** Checks that the line has a form. */
  public Peers {
    ControlFields.requireToken("PEERS", list);
  }

  /**
   * Returns the line with the first of these entries, at most {@link #MOST}.
   *
   * @param limit the longest frame that the reader accepts, in bytes with the line end
   */
  public static Peers of(List<Entry> entries, int limit) {
    StringBuilder list = new StringBuilder();
    int count = 0;
    for (Entry entry : entries) {
      String text = (count == 0 ? "" : ";") + entry.format();
      if (count == MOST || KEY.length() + list.length() + text.length() + LINE_END > limit) {
        break;
      }
      list.append(text);
      count++;
    }
    return new Peers(list.toString());
  }

  /** Returns the entries that are well formed, of the first {@link #MOST}. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < MOST && from < list.length(); i++) {
      int end = list.indexOf(';', from);
      int to = end < 0 ? list.length() : end;
      try {
        entries.add(Entry.read(list.substring(from, to)));
      } catch (IllegalArgumentException e) {
        // One bad entry says nothing about the others.
      }
      from = to + 1;
    }
    return entries;
  }

  @Override
  public String format() {
    return KEY + list;
  }
}
