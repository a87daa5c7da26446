package io.p2pchat.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Writes to a node as any program can: bytes on a socket. */
final class BareSocket {
  private BareSocket() {}

  /** Connects and says nothing until it is greeted. To a node that is nothing. */
  static void awaitGreeting(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Math.toIntExact(Transcript.PATIENCE.toMillis()));
      if (socket.getInputStream().read() < 0) {
        throw new IOException("the connection ended without a greeting");
      }
    }
  }

  /** Connects, writes the text in UTF-8, closes. */
  static void write(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
