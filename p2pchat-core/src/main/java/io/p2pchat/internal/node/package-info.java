/** Assembles a node, owns its threads, and shuts it down. */
@NullMarked
package io.p2pchat.internal.node;

import org.jspecify.annotations.NullMarked;
