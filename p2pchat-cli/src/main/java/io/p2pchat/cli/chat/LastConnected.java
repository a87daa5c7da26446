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
 * address, key or {@code -}, and team, with tabs between them.
 */
final class LastConnected {
  private static final int MAX = 64;
  private static final String NO_KEY = "-";

  private final Path file;

  LastConnected(Path file) {
    this.file = file;
  }

  /** Returns the peers, 64 at most. Lines that are no peers are left out. */
  List<Recipient> read() {
    List<Recipient> peers = new ArrayList<>();
    try {
      TeamFiles.read(file, MAX).forEach(line -> peer(line).ifPresent(peers::add));
    } catch (IOException e) {
      return List.of(); // They can be connected by hand.
    }
    return peers;
  }

  private static Optional<Recipient> peer(String line) {
    String[] parts = line.split("\t", -1);
    try {
      PeerAddress address = PeerAddress.parse(parts[0]);
      if (parts.length != 3 || parts[1].equals(NO_KEY) || !Peer.isTeamName(parts[2])) {
        return parts.length == 3 ? Optional.of(Recipient.at(address)) : Optional.empty();
      }
      Fingerprint key = Fingerprint.parse(parts[1]);
      return Optional.of(
          Recipient.of(Peer.builder(address).teamName(parts[2]).fingerprint(key).build()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Records the peers that are connected now, 64 at most. */
  void write(List<Peer> connected) {
    try {
      TeamFiles.write(file, connected.stream().limit(MAX).map(LastConnected::line).toList());
    } catch (IOException e) {
      // They can be connected by hand.
    }
  }

  private static String line(Peer peer) {
    String key = peer.fingerprint().map(Fingerprint::toString).orElse(NO_KEY);
    return peer.address() + "\t" + key + "\t" + peer.teamName();
  }
}
