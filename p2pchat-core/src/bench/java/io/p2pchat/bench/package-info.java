/** Measures the library against bare Netty, each end in a process of its own. */
@NullMarked
package io.p2pchat.bench;

import org.jspecify.annotations.NullMarked;
