/**
 * Serverless peer-to-peer chat. A {@link io.p2pchat.PeerNode} listens on one TCP port, dials peers,
 * and reports events to its {@link io.p2pchat.PeerListener}.
 */
@NullMarked
package io.p2pchat;

import org.jspecify.annotations.NullMarked;
