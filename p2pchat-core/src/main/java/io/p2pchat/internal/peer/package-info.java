/**
 * One endpoint for each peer, the index of peers, and the registry of active and connected peers.
 */
@NullMarked
package io.p2pchat.internal.peer;

import org.jspecify.annotations.NullMarked;
