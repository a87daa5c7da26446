/** Events on their way to the listener: in order, and bounded. */
@NullMarked
package io.p2pchat.internal.event;

import org.jspecify.annotations.NullMarked;
