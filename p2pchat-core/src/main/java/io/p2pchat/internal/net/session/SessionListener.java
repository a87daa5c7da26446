package io.p2pchat.internal.net.session;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Hello;

/**
 * Takes what a connection at level 1 receives before a session has it. Called on the event loop.
 */
public interface SessionListener {
  /** For a dialed connection: its session has it from the beginning. */
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

  /** A dialer wants a session. The connection is attached to the one that takes it, or closed. */
  void hello(SessionChannelHandler channel, Hello hello);

  /** The peer broke the protocol; the connection is to be closed. */
  void broken(SessionChannelHandler channel, String description);
}
