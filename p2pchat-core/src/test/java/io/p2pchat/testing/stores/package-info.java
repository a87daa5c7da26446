/** The tests that every store must pass, and a store in memory that does. */
@NullMarked
package io.p2pchat.testing.stores;

import org.jspecify.annotations.NullMarked;
