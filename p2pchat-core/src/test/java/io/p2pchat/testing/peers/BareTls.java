package io.p2pchat.testing.peers;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.security.NodeIdentity;
import io.p2pchat.internal.security.SelfSignedTrustManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS as the JDK speaks it, with what a test wants to be right or wrong about it. */
public final class BareTls {
  private final @Nullable NodeIdentity identity;
  private final String version;
  private final List<String> protocols;
  private final Set<String> refused;
  private final Recorder recorder = new Recorder();

  private BareTls(
      @Nullable NodeIdentity identity,
      String version,
      List<String> protocols,
      Set<String> refused) {
    this.identity = identity;
    this.version = version;
    this.protocols = protocols;
    this.refused = refused;
  }

  /** As a node speaks it, with this key. */
  public static BareTls of(NodeIdentity identity) {
    return new BareTls(identity, "TLSv1.3", List.of("p2pc/1"), Set.of());
  }

  /** As a node speaks it, with a new key. */
  public static BareTls anybody() {
    return of(NodeIdentity.generate());
  }

  /** Without a certificate. */
  public BareTls anonymous() {
    return new BareTls(null, version, protocols, refused);
  }

  /** In another version. */
  public BareTls version(String other) {
    return new BareTls(identity, other, protocols, refused);
  }

  /** For another protocol, or for none. */
  public BareTls protocols(String... others) {
    return new BareTls(identity, version, List.of(others), refused);
  }

  /** Without some groups in which keys are agreed on, by their names. */
  public BareTls without(String... groups) {
    return new BareTls(identity, version, protocols, Set.of(groups));
  }

  /** The fingerprint of its key. */
  public Fingerprint fingerprint() {
    if (identity == null) {
      throw new IllegalStateException("it has no key");
    }
    return identity.fingerprint();
  }

  /** The keys of the certificates that dialing nodes have shown. */
  public List<Fingerprint> shown() {
    return List.copyOf(recorder.shown);
  }

  /** What a handshake begins with, all of it: a node computes an answer. */
  public static byte[] clientHello() {
    try {
      BareTls tls = anybody();
      SSLEngine engine = context(tls.identity).createSSLEngine();
      engine.setUseClientMode(true);
      engine.setSSLParameters(tls.parameters(engine.getSSLParameters()));
      ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), record);
      return Arrays.copyOf(record.array(), record.position());
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks for new keys over and over, and reads no answer, until the connection ends. */
  static void askForKeys(Socket socket) throws IOException {
    while (true) {
      ((SSLSocket) socket).startHandshake();
    }
  }

  Socket over(Socket plain, boolean accepting) {
    try {
      SSLSocket socket =
          (SSLSocket)
              context(identity, recorder)
                  .getSocketFactory()
                  .createSocket(plain, "192.0.2.1", plain.getPort(), true);
      socket.setUseClientMode(!accepting);
      SSLParameters parameters = parameters(socket.getSSLParameters());
      parameters.setNeedClientAuth(accepting);
      socket.setSSLParameters(parameters);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SSLParameters parameters(SSLParameters parameters) {
    parameters.setProtocols(new String[] {version});
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    parameters.setAlgorithmConstraints(new Without(refused));
    return parameters;
  }

  private record Without(Set<String> names) implements AlgorithmConstraints {
    @Override
    public boolean permits(
        Set<CryptoPrimitive> primitives,
        @Nullable String name,
        @Nullable AlgorithmParameters parameters) {
      boolean group = primitives.contains(CryptoPrimitive.KEY_AGREEMENT);
      return name == null || !group || !names.contains(name);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
      return true;
    }

    @Override
    public boolean permits(
        Set<CryptoPrimitive> primitives,
        @Nullable String name,
        Key key,
        @Nullable AlgorithmParameters parameters) {
      return permits(primitives, name, parameters);
    }
  }

  /** A context with this key, or with none, that takes any certificate of a node. */
  public static SSLContext context(@Nullable NodeIdentity identity) {
    return context(identity, new SelfSignedTrustManager());
  }

  private static SSLContext context(@Nullable NodeIdentity identity, TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(identity), new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes any certificate, and records those of clients. */
  private static final class Recorder implements X509TrustManager {
    private final SelfSignedTrustManager trust = new SelfSignedTrustManager();
    private final Queue<Fingerprint> shown = new ConcurrentLinkedQueue<>();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      shown.add(Fingerprint.of(chain[0].getPublicKey()));
      trust.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      trust.checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trust.getAcceptedIssuers();
    }
  }

  private static KeyManager[] keys(@Nullable NodeIdentity identity)
      throws GeneralSecurityException, IOException {
    if (identity == null) {
      return new KeyManager[0];
    }
    // Not PKCS12: that hashes thousands of times to store a key, and again to return it.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    Certificate[] chain = {identity.certificate()};
    store.setKeyEntry("key", identity.key(), new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }
}
