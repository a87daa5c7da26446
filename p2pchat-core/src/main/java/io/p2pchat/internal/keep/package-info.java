/** Keeps the messages of a node in its store, and numbers them. Pure Java. */
@NullMarked
package io.p2pchat.internal.keep;

import org.jspecify.annotations.NullMarked;
