package io.p2pchat.internal.net.plain;

import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.protocol.Message;

/** Receives the messages of level-0 connections. Called on the event loop. */
public interface PlainListener {
  /** A message arrived. */
  void received(Message message, ConnectionInfo connection);

  /** A connection violated the protocol and is closing. */
  void violated(String description, ConnectionInfo connection);

  /** A connection that is not encrypted was refused, because this node requires encryption. */
  void unencrypted(ConnectionInfo connection);
}
