package io.p2pchat.internal.net.session;

import io.p2pchat.internal.protocol.ControlLine;
import java.util.List;

/** Takes what a level-1 connection receives. Called on the event loop. */
public interface SessionChannelListener {
  /** A control line arrived. */
  void control(SessionChannelHandler link, ControlLine line);

  /**
   * Chat lines arrived together.
   *
   * @param texts their texts, in order, as the application sees them
   * @param bytes what they took on the wire
   */
  void chat(SessionChannelHandler link, List<String> texts, long bytes);

  /** The chat lines from one number to before another are about to be written. */
  void writing(SessionChannelHandler link, long from, long to);

  /** Something was read. */
  void heard(SessionChannelHandler link);

  /** More can be written. */
  void writable(SessionChannelHandler link);

  /** Reading has stopped, or goes on, since the peer sends faster than it may. */
  void slowed(SessionChannelHandler link);

  /** The peer broke the protocol. The connection is closed by whoever is told. */
  void broken(SessionChannelHandler link, String description);

  /** The connection has ended. */
  void ended(SessionChannelHandler link);
}
