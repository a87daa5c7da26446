/** Hosts of their own in network namespaces, for tests as root on Linux. */
@NullMarked
package io.p2pchat.testing.netns;

import org.jspecify.annotations.NullMarked;
