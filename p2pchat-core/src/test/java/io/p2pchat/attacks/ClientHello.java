package io.p2pchat.attacks;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** What a TLS handshake begins with. */
final class ClientHello {
  private ClientHello() {}

  /**
   * The beginning of the first record: {@code 0x16}, a version, a length, and fewer bytes than
   * that; none is a line feed, which would end a line.
   */
  static byte[] beginning() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), record);
      byte[] bytes = Arrays.copyOf(record.array(), record.position() / 2);
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          bytes[i] = 0;
        }
      }
      return bytes;
    } catch (NoSuchAlgorithmException | SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
