/**
 * Finds peers without typed addresses. A {@link io.p2pchat.discovery.PeerDiscovery} is a source: it
 * announces this node, and tells a {@link io.p2pchat.discovery.Sink} which peers it has found. An
 * application can write its own sources.
 */
@NullMarked
package io.p2pchat.discovery;

import org.jspecify.annotations.NullMarked;
