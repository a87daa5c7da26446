package io.p2pchat.internal.transport;

import io.p2pchat.internal.message.Greeting;
import io.p2pchat.internal.message.Hello;
import io.p2pchat.internal.message.Message;

/** Takes what connections receive. Called on the event loop. */
public interface Inbound {
  /** What silent dialers are greeted with. */
  Greeting greeting();

  /** A message arrived at level 0. */
  void received(Message message, Remote remote);

  /** A level-0 connection broke the protocol and is being closed. */
  void violated(String description, Remote remote);

  /** A dialer wants a session. The connection is attached to whoever holds it, or closed. */
  void hello(SessionHandler link, Hello hello);

  /** A level-1 connection that nobody holds yet broke the protocol, and is to be closed. */
  void broken(SessionHandler link, String description);
}
