/** First contact on accepted and dialed connections, and the assembly of all pipelines. */
@NullMarked
package io.p2pchat.internal.net.handshake;

import org.jspecify.annotations.NullMarked;
