/** The ordered, bounded hand-over of events to the listener. */
@NullMarked
package io.p2pchat.internal.event;

import org.jspecify.annotations.NullMarked;
