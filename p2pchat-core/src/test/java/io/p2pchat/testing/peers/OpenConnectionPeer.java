package io.p2pchat.testing.peers;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Dials once, keeps the connection open, and writes all its messages there without line ends. It
 * never closes an accepted connection before the other side does, and takes each read for a
 * message.
 */
public final class OpenConnectionPeer extends ForeignPeer {
  private @Nullable BareConnection dialed;

  /** Begins to listen. */
  public OpenConnectionPeer(String team) throws IOException {
    super(team);
  }

  @Override
  void serve(Socket connection) throws IOException {
    boolean more = true;
    while (more) {
      more = receive(connection);
    }
  }

  @Override
  public synchronized void send(int port, String text) {
    BareConnection open = dialed == null ? BareConnection.dial(port) : dialed;
    dialed = open;
    open.write(line(text));
  }

  /** Reads its own connection until the other side ends it, and returns what came there. */
  public synchronized String readToEnd() {
    return dialed == null ? "" : dialed.readToEnd();
  }

  @Override
  public synchronized void close() throws IOException {
    super.close();
    if (dialed != null) {
      dialed.close();
    }
  }
}
