/** The listening port, and dialing. */
@NullMarked
package io.p2pchat.internal.net.tcp;

import org.jspecify.annotations.NullMarked;
