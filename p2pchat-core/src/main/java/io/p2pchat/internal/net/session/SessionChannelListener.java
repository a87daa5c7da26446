package io.p2pchat.internal.net.session;

import io.p2pchat.internal.protocol.ControlLine;
import java.util.List;

/** Takes what one connection at level 1 receives. Called on the event loop. */
public interface SessionChannelListener {
  /** A control line arrived. */
  void control(ControlLine line);

  /**
   * Chat lines arrived together.
   *
   * @param texts their texts, in order, as the application sees them
   * @param bytes what they took on the wire
   */
  void chat(List<String> texts, long bytes);

  /** Something was read. */
  void heard();

  /** More can be written. */
  void writable();

  /** Reading has stopped, or goes on, since the peer sends faster than it may. */
  void slowed();

  /** The peer broke the protocol. The listener closes the connection. */
  void broken(String description);

  /** The connection has ended. */
  void ended();
}
