package io.p2pchat.internal.net.tls;

import io.p2pchat.Security.Policy;
import java.util.concurrent.CompletableFuture;

/**
 * Whether connections are encrypted, and with what.
 *
 * @param policy whether
 * @param tls with what; loaded in the background, and never with the policy {@code PLAINTEXT}
 */
public record TlsPolicy(Policy policy, CompletableFuture<TlsContexts> tls) {}
