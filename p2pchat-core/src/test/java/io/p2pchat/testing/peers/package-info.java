/** Nodes and other programs that a test has for peers, and logs of what they do. */
@NullMarked
package io.p2pchat.testing.peers;

import org.jspecify.annotations.NullMarked;
