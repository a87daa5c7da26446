/** Whole nodes on real sockets, seen from outside: only the public API is used here. */
@NullMarked
package io.p2pchat.node;

import org.jspecify.annotations.NullMarked;
