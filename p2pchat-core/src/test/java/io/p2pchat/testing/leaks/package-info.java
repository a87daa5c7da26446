/** Fails tests that leave a Netty buffer unreleased. */
@NullMarked
package io.p2pchat.testing.leaks;

import org.jspecify.annotations.NullMarked;
