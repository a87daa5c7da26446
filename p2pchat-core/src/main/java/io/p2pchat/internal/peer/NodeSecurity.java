package io.p2pchat.internal.peer;

import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.security.TrustService;

/**
 * Where the security of a node stands (PROTOCOL.md section 7).
 *
 * @param encryption whether connections are encrypted, and with what
 * @param gate what the known peers are asked
 * @param vetting who judges those that have said who they are
 */
public record NodeSecurity(TlsPolicy encryption, TrustService gate, PeerAuthenticator vetting) {}
