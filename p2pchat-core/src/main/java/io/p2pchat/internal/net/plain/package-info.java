/** A connection at level 0: one line at a time, in the plain format. */
@NullMarked
package io.p2pchat.internal.net.plain;

import org.jspecify.annotations.NullMarked;
