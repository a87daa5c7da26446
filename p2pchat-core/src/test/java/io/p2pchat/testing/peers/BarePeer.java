package io.p2pchat.testing.peers;

import io.p2pchat.PeerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A program that can hold sessions on bare sockets: a test decides what it says, and when. It
 * closes all its connections when it is closed.
 */
public final class BarePeer implements Closeable {
  /** A {@code NODE} below all others in ASCII order. */
  public static final String LOWEST = "2".repeat(26);

  /** A {@code NODE} above all others. */
  public static final String HIGHEST = "z".repeat(26);

  /** What it calls itself. */
  public static final String TEAM = "Bare";

  private static final int LIMIT = 65536;

  private final SilentServer server;
  private final List<BareSession> connections = new CopyOnWriteArrayList<>();
  private String node;
  private int limit = LIMIT;

  private BarePeer(String node, SilentServer server) {
    this.node = node;
    this.server = server;
  }

  /** Begins to listen. */
  public static BarePeer open() {
    return open("z".concat("y".repeat(25)));
  }

  /** Begins to listen, with this {@code NODE}. */
  public static BarePeer open(String node) {
    try {
      return new BarePeer(node, SilentServer.open());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on it is another {@code NODE}, as after a restart. */
  public void restart(String newNode) {
    node = newNode;
  }

  /** From now on it says that it takes frames of so many bytes. */
  public BarePeer limit(int bytes) {
    limit = bytes;
    return this;
  }

  /** Where it listens. */
  public PeerAddress address() {
    return server.address();
  }

  /** A chat line of its own. */
  public String chat(String text) {
    return BareConnection.line(address().port(), TEAM, text);
  }

  /** A greeting. */
  public String greeting() {
    return greeting("no");
  }

  /** A greeting that says of TLS {@code no}, {@code offered} or {@code required}. */
  public String greeting(String tls) {
    return "GREETING:1|TLS:" + tls + "|NODE:" + node;
  }

  /** A wish for a new session. */
  public String hello() {
    return "HELLO:1|NODE:" + node + info();
  }

  /** A wish to resume a session. */
  public String hello(String session, long received) {
    return hello() + "|SESSION:" + session + "|RECEIVED:" + received;
  }

  /** An answer that takes a session. */
  public String welcome(String session, long received) {
    return "WELCOME:1|NODE:" + node + "|SESSION:" + session + "|RECEIVED:" + received + info();
  }

  private String info() {
    return "|LIMIT:" + limit + "|LISTENING_PORT:" + address().port() + "|TEAM_NAME:" + TEAM;
  }

  /** Dials a node and says nothing. */
  public BareSession dial(TestNode to) {
    return held(BareSession.dial(to.port()));
  }

  /** Dials a node and opens a new session. */
  public Opened open(TestNode to) {
    return say(to, hello());
  }

  /** Dials a node and resumes a session. */
  public Opened resume(TestNode to, String session, long received) {
    return say(to, hello(session, received));
  }

  private Opened say(TestNode to, String hello) {
    BareSession connection = dial(to).say(hello);
    return new Opened(connection, connection.read());
  }

  /** Takes the next connection and says nothing. */
  public BareSession accept() {
    try {
      return held(BareSession.of(server.accept()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the next connection and greets; what is answered is there to be read. */
  public BareSession acceptAndGreet() {
    return accept().say(greeting());
  }

  /** Takes the next connection, greets, and begins TLS. */
  public BareSession acceptAndSecure(BareTls tls) {
    return held(accept().say(greeting("offered")).secure(tls, true));
  }

  /** Dials a node and begins TLS. */
  public BareSession dial(TestNode to, BareTls tls) {
    return held(dial(to).secure(tls, false));
  }

  /** The same, where little of what the node says is kept while it is not read. */
  public BareSession dialWithLittleRoom(TestNode to, BareTls tls) {
    return held(held(BareSession.dialWithLittleRoom(to.port())).secure(tls, false));
  }

  /** Takes the next connection, greets, and takes the session that is wished for. */
  public Opened acceptAndWelcome(String session, long received) {
    BareSession connection = acceptAndGreet();
    String hello = connection.read();
    connection.say(welcome(session, received));
    return new Opened(connection, hello);
  }

  private BareSession held(BareSession connection) {
    connections.add(connection);
    return connection;
  }

  @Override
  public void close() {
    connections.forEach(BareSession::close);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A connection with a session.
   *
   * @param connection the connection
   * @param answer what the node has said: its {@code WELCOME}, or its {@code HELLO}
   */
  public record Opened(BareSession connection, String answer) {
    /** A field of what the node has said, or empty. */
    public String field(String key) {
      for (String field : answer.split("\\|", -1)) {
        if (field.startsWith(key + ":")) {
          return field.substring(key.length() + 1);
        }
      }
      return "";
    }
  }
}
