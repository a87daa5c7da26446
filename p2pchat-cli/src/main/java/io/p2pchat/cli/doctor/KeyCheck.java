package io.p2pchat.cli.doctor;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.TrustStore;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.doctor.Doctor.DataDirectory;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.ResultText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the data directory: the own key, and the keys of known peers. Creates nothing. */
final class KeyCheck implements Check {
  private static final String NAME = "key";
  private static final String KEY_FILE = "identity.pem";
  private static final String ADVICE = "Correct that, or choose another directory with --data-dir.";

  private final DataDirectory directory;

  KeyCheck(DataDirectory directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> run() {
    try {
      Path path = directory.path();
      Optional<Fingerprint> key = key();
      return List.of(
          key.isEmpty()
              ? Finding.ok(NAME, "There is no key in " + path + " yet. The first start creates it.")
              : Finding.ok(
                  NAME,
                  "Your key "
                      + KeyText.of(key.get())
                      + " and "
                      + known()
                      + " are in "
                      + path
                      + "."));
    } catch (IOException e) {
      // The message says what to do.
      return List.of(Finding.problem(NAME, ResultText.reason(e), ""));
    } catch (TrustStoreException e) {
      return List.of(Finding.problem(NAME, ResultText.reason(e), ADVICE));
    }
  }

  private String known() throws IOException {
    long keys = knownPeers().stream().map(KnownPeer::fingerprint).distinct().count();
    return keys == 1 ? "1 known peer" : keys + " known peers";
  }

  /**
   * Returns the own key, or empty if there is none yet.
   *
   * @throws IOException if the directory cannot be used
   * @throws TrustStoreException if the key cannot be read
   */
  Optional<Fingerprint> key() throws IOException {
    Path path = directory.path();
    // A directory that cannot be entered hides whether there is a key.
    boolean isHidden = Files.exists(path) && !Files.isExecutable(path);
    return isHidden || Files.exists(path.resolve(KEY_FILE))
        ? Optional.of(TrustStore.open(path).fingerprint())
        : Optional.empty();
  }

  /**
   * Returns the known peers.
   *
   * @throws IOException if the directory cannot be used
   * @throws TrustStoreException if they cannot be read
   */
  List<KnownPeer> knownPeers() throws IOException {
    Path path = directory.path();
    return Files.exists(path) ? TrustStore.open(path).knownPeers() : List.of();
  }
}
