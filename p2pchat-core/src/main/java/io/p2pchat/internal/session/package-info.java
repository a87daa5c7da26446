/**
 * The session between two nodes: numbers, acknowledgement, resumption, liveness and limits. Pure
 * Java without I/O: time and randomness are inputs, and actions are outputs.
 */
@NullMarked
package io.p2pchat.internal.session;

import org.jspecify.annotations.NullMarked;
