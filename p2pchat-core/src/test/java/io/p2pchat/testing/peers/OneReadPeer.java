package io.p2pchat.testing.peers;

import java.io.IOException;
import java.net.Socket;

/**
 * Frames as the Python program of the family does: a connection for each message, written without a
 * line end and closed; of an accepted connection it reads once and closes.
 */
public final class OneReadPeer extends ForeignPeer {
  /** Begins to listen. */
  public OneReadPeer(String team) throws IOException {
    super(team);
  }

  @Override
  synchronized void serve(Socket connection) throws IOException {
    try (connection) {
      if (!receive(connection)) {
        throw new IOException("a connection without a message");
      }
    }
  }

  @Override
  public void send(int port, String text) {
    BareConnection.sendAndClose(port, line(text));
  }
}
