/** Channels and event loops without a network, and what is compared with the codec. */
@NullMarked
package io.p2pchat.testing.netty;

import org.jspecify.annotations.NullMarked;
