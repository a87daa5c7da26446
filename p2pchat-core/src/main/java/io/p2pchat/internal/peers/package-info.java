/** Who is here: the active and the connected peers. Pure Java; the time is told to it. */
@NullMarked
package io.p2pchat.internal.peers;

import org.jspecify.annotations.NullMarked;
