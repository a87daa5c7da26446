package io.p2pchat.internal.session;

/**
 * Where a session is.
 *
 * <pre>
 *             lines wait: dial          greeted: HELLO          WELCOME
 *   [IDLE] ---------------- [DIALING] ----------- [HELLO_SENT] --------- [OPEN]
 *     ^                      |  ^                   |                     ^ |
 *     | failed, no session   |  | wait is over      | failed     HELLO in | | connection lost
 *     +----------------------+  |                   v            WELCOME  | v
 *     +------------------------[        WAITING                              ]
 *       given up, ended
 * </pre>
 *
 * <p>A {@code HELLO} that comes in opens the session from every phase.
 */
public enum SessionPhase {
  /** No session, and nothing to send. */
  IDLE,
  /** Dialing, until the peer greets. */
  DIALING,
  /** {@code HELLO} sent, until the peer answers {@code WELCOME}. */
  HELLO_SENT,
  /** Lines flow both ways. */
  OPEN,
  /** No connection, until the redial delay is over or the peer dials. */
  WAITING
}
