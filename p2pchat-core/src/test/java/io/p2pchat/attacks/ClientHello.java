package io.p2pchat.attacks;

import io.p2pchat.testing.peers.BareTls;
import java.util.Arrays;

/** What a TLS handshake begins with. */
final class ClientHello {
  private ClientHello() {}

  /**
   * The beginning of the first record: {@code 0x16}, a version, a length, and fewer bytes than
   * that; none is a line feed, which would end a line.
   */
  static byte[] beginning() {
    byte[] whole = BareTls.clientHello();
    byte[] bytes = Arrays.copyOf(whole, whole.length / 2);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        bytes[i] = 0;
      }
    }
    return bytes;
  }
}
