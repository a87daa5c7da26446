/** The endpoints of a node, one for each node of a peer. */
@NullMarked
package io.p2pchat.internal.peer;

import org.jspecify.annotations.NullMarked;
