package io.p2pchat.internal.net.session;

import io.p2pchat.internal.protocol.ControlLine;
import java.util.List;

/** Receives the input of one level-1 connection. Called on the event loop. */
public interface SessionChannelListener {
  /** A control line arrived. */
  void control(ControlLine line);

  /**
   * Chat lines arrived together.
   *
   * @param texts their texts, in order, as on the wire
   * @param bytes their size on the wire
   */
  void chat(List<String> texts, long bytes);

  /** Bytes were read. */
  void heard();

  /** More can be written. */
  void writable();

  /** The rate limit has stopped or resumed reading. */
  void slowed();

  /** The peer violated the protocol. The listener closes the connection. */
  void broken(String description);

  /** The connection has ended. */
  void ended();
}
