package io.p2pchat.internal.node;

import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.Security;
import io.p2pchat.Security.Policy;
import io.p2pchat.Trust;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.security.IdentityStore;
import io.p2pchat.internal.security.KnownPeersFile;
import io.p2pchat.internal.security.NodeIdentity;
import io.p2pchat.internal.security.PrivateDirectory;
import io.p2pchat.internal.security.TrustService;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A node's key, its known peers and its TLS contexts. They load in the background while the node
 * starts. Thread-safe.
 */
final class NodeKeys {
  /** Whether to encrypt connections, and with which contexts. */
  final TlsPolicy encryption;

  private final CompletableFuture<Loaded> loaded;
  private final Trust trust;
  private final NodeThreads threads;

  /** The loaded parts: no identity without encryption, no file without pinned trust. */
  private record Loaded(@Nullable NodeIdentity identity, @Nullable KnownPeersFile known) {}

  private NodeKeys(
      CompletableFuture<Loaded> loaded, TlsPolicy encryption, Trust trust, NodeThreads threads) {
    this.loaded = loaded;
    this.encryption = encryption;
    this.trust = trust;
    this.threads = threads;
  }

  /** Starts loading. */
  static NodeKeys load(Security security, NodeSettings settings, NodeThreads threads) {
    CompletableFuture<Loaded> loaded =
        CompletableFuture.supplyAsync(() -> read(security), threads.tls);
    CompletableFuture<TlsContexts> tls =
        loaded.thenApplyAsync(keys -> tls(keys.identity(), threads.tls, settings), threads.tls);
    return new NodeKeys(loaded, new TlsPolicy(security.policy(), tls), security.trust(), threads);
  }

  /** Returns whether the node has a new key at each start. */
  static boolean areTemporary(Security security) {
    Trust trust = security.trust();
    return security.policy() != Policy.PLAINTEXT
        && trust.directory().isEmpty()
        && trust.keyPair().isEmpty();
  }

  private static TlsContexts tls(
      @Nullable NodeIdentity identity, Executor handshakes, NodeSettings settings) {
    if (identity == null) {
      throw new IllegalStateException("plaintext has no TLS");
    }
    return new TlsContexts(identity, handshakes, settings);
  }

  private static Loaded read(Security security) {
    boolean encrypts = security.policy() != Policy.PLAINTEXT;
    Path path = security.trust().directory().orElse(null);
    KeyPair own = security.trust().keyPair().orElse(null);
    if (own != null) {
      return new Loaded(encrypts ? NodeIdentity.of(own) : null, null);
    }
    if (path == null) {
      return new Loaded(encrypts ? NodeIdentity.generate() : null, null);
    }
    PrivateDirectory directory = PrivateDirectory.open(path);
    KnownPeersFile known = new KnownPeersFile(directory, InstantSource.system());
    // Read now, so that a broken file is reported at the start.
    known.peers();
    return new Loaded(encrypts ? IdentityStore.open(directory) : null, known);
  }

  private Loaded loaded() {
    try {
      return loaded.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /**
   * Waits until the key and the known peers are loaded.
   *
   * @throws io.p2pchat.TrustStoreException if the store cannot be used
   */
  void await() {
    loaded();
  }

  /**
   * Returns this node's fingerprint, or null if it does not encrypt. Waits until it is loaded.
   *
   * @throws io.p2pchat.TrustStoreException if the store cannot be used
   */
  @Nullable Fingerprint fingerprint() {
    NodeIdentity identity = loaded().identity();
    return identity == null ? null : identity.fingerprint();
  }

  /**
   * Creates the service that judges peers. Waits until the keys are loaded.
   *
   * @throws io.p2pchat.TrustStoreException if the store cannot be used
   */
  TrustService trust(Executor loop) {
    KnownPeersFile known = loaded().known();
    return trust
        .verifier()
        .map(verifier -> TrustService.verifying(loop, verifier, threads.files))
        .orElseGet(
            () -> new TrustService(loop, known, trust.isStrict(), threads.files, threads.records));
  }
}
