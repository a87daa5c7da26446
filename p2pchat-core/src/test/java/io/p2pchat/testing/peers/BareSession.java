package io.p2pchat.testing.peers;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection on a bare socket that is read line by line, at whichever level a test speaks. */
public final class BareSession implements Closeable {
  private final BareConnection connection;
  private int tokens;

  private BareSession(BareConnection connection) {
    this.connection = connection;
  }

  /** Takes an accepted connection. */
  static BareSession of(Socket socket) {
    return new BareSession(BareConnection.of(socket));
  }

  /** Dials a port over IPv4. */
  public static BareSession dial(int port) {
    return new BareSession(BareConnection.dial(port));
  }

  /** Dials a port over IPv4, and has the system keep little of what is not read. */
  static BareSession dialWithLittleRoom(int port) {
    return new BareSession(BareConnection.dialWithLittleRoom(port));
  }

  /** Dials a port of 127.0.0.1 from an address. */
  public static BareSession dial(String from, int port) {
    return new BareSession(BareConnection.dial(from, "127.0.0.1", port));
  }

  /** Returns when a node has dealt with what came to it before: by a probe, which is no event. */
  public static void settle(int port) {
    try (BareSession probe = dial(port).endOutput()) {
      probe.readToEnd();
    }
  }

  /** Begins TLS on this connection; what is said and read from now on goes through it. */
  public BareSession secure(BareTls tls, boolean accepting) {
    return new BareSession(connection.secure(tls, accepting));
  }

  /** Asks for new TLS keys over and over, and reads no answer, until the connection ends. */
  public void askForKeys() {
    connection.askForKeys();
  }

  /** The port of this end. */
  public int localPort() {
    return connection.localPort();
  }

  /** Writes a line with its end. */
  public BareSession say(String line) {
    return write(line + "\n");
  }

  /** Writes the text at once. */
  public BareSession write(String text) {
    connection.write(text);
    return this;
  }

  /** Writes the bytes at once. */
  public BareSession write(byte[] bytes) {
    connection.write(bytes);
    return this;
  }

  /** Writes each byte in a segment of its own. */
  public BareSession writeByteForByte(String text) {
    connection.writeByteForByte(text);
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
    connection.readToEnd();
  }

  /** Whether nothing waits to be read. */
  public boolean isSilent() {
    return connection.isSilent();
  }

  /** Ends what this side sends; it can still read. */
  public BareSession endOutput() {
    connection.endOutput();
    return this;
  }

  /** Closes with a reset. */
  public void reset() {
    connection.reset();
  }

  @Override
  public void close() {
    connection.close();
  }

  private static boolean isPing(String line) {
    return line.startsWith("PING:");
  }

  private Optional<String> readAny() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = connection.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = connection.read();
    }
    return next < 0 && line.size() == 0
        ? Optional.empty()
        : Optional.of(line.toString(StandardCharsets.UTF_8));
  }
}
