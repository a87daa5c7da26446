package io.p2pchat.internal.net.session;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Hello;

/** Receives level-1 input before a session is attached. Called on the event loop. */
public interface SessionListener {
  /** For dialed connections, which have a session from the beginning. */
  SessionListener DIALED =
      new SessionListener() {
        @Override
        public void hello(SessionChannelHandler channel, Hello hello) {
          channel.refuse(Bye.Reason.PROTOCOL);
        }

        @Override
        public void broken(SessionChannelHandler channel, String description) {
          channel.close();
        }
      };

  /** A dialer requests a session. Attach the connection to one, or close it. */
  void hello(SessionChannelHandler channel, Hello hello);

  /** The peer violated the protocol. Close the connection. */
  void broken(SessionChannelHandler channel, String description);
}
