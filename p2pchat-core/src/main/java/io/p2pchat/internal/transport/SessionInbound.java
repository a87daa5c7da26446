package io.p2pchat.internal.transport;

import io.p2pchat.internal.message.ControlLine;
import java.util.List;

/** Takes what a level-1 connection receives. Called on the event loop. */
public interface SessionInbound {
  /** A control line arrived. */
  void control(SessionHandler link, ControlLine line);

  /**
   * Chat lines arrived together.
   *
   * @param texts their texts, in order, as the application sees them
   * @param bytes what they took on the wire
   */
  void chat(SessionHandler link, List<String> texts, long bytes);

  /** The chat lines from one number to before another are about to be written. */
  void writing(SessionHandler link, long from, long to);

  /** Something was read. */
  void heard(SessionHandler link);

  /** More can be written. */
  void writable(SessionHandler link);

  /** Reading has stopped, or goes on, since the peer sends faster than it may. */
  void slowed(SessionHandler link);

  /** The peer broke the protocol. The connection is closed by whoever is told. */
  void broken(SessionHandler link, String description);

  /** The connection has ended. */
  void ended(SessionHandler link);
}
