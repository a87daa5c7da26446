package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.Security.Policy;
import io.p2pchat.internal.transport.Encryption;
import io.p2pchat.internal.transport.Tls;
import io.p2pchat.internal.trust.IdentityStore;
import io.p2pchat.internal.trust.KnownPeers;
import io.p2pchat.internal.trust.NodeIdentity;
import io.p2pchat.internal.trust.TrustDirectory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A node's key, the known peers, and TLS; loaded in the background while the node starts.
 * Thread-safe.
 */
final class Keys {
  final ThreadPoolExecutor handshakes;
  final ThreadPoolExecutor files;
  final ThreadPoolExecutor records;
  final Encryption encryption;
  private final Security security;
  private final CompletableFuture<Loaded> loaded;

  /** What there is of them. */
  private record Loaded(@Nullable NodeIdentity identity, @Nullable KnownPeers known) {}

  private Keys(Security security, NodeSettings settings, Threads threads) {
    this.security = security;
    this.handshakes = threads.single("tls");
    this.files = threads.single("files");
    this.records = threads.single("records");
    this.loaded = CompletableFuture.supplyAsync(this::read, handshakes);
    this.encryption =
        new Encryption(
            security.policy(),
            loaded.thenApplyAsync(keys -> tls(keys.identity(), handshakes, settings), handshakes));
  }

  /** Begins to load. */
  static Keys load(Security security, NodeSettings settings, Threads threads) {
    return new Keys(security, settings, threads);
  }

  private static Tls tls(
      @Nullable NodeIdentity identity, ThreadPoolExecutor handshakes, NodeSettings settings) {
    if (identity == null) {
      throw new IllegalStateException("plaintext has no TLS");
    }
    return new Tls(identity, handshakes, settings.firstFrameTimeout());
  }

  private Loaded read() {
    boolean encrypts = security.policy() != Policy.PLAINTEXT;
    Path path = security.trust().directory().orElse(null);
    if (path == null) {
      return new Loaded(encrypts ? NodeIdentity.generate() : null, null);
    }
    TrustDirectory directory = TrustDirectory.open(path);
    KnownPeers known = new KnownPeers(directory, InstantSource.system());
    // What is broken is to be known at the start.
    known.pins();
    return new Loaded(encrypts ? IdentityStore.open(directory) : null, known);
  }

  private Loaded loaded() {
    try {
      return loaded.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof PeerNodeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /**
   * What peers know this node by, or null if it does not encrypt. Waits until it is loaded.
   *
   * @throws io.p2pchat.TrustStoreException if the store cannot be used
   */
  @Nullable Fingerprint fingerprint() {
    NodeIdentity identity = loaded().identity();
    return identity == null ? null : identity.fingerprint();
  }

  /**
   * What judges peers. Waits until it is loaded.
   *
   * @throws io.p2pchat.TrustStoreException if the store cannot be used
   */
  TrustGate gate(EventLoop loop) {
    return new TrustGate(loop, loaded().known(), security.trust().isStrict(), files, records);
  }
}
