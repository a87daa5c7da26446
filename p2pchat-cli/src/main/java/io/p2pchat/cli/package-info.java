/** The command line: it parses, asks, prints, and calls {@link io.p2pchat.PeerNode}. */
@NullMarked
package io.p2pchat.cli;

import org.jspecify.annotations.NullMarked;
