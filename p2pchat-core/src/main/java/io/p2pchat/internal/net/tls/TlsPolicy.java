package io.p2pchat.internal.net.tls;

import io.p2pchat.Security.Policy;
import java.util.concurrent.CompletableFuture;

/**
 * Whether to encrypt connections, and with which contexts.
 *
 * @param policy whether to encrypt
 * @param tls the contexts, loaded in the background; fails with the policy {@code PLAINTEXT}
 */
public record TlsPolicy(Policy policy, CompletableFuture<TlsContexts> tls) {}
