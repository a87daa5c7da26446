package io.p2pchat.cli.chat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The peers that were connected at the end of the last chat, in a file. It has a line for each:
 * address, key or {@code -}, and team, with tabs between them. A peer that is to be connected again
 * stays recorded until the user does not want it, or it has failed.
 *
 * <p>This class is thread-safe.
 */
final class LastConnected {
  private static final int MAX = 64;
  private static final String NO_KEY = "-";

  private final Path file;

  /** To be connected again, unless the user says no. */
  private final List<Recipient> awaited = new ArrayList<>();

  /** Could not be connected again. */
  private final List<Recipient> missed = new ArrayList<>();

  LastConnected(Path file) {
    this.file = file;
  }

  /** Returns the peers, 64 at most. Lines that are no peers are left out. */
  synchronized List<Recipient> read() {
    awaited.clear();
    try {
      TeamFiles.read(file, MAX).forEach(line -> peer(line).ifPresent(awaited::add));
    } catch (IOException e) {
      awaited.clear(); // They can be connected by hand.
    }
    return List.copyOf(awaited);
  }

  /** The user does not want to be connected to them. */
  synchronized void dismiss() {
    awaited.clear();
  }

  /** An attempt to connect to one of them has ended. */
  synchronized void ended(Recipient peer, boolean isConnected) {
    awaited.removeIf(peer::isSame);
    if (!isConnected) {
      missed.add(peer);
    }
  }

  private static Optional<Recipient> peer(String line) {
    String[] parts = line.split("\t", -1);
    try {
      PeerAddress address = PeerAddress.parse(parts[0]);
      if (parts.length != 3) {
        return Optional.empty();
      }
      if (parts[1].equals(NO_KEY)) {
        return Optional.of(Recipient.at(address));
      }
      Fingerprint key = Fingerprint.parse(parts[1]);
      if (!Peer.isTeamName(parts[2])) {
        return Optional.empty(); // At the address, there may be another peer.
      }
      return Optional.of(
          Recipient.of(Peer.builder(address).teamName(parts[2]).fingerprint(key).build()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Records the peers that are connected now, and those that are still to be connected again, 64 at
   * most. If there are none, records those that could not be.
   */
  synchronized void write(List<Peer> connected) {
    List<Recipient> peers = new ArrayList<>(connected.stream().map(Recipient::of).toList());
    awaited.stream().filter(peer -> peers.stream().noneMatch(peer::isSame)).forEach(peers::add);
    List<Recipient> all = peers.isEmpty() ? missed : peers;
    try {
      TeamFiles.write(file, all.stream().limit(MAX).map(LastConnected::line).toList());
    } catch (IOException e) {
      // They can be connected by hand.
    }
  }

  private static String line(Recipient to) {
    String key = to.peer().flatMap(Peer::fingerprint).map(Fingerprint::toString).orElse(NO_KEY);
    return to.address() + "\t" + key + "\t" + to.peer().map(Peer::teamName).orElse("");
  }
}
