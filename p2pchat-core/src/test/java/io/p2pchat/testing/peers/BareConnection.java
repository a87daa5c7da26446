package io.p2pchat.testing.peers;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection on a bare socket, with which a test can do anything. */
public final class BareConnection implements Closeable {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int LITTLE_ROOM_BYTES = 4096;

  private final Socket socket;

  private BareConnection(Socket socket) {
    this.socket = socket;
  }

  /** Dials a port over IPv4. */
  public static BareConnection dial(int port) {
    return connect(new Socket(), "127.0.0.1", port);
  }

  /** Dials a port over IPv4, and has the system keep little of what is not read. */
  static BareConnection dialWithLittleRoom(int port) {
    Socket socket = new Socket();
    return io(
        () -> {
          socket.setReceiveBufferSize(LITTLE_ROOM_BYTES);
          return connect(socket, "127.0.0.1", port);
        });
  }

  /** Dials from one address to another. */
  public static BareConnection dial(String from, String to, int port) {
    Socket socket = new Socket();
    return io(
        () -> {
          socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
          return connect(socket, to, port);
        });
  }

  private static BareConnection connect(Socket socket, String to, int port) {
    return io(
        () -> {
          socket.connect(new InetSocketAddress(InetAddress.getByName(to), port), PATIENCE_MILLIS);
          return of(socket);
        });
  }

  /** Takes a connection that is made. */
  static BareConnection of(Socket socket) {
    return io(
        () -> {
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(PATIENCE_MILLIS);
          return new BareConnection(socket);
        });
  }

  /** Begins TLS on this connection. */
  BareConnection secure(BareTls tls, boolean accepting) {
    return of(tls.over(socket, accepting));
  }

  /** Asks for new keys over and over, and reads no answer, until the connection ends. */
  void askForKeys() {
    try {
      BareTls.askForKeys(socket);
    } catch (IOException e) {
      // As it must.
    }
  }

  /** A chat line without a line end. */
  public static String line(int port, String team, String text) {
    return "LISTENING_PORT:" + port + "|TEAM_NAME:" + team + "|" + text;
  }

  /** Dials, writes one frame without a line end, and closes. */
  public static void sendAndClose(int port, String frame) {
    try (BareConnection connection = dial(port)) {
      connection.write(frame);
    }
  }

  /** The port it comes from. */
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Writes the text in UTF-8. */
  public BareConnection write(String text) {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes all bytes at once. */
  public BareConnection write(byte[] bytes) {
    return io(
        () -> {
          socket.getOutputStream().write(bytes);
          return this;
        });
  }

  /** Writes the text byte for byte, each in a segment of its own. */
  public BareConnection writeByteForByte(String text) {
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      write(new byte[] {each});
    }
    return this;
  }

  /** Ends what this side sends; it can still read. */
  public BareConnection endOutput() {
    return io(
        () -> {
          socket.shutdownOutput();
          return this;
        });
  }

  /** Reads until the other side closes or resets, and returns what came before. */
  public String readToEnd() {
    StringBuilder read = new StringBuilder();
    return io(
        () -> {
          byte[] buffer = new byte[1024];
          for (int n = read(buffer); n >= 0; n = read(buffer)) {
            read.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          }
          return read.toString();
        });
  }

  /** The next byte, or a negative number after the last. */
  int read() {
    byte[] next = new byte[1];
    return io(() -> read(next)) < 0 ? -1 : Byte.toUnsignedInt(next[0]);
  }

  /** Whether nothing waits to be read. */
  public boolean isSilent() {
    return io(() -> socket.getInputStream().available() == 0);
  }

  /** Whether the other side has closed or reset by now; only where it sends nothing. */
  public boolean isEnded() {
    return io(
        () -> {
          socket.setSoTimeout(1);
          try {
            return read(new byte[1]) < 0;
          } catch (SocketTimeoutException e) {
            return false;
          } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
          }
        });
  }

  /** Closes with a reset. */
  public void reset() {
    io(
        () -> {
          socket.setSoLinger(true, 0);
          socket.close();
          return this;
        });
  }

  @Override
  public void close() {
    io(
        () -> {
          socket.close();
          return this;
        });
  }

  private int read(byte[] buffer) throws IOException {
    try {
      return socket.getInputStream().read(buffer);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return -1;
    }
  }

  private interface Io<T> {
    T run() throws IOException;
  }

  private static <T> T io(Io<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
