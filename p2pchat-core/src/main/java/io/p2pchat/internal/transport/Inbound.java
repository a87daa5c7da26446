package io.p2pchat.internal.transport;

import io.p2pchat.internal.message.Message;

/** Takes what connections receive. Called on the event loop. */
public interface Inbound {
  /** A message arrived. */
  void received(Message message, Remote remote);

  /** A connection broke the protocol and is being closed. */
  void violated(String description, Remote remote);
}
