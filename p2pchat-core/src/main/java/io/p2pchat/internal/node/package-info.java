/** Wiring: the only room that knows all the others. */
@NullMarked
package io.p2pchat.internal.node;

import org.jspecify.annotations.NullMarked;
