package io.p2pchat.cli.doctor;

import io.p2pchat.Fingerprint;
import java.util.Optional;

/**
 * The peer that a user asks about.
 *
 * @param text a name or {@code HOST:PORT}
 * @param key the key that has to answer, or empty for that of the name or the address
 */
public record PeerGoal(String text, Optional<Fingerprint> key) {}
