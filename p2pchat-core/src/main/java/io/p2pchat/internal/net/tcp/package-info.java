/** The listening port, and the dialer. */
@NullMarked
package io.p2pchat.internal.net.tcp;

import org.jspecify.annotations.NullMarked;
