package io.p2pchat.internal.net.session;

import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Message;

/** Takes what connections receive. Called on the event loop. */
public interface Inbound {
  /** What silent dialers are greeted with. */
  Greeting greeting();

  /** A message arrived at level 0. */
  void received(Message message, ConnectionInfo remote);

  /** A level-0 connection broke the protocol and is being closed. */
  void violated(String description, ConnectionInfo remote);

  /** A dialer wants a session. The connection is attached to whoever holds it, or closed. */
  void hello(SessionChannelHandler link, Hello hello);

  /** A level-1 connection that nobody holds yet broke the protocol, and is to be closed. */
  void broken(SessionChannelHandler link, String description);
}
