/** Who is here: the active and the connected peers. Pure Java, without clock, thread or socket. */
@NullMarked
package io.p2pchat.internal.peers;

import org.jspecify.annotations.NullMarked;
