/** The active and the connected peers: who they are, where they are, and what is known of them. */
@NullMarked
package io.p2pchat.internal.registry;

import org.jspecify.annotations.NullMarked;
