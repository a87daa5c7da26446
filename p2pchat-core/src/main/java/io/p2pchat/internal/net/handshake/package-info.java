/** First contact on accepted and dialed connections, and the one place that assembles pipelines. */
@NullMarked
package io.p2pchat.internal.net.handshake;

import org.jspecify.annotations.NullMarked;
