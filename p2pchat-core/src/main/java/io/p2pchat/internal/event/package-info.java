/** Out to the application: the ordered, bounded hand-over to the listener. */
@NullMarked
package io.p2pchat.internal.event;

import org.jspecify.annotations.NullMarked;
