package io.p2pchat.testing.peers;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Listens, and does nothing unless a test makes it. */
public final class SilentServer implements AutoCloseable {
  private static final Queue<Socket> HELD_PORTS = new ConcurrentLinkedQueue<>();

  private final ServerSocket server;
  private final List<AutoCloseable> held = new ArrayList<>();

  private SilentServer(int backlog) throws IOException {
    this.server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
  }

  /** Takes connections, and never reads or closes one. */
  public static SilentServer open() throws IOException {
    return new SilentServer(1024);
  }

  /** Answers nobody: its backlog is full. */
  public static SilentServer unanswering() throws IOException {
    SilentServer server = new SilentServer(1);
    // Linux lets in one more than the backlog; the others are never answered.
    for (int i = 0; i < 8; i++) {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.connect(new InetSocketAddress(server.address().host(), server.address().port()));
      server.held.add(filler);
    }
    return server;
  }

  /** A port on which nobody listens, as long as this process runs: it is held and not used. */
  public static PeerAddress nobody() throws IOException {
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    HELD_PORTS.add(bound);
    return new PeerAddress("127.0.0.1", bound.getLocalPort());
  }

  /** Where it listens. */
  public PeerAddress address() {
    return new PeerAddress("127.0.0.1", server.getLocalPort());
  }

  /** Accepts the next connection, and holds it. */
  public Socket accept() throws IOException {
    Socket connection = server.accept();
    held.add(connection);
    return connection;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (AutoCloseable each : held) {
      try {
        each.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
