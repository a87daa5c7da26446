package io.p2pchat.internal.protocol;

/**
 * Random identifiers in lower-case base32: 26 characters for a node and for an outbox, 13 for a
 * session.
 */
public final class RandomIds {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BITS = 5;
  private static final int NODE_LENGTH = 26;
  private static final int SESSION_LENGTH = 13;

  private RandomIds() {}

  /** Returns a node identifier from 128 random bits. */
  public static String node(long high, long low) {
    char[] id = new char[NODE_LENGTH];
    long rest = low;
    long above = high;
    for (int i = NODE_LENGTH - 1; i >= 0; i--) {
      id[i] = ALPHABET.charAt((int) rest & 31);
      rest = rest >>> BITS | above << (Long.SIZE - BITS);
      above >>>= BITS;
    }
    return new String(id);
  }

  /** Returns a session identifier from 64 random bits. */
  public static String session(long random) {
    return node(0, random).substring(NODE_LENGTH - SESSION_LENGTH);
  }

  static void requireNode(String id) {
    require("NODE", id, NODE_LENGTH);
  }

  static void requireSession(String id) {
    require("SESSION", id, SESSION_LENGTH);
  }

  static void requireOutbox(String id) {
    require("the outbox", id, NODE_LENGTH);
  }

  private static void require(String name, String id, int length) {
    if (id.length() != length || id.chars().anyMatch(c -> ALPHABET.indexOf(c) < 0)) {
      throw new IllegalArgumentException(name + " is not " + length + " characters of a-z2-7");
    }
  }
}
