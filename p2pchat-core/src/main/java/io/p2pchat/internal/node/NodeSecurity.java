package io.p2pchat.internal.node;

import io.p2pchat.internal.transport.Encryption;

/**
 * Where the security of a node stands (PROTOCOL.md section 7).
 *
 * @param encryption whether connections are encrypted, and with what
 * @param gate what the known peers are asked
 * @param vetting who judges those that have said who they are
 */
record NodeSecurity(Encryption encryption, TrustGate gate, Vetting vetting) {}
