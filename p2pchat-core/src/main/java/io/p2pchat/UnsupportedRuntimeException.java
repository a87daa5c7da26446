package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The program in which a node starts lacks something that the node needs: Netty 4.2, or a module of
 * Java. The message says what was found, what is needed, and how to add it to the build. Starting
 * again does not help.
 */
public final class UnsupportedRuntimeException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what is missing, and how to add it
   * @param cause the cause, or null if there is none
   */
  public UnsupportedRuntimeException(String message, @Nullable Throwable cause) {
    super(message, null, cause);
  }
}
