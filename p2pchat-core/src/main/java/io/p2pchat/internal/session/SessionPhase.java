package io.p2pchat.internal.session;

/**
 * The phases of a session.
 *
 * <pre>
 *             new lines: dial           greeted: HELLO          WELCOME
 *   [IDLE] ---------------- [DIALING] ----------- [HELLO_SENT] --------- [OPEN]
 *     ^                      |  ^                   |                     ^ |
 *     | failed, no session   |  | wait is over      | failed     HELLO in | | connection lost
 *     +----------------------+  |                   v            WELCOME  | v
 *     +------------------------[        WAITING                              ]
 *       given up, ended
 * </pre>
 *
 * <p>An incoming {@code HELLO} opens the session from every phase.
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
