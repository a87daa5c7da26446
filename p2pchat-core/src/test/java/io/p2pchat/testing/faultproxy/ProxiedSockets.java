package io.p2pchat.testing.faultproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.testing.peers.SilentServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Bare sockets on both sides of a {@link FaultProxy}. */
final class ProxiedSockets implements AutoCloseable {
  /** What {@link #rest} adds to the bytes for how they ended. */
  static final String END = "(end)";

  static final String RESET = "(reset)";

  private static final int PATIENCE_MILLIS = 60_000;
  private static final int MOMENT_MILLIS = 20;

  final FaultProxy proxy;
  private final SilentServer server;
  private final List<Socket> dialed = new ArrayList<>();

  private ProxiedSockets(SilentServer server) throws IOException {
    this.server = server;
    this.proxy = FaultProxy.to(server.address().port());
  }

  static ProxiedSockets open() {
    try {
      return new ProxiedSockets(SilentServer.open());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Dials the proxy. */
  Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    dialed.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Accepts the next connection from the proxy. */
  Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Dials and accepts. */
  SocketPair connect() throws IOException {
    return new SocketPair(dial(), accept());
  }

  /** Whether a new connection passes a text on, and the end of both sides. */
  boolean passes(String text) throws IOException {
    SocketPair sides = connect();
    send(sides.dialer(), text);
    sides.dialer().shutdownOutput();
    boolean there = rest(sides.acceptor()).equals(text + END);
    sides.acceptor().close();
    return there && rest(sides.dialer()).equals(END);
  }

  /** Sends as much as is taken; whether that was all. */
  static boolean send(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads exactly so many bytes. */
  static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
  }

  /** Reads all there is, and how it ends. */
  static String rest(Socket socket) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(read);
      return read.toString(UTF_8) + END;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither an end nor a reset came", e);
    } catch (IOException e) {
      return read.toString(UTF_8) + RESET;
    }
  }

  /** Sends, and reads all there is; the sending may already meet the reset. */
  static String sendAndRest(Socket socket, String text) {
    return send(socket, text) ? rest(socket) : RESET;
  }

  /** Whether nothing comes for a moment, neither bytes nor an end. */
  static boolean isSilent(Socket socket) throws IOException {
    socket.setSoTimeout(MOMENT_MILLIS);
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /** Runs what may block, on a thread of its own. */
  static <T> CompletableFuture<T> async(Supplier<T> action) {
    return CompletableFuture.supplyAsync(
        action,
        task -> {
          Thread thread = new Thread(task, "proxied-socket");
          thread.setDaemon(true);
          thread.start();
        });
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.close();
    for (Socket each : dialed) {
      each.close();
    }
  }
}
