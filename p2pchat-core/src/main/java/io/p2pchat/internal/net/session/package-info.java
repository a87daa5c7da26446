/** A connection at level 1: the lines of a session, read and written. */
@NullMarked
package io.p2pchat.internal.net.session;

import org.jspecify.annotations.NullMarked;
