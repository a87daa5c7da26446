package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.io.IOException;
import java.net.Socket;

/** The two sockets of a connection through a {@link FaultProxy}. */
record SocketPair(Socket dialer, Socket acceptor) {
  /** Where the bytes of a direction come from. */
  Socket from(Direction direction) {
    return direction == Direction.TO_ACCEPTOR ? dialer : acceptor;
  }

  /** Where the bytes of a direction go to. */
  Socket to(Direction direction) {
    return direction == Direction.TO_ACCEPTOR ? acceptor : dialer;
  }

  /** The receiver of a direction sees the end of the stream. */
  void endOutput(Direction direction) {
    try {
      to(direction).shutdownOutput();
    } catch (IOException e) {
      // It has reset, and whoever reads from it learns that.
    }
  }

  /** Both see a reset. */
  void reset() {
    reset(dialer);
    reset(acceptor);
  }

  /** Lets go of both; for when both have ended and have been told the end. */
  void close() {
    try (Socket first = dialer;
        Socket second = acceptor) {
      first.setSoLinger(false, 0);
      second.setSoLinger(false, 0);
    } catch (IOException e) {
      // They are closed.
    }
  }

  /** Closes a connection so that its other side sees a reset. */
  static void reset(Socket connection) {
    try (connection) {
      connection.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed.
    }
  }
}
