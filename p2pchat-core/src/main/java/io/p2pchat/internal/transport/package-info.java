/** Sockets: accepting, dialing, and the one pipeline. */
@NullMarked
package io.p2pchat.internal.transport;

import org.jspecify.annotations.NullMarked;
