package io.p2pchat;

import io.p2pchat.internal.security.IdentityStore;
import io.p2pchat.internal.security.KnownPeersFile;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.PrivateDirectory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * The keys of a user: the own one in {@code identity.pem}, and those of known peers in {@code
 * known_peers}, a text file that a person may read and edit. Directory and files are the owner's
 * only. Nodes that run see a change within a second.
 *
 * <p>This class is thread-safe, and so is sharing the directory among processes. Its methods read
 * and write files and may wait up to 10 seconds for another process; all throw {@link
 * TrustStoreException}, naming the file and the line, if one is broken, open to others, or cannot
 * be used. Specification: docs/PROTOCOL.md, section 7.
 */
public final class TrustStore {
  private final PrivateDirectory directory;
  private final KnownPeersFile known;

  private TrustStore(PrivateDirectory directory) {
    this.directory = directory;
    this.known = new KnownPeersFile(directory, InstantSource.system());
  }

  /**
   * Opens a store, making its directory where it is missing.
   *
   * @param directory the directory
   * @return the store
   * @throws TrustStoreException if it is no directory, open to other users, or cannot be made
   */
  public static TrustStore open(Path directory) {
    return new TrustStore(PrivateDirectory.open(directory));
  }

  /**
   * What the peers know this user by. Makes the key where there is none.
   *
   * @return the fingerprint of the own key
   */
  public Fingerprint fingerprint() {
    return IdentityStore.open(directory).fingerprint();
  }

  /**
   * The known peers.
   *
   * @return a snapshot, in the order of the file
   */
  public List<KnownPeer> knownPeers() {
    return known.peers().all();
  }

  /**
   * From now on the team is known by that key at that address, whatever it was known by before.
   *
   * @param teamName the team
   * @param address its IP address and listening port
   * @param fingerprint of its key, as the peer's user has told it
   * @throws IllegalArgumentException if the team name is none or the address is a host name
   */
  public void accept(String teamName, PeerAddress address, Fingerprint fingerprint) {
    known.accept(new PeerClaim(teamName, address, fingerprint));
  }

  /**
   * Forgets a team at an address: the next key seen there is taken for it.
   *
   * @param teamName the team
   * @param address its IP address and listening port
   * @return whether it was known
   * @throws IllegalArgumentException if the address is a host name
   */
  public boolean remove(String teamName, PeerAddress address) {
    return known.remove(teamName, address);
  }

  /** The directory, and nothing of the keys. */
  @Override
  public String toString() {
    return "TrustStore[" + directory + "]";
  }
}
