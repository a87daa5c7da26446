/** Delivers events to the listener, in order and with bounded queues. */
@NullMarked
package io.p2pchat.internal.event;

import org.jspecify.annotations.NullMarked;
