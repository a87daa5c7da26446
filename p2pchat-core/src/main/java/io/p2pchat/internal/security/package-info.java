/**
 * Keys, certificates, the file of known peers, and the decision which peer is trusted. No Netty.
 */
@NullMarked
package io.p2pchat.internal.security;

import org.jspecify.annotations.NullMarked;
