package io.p2pchat;

import io.p2pchat.internal.security.IdentityStore;
import io.p2pchat.internal.security.KnownPeersFile;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.PrivateDirectory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * The keys of a user. {@code identity.pem} holds the user's own key. {@code known_peers} lists the
 * known peers in a text file that you may read and edit. Only the owner may access the directory
 * and its files. Running nodes see a change within a second.
 *
 * <p>This class is thread-safe, and several processes may share the directory. Its methods read and
 * write files, and may wait up to 10 seconds for another process. All throw {@link
 * TrustStoreException} if a file is broken, accessible to others, or cannot be used. The message
 * names the file and the line. Specification: docs/PROTOCOL.md, section 7.
 */
public final class TrustStore {
  private final PrivateDirectory directory;
  private final KnownPeersFile known;

  private TrustStore(PrivateDirectory directory) {
    this.directory = directory;
    this.known = new KnownPeersFile(directory, InstantSource.system());
  }

  /**
   * Opens a store. Creates its directory if it is missing.
   *
   * @param directory the directory
   * @return the store
   * @throws TrustStoreException if the path is not a directory, is accessible to other users, or
   *     cannot be created
   */
  public static TrustStore open(Path directory) {
    return new TrustStore(PrivateDirectory.open(directory));
  }

  /**
   * Returns the fingerprint of the user's own key. Creates the key if there is none.
   *
   * @return the fingerprint
   */
  public Fingerprint fingerprint() {
    return IdentityStore.open(directory).fingerprint();
  }

  /**
   * Returns the known peers.
   *
   * @return a snapshot, in the order of the file
   */
  public List<KnownPeer> knownPeers() {
    return known.peers().all();
  }

  /**
   * Pins a key for a team at an address. It replaces any key known there for this team. From then
   * on, its peer is the one that messages to the address are for.
   *
   * @param teamName the team
   * @param address its IP address and listening port
   * @param fingerprint the fingerprint of its key, as the peer's user has confirmed it
   * @throws IllegalArgumentException if the team name is invalid or the address is a host name
   */
  public void accept(String teamName, PeerAddress address, Fingerprint fingerprint) {
    known.accept(new PeerClaim(teamName, address, fingerprint));
  }

  /**
   * Pins a known key at an address, under the team name that it has there, or else had last. A name
   * that another key has at the address is not taken. From then on, its peer is the one that
   * messages to the address are for. So this is the consent that {@link
   * TrustException.Reason#ADDRESS_CHANGED_HANDS} asks for. Other keys known at the address stay
   * known.
   *
   * @param address an IP address and a listening port
   * @param fingerprint the fingerprint of the key, which is known at any address
   * @throws IllegalArgumentException if the address is a host name, the key is not known, or
   *     another key has each of its names at the address. Name the team then, with {@link
   *     #accept(String, PeerAddress, Fingerprint)}. That is also necessary for a key that a running
   *     node knows in memory only, because its peer has a new one at each start
   */
  public void accept(PeerAddress address, Fingerprint fingerprint) {
    known.accept(address, fingerprint);
  }

  /**
   * Pins a key of a team in place of another one, at each address where that is known for this
   * team. Who holds an address for other teams does not change. Use it, after {@link
   * #accept(String, PeerAddress, Fingerprint)}, if a person confirms that the same peer has a new
   * key.
   *
   * @param teamName the team
   * @param before the fingerprint of the key that the peer had
   * @param now the fingerprint of its new key, as the peer's user has confirmed it
   * @return whether the key before was known for this team
   */
  public boolean replace(String teamName, Fingerprint before, Fingerprint now) {
    return known.replace(teamName, before, now);
  }

  /**
   * Forgets the pinned key of a team at an address. The next key presented there is trusted.
   *
   * @param teamName the team
   * @param address its IP address and listening port
   * @return whether the team was known there
   * @throws IllegalArgumentException if the address is a host name
   */
  public boolean remove(String teamName, PeerAddress address) {
    return known.remove(teamName, address);
  }

  /** Returns the directory. Never contains any part of a key. */
  @Override
  public String toString() {
    return "TrustStore[" + directory + "]";
  }
}
