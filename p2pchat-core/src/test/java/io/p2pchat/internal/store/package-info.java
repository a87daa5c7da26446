@NullMarked
package io.p2pchat.internal.store;

import org.jspecify.annotations.NullMarked;
