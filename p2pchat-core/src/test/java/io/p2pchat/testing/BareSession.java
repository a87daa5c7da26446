package io.p2pchat.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection on a bare socket that is read line by line, at whichever level a test speaks. */
public final class BareSession implements Closeable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private int tokens;

  private BareSession(Socket socket) {
    this.socket = socket;
  }

  /** Takes an accepted connection. */
  static BareSession of(Socket socket) {
    return io(
        () -> {
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(PATIENCE_MILLIS);
          return new BareSession(socket);
        });
  }

  /** Dials a port over IPv4. */
  public static BareSession dial(int port) {
    return dial("127.0.0.1", port);
  }

  /** Dials a port of 127.0.0.1 from an address. */
  public static BareSession dial(String from, int port) {
    return io(
        () -> {
          Socket socket = new Socket();
          socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
          socket.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
          return of(socket);
        });
  }

  /** Returns when a node has dealt with what came to it before: by a probe, which is no event. */
  public static void settle(int port) {
    try (BareSession probe = dial(port).endOutput()) {
      probe.readToEnd();
    }
  }

  /** Begins TLS on this connection; what is said and read from now on goes through it. */
  public BareSession secure(BareTls tls, boolean accepting) {
    return of(tls.over(socket, accepting));
  }

  /** The port of this end. */
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Writes a line with its end. */
  public BareSession say(String line) {
    return write(line + "\n");
  }

  /** Writes the text at once. */
  public BareSession write(String text) {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the bytes at once. */
  public BareSession write(byte[] bytes) {
    return io(
        () -> {
          socket.getOutputStream().write(bytes);
          return this;
        });
  }

  /** Writes each byte in a segment of its own. */
  public BareSession writeByteForByte(String text) {
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      write(new byte[] {each});
    }
    return this;
  }

  /** The next line that is no PING. */
  public String read() {
    Optional<String> line = readAny();
    while (line.filter(BareSession::isPing).isPresent()) {
      line = readAny();
    }
    return line.orElseThrow(() -> new AssertionError("the connection has ended"));
  }

  /** All lines to the end that are no PING, with one that has no line end. */
  public List<String> readToEnd() {
    List<String> lines = new ArrayList<>();
    for (Optional<String> line = readAny(); line.isPresent(); line = readAny()) {
      line.filter(each -> !isPing(each)).ifPresent(lines::add);
    }
    return lines;
  }

  /** Reads to this line, and returns what came before it and was no PING. */
  public List<String> readTo(String last) {
    List<String> before = new ArrayList<>();
    for (String line = read(); !line.equals(last); line = read()) {
      before.add(line);
    }
    return before;
  }

  /** Reads to the next PING, and answers it. */
  public void answerPing() {
    String line = readAny().orElseThrow();
    while (!isPing(line)) {
      line = readAny().orElseThrow();
    }
    say(line.replace("PING:", "PONG:"));
  }

  /**
   * Asks for a sign of life: what was written before has been dealt with then.
   *
   * @return what came before the answer
   */
  public List<String> roundTrip() {
    String token = "round" + tokens++;
    say("PING:" + token);
    return readTo("PONG:" + token);
  }

  /** Reads whatever comes, until the connection ends or breaks. */
  public void awaitEnd() {
    io(
        () -> {
          int next = next();
          while (next >= 0) {
            next = next();
          }
          return this;
        });
  }

  /** Whether nothing waits to be read. */
  public boolean isSilent() {
    return io(() -> socket.getInputStream().available() == 0);
  }

  /** Ends what this side sends; it can still read. */
  public BareSession endOutput() {
    return io(
        () -> {
          socket.shutdownOutput();
          return this;
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

  private static boolean isPing(String line) {
    return line.startsWith("PING:");
  }

  private Optional<String> readAny() {
    return io(
        () -> {
          ByteArrayOutputStream line = new ByteArrayOutputStream();
          int next = next();
          while (next >= 0 && next != '\n') {
            line.write(next);
            next = next();
          }
          return next < 0 && line.size() == 0
              ? Optional.<String>empty()
              : Optional.of(line.toString(StandardCharsets.UTF_8));
        });
  }

  private int next() throws IOException {
    try {
      return socket.getInputStream().read();
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
