/** Connections, remote hosts, read budgets and rate limits. */
@NullMarked
package io.p2pchat.internal.net;

import org.jspecify.annotations.NullMarked;
