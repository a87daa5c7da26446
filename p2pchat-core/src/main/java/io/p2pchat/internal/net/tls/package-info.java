/** TLS on a connection: contexts, the handshake and its limits, and closing. */
@NullMarked
package io.p2pchat.internal.net.tls;

import org.jspecify.annotations.NullMarked;
