/** The endpoints of a node, one for each peer, and the registry of active and connected peers. */
@NullMarked
package io.p2pchat.internal.peer;

import org.jspecify.annotations.NullMarked;
