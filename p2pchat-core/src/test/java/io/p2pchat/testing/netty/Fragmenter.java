package io.p2pchat.testing.netty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Cuts bytes into fragments in every way that can matter to a decoder. */
public final class Fragmenter {
  private final byte[] bytes;

  private Fragmenter(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Begins with the bytes to cut. */
  public static Fragmenter of(byte[] bytes) {
    return new Fragmenter(bytes.clone());
  }

  /**
   * Gives the bytes whole, cut once at each place, cut twice at each pair of places, and byte by
   * byte.
   */
  public void everySplit(Consumer<List<byte[]>> test) {
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        test.accept(cut(first, second));
      }
    }
    test.accept(byteByByte());
  }

  private List<byte[]> cut(int first, int second) {
    return List.of(range(0, first), range(first, second), range(second, bytes.length)).stream()
        .filter(part -> part.length > 0)
        .toList();
  }

  private List<byte[]> byteByByte() {
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < bytes.length; i++) {
      parts.add(range(i, i + 1));
    }
    return parts;
  }

  private byte[] range(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
