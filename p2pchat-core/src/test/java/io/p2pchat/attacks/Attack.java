package io.p2pchat.attacks;

/** An attack that is under way until it is closed. */
interface Attack extends AutoCloseable {
  /** How far it has come: connections that were made, or bytes that were written. */
  long progress();

  /** Ends it, and all its connections. */
  @Override
  void close();
}
