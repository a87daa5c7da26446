/** The sources of discovery of a node, and the list of what they have found. */
@NullMarked
package io.p2pchat.internal.discovery;

import org.jspecify.annotations.NullMarked;
