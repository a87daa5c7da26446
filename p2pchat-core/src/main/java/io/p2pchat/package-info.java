/**
 * Serverless peer-to-peer chat: a {@link io.p2pchat.PeerNode} listens on one TCP port, dials
 * others, and tells its {@link io.p2pchat.PeerListener} what happens.
 */
@NullMarked
package io.p2pchat;

import org.jspecify.annotations.NullMarked;
