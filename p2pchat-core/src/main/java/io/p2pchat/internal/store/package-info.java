/** Stores changes by one thread, many in one transaction. Pure Java. */
@NullMarked
package io.p2pchat.internal.store;

import org.jspecify.annotations.NullMarked;
