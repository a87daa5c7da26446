/** Peer exchange between nodes: what a node tells others about its peers, and what it believes. */
@NullMarked
package io.p2pchat.internal.exchange;

import org.jspecify.annotations.NullMarked;
