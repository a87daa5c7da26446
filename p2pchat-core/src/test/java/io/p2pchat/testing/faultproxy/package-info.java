/** A proxy that breaks the connections through it. */
@NullMarked
package io.p2pchat.testing.faultproxy;

import org.jspecify.annotations.NullMarked;
