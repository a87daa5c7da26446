package io.p2pchat.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Names, ports and connections of the system. */
final class SystemTcp implements TcpProbe {
  private static final String PROTOCOL = "p2pc/1";
  private static final String TLS = "TLSv1.3";
  private static final int MAX_GREETING = 512;

  @Override
  public List<InetAddress> resolve(String host) throws IOException {
    return List.of(InetAddress.getAllByName(host));
  }

  @Override
  public Closeable listen(InetSocketAddress at) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(at);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Connection connect(InetSocketAddress to, Duration limit) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(to, millis(limit));
      return new SocketConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static int millis(Duration limit) {
    // 0 would mean no limit.
    return Math.max(1, Math.toIntExact(limit.toMillis()));
  }

  private static final class SocketConnection implements Connection {
    private final Socket socket;
    private volatile boolean aborted;

    SocketConnection(Socket socket) {
      this.socket = socket;
    }

    @Override
    public Optional<GreetingLine> greeting(Duration limit) throws IOException {
      long start = System.nanoTime();
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (line.size() < MAX_GREETING) {
        Duration left = limit.minusNanos(System.nanoTime() - start);
        int next = left.isNegative() || left.isZero() ? '\n' : read(left);
        if (next < 0 && line.size() == 0) {
          throw new EOFException("the connection was closed");
        }
        if (next < 0 || next == '\n') {
          break;
        }
        line.write(next);
      }
      return GreetingLine.parse(line.toString(UTF_8));
    }

    /** Returns a byte, -1 at the end, or the end of the line if the time is over. */
    private int read(Duration limit) throws IOException {
      socket.setSoTimeout(millis(limit));
      try {
        return socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        return '\n';
      }
    }

    @Override
    public Fingerprint tls(Duration limit) throws IOException {
      // The timeout of a socket is that of one read, and a hostile peer sends byte after byte.
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              this::abort,
              CompletableFuture.delayedExecutor(
                  limit.toMillis(), TimeUnit.MILLISECONDS, SocketConnection::startDaemon));
      try {
        return handshake();
      } catch (IOException e) {
        if (aborted) {
          throw new SocketTimeoutException("it took longer than " + limit.toSeconds() + " s");
        }
        throw e;
      } finally {
        end.cancel(false);
      }
    }

    /** The common pool may have one thread, and others may block that. */
    private static void startDaemon(Runnable task) {
      Thread thread = new Thread(task, "p2pchat-doctor-limit");
      thread.setDaemon(true);
      thread.start();
    }

    private void abort() {
      aborted = true;
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no use any more.
      }
    }

    private Fingerprint handshake() throws IOException {
      socket.setSoTimeout(0);
      SSLSocket encrypted =
          (SSLSocket)
              context()
                  .getSocketFactory()
                  .createSocket(
                      socket, socket.getInetAddress().getHostAddress(), socket.getPort(), false);
      SSLParameters parameters = encrypted.getSSLParameters();
      parameters.setProtocols(new String[] {TLS});
      parameters.setApplicationProtocols(new String[] {PROTOCOL});
      encrypted.setSSLParameters(parameters);
      encrypted.startHandshake();
      // The peer presents a key of its own: the handshake proves that it holds it, and no more.
      Certificate[] chain = encrypted.getSession().getPeerCertificates();
      return Fingerprint.of(chain[0].getPublicKey());
    }

    private static SSLContext context() throws IOException {
      try {
        SSLContext context = SSLContext.getInstance(TLS);
        context.init(null, new TrustManager[] {new AnyKey()}, null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IOException("this Java has no " + TLS, e);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Accepts every key. The check of trust follows. */
  private static final class AnyKey extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
