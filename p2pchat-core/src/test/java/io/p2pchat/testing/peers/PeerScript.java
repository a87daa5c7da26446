package io.p2pchat.testing.peers;

import java.util.Arrays;

/**
 * What a peer does, as bytes that a fuzzer can change and a person can read: they are sent as they
 * are, but ESC and the byte after it are a command to the test. ESC twice sends one.
 */
public final class PeerScript {
  /** Begins a command. */
  public static final byte ESC = 0x1b;

  private final byte[] script;
  private int at;

  /** Reads a script; its array is not copied. */
  public PeerScript(byte[] script) {
    this.script = script;
  }

  /** What a script plays to. */
  public interface Player {
    /** The peer sends these bytes; never none. */
    void send(byte[] bytes);

    /** A command. */
    void command(char command);
  }

  /** Plays what is left of the script. */
  public void play(Player player) {
    while (at < script.length) {
      int from = at;
      while (at < script.length && script[at] != ESC) {
        at++;
      }
      boolean literal = at + 1 < script.length && script[at + 1] == ESC;
      int to = literal ? at + 1 : at;
      if (to > from) {
        player.send(Arrays.copyOfRange(script, from, to));
      }
      at = Math.min(script.length, at + 2);
      if (at > to + 1 && !literal) {
        player.command((char) (script[at - 1] & 0xff));
      }
    }
  }

  /** The next byte, as a choice from 0 to {@code most}; 0 at the end. */
  public int choice(int most) {
    return at < script.length ? (script[at++] & 0xff) % (most + 1) : 0;
  }
}
