package io.p2pchat.internal.net.plain;

import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.protocol.Message;

/** Takes what connections at level 0 receive. Called on the event loop. */
public interface PlainListener {
  /** A message arrived. */
  void received(Message message, ConnectionInfo connection);

  /** A connection broke the protocol and is being closed. */
  void violated(String description, ConnectionInfo connection);
}
