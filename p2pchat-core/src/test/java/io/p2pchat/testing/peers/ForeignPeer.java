package io.p2pchat.testing.peers;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A program of the plain format on bare sockets. It takes one small read for a whole message,
 * prints what comes after the header, and sees that someone leaves by a text that is {@code exit}.
 */
public abstract class ForeignPeer implements AutoCloseable {
  private static final int RECEIVE_BYTES = 1024;

  private final String team;
  private final ServerSocket server;
  private final Thread acceptor;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> printed = new CopyOnWriteArrayList<>();
  private final List<Integer> left = new CopyOnWriteArrayList<>();

  ForeignPeer(String team) throws IOException {
    this.team = team;
    this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    this.acceptor = new Thread(this::accept, "foreign peer " + team);
    acceptor.start();
  }

  /** Takes an accepted connection: calls {@link #receive} as the program would. */
  abstract void serve(Socket connection) throws IOException;

  /** Sends one message to a port of this machine. */
  public abstract void send(int port, String text);

  /** Where it listens. */
  public final PeerAddress address() {
    return new PeerAddress("127.0.0.1", port());
  }

  /** The port it listens on. */
  public final int port() {
    return server.getLocalPort();
  }

  /** What it took for messages, as they came. */
  public final List<String> received() {
    return List.copyOf(received);
  }

  /** The texts it printed. */
  public final List<String> printed() {
    return List.copyOf(printed);
  }

  /** The listening ports of those it saw leave. */
  public final List<Integer> left() {
    return List.copyOf(left);
  }

  @Override
  public void close() throws IOException {
    server.close();
    // A connection may still be accepted until the thread that waited for one has noticed.
    join(acceptor);
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }

  final String line(String text) {
    return BareConnection.line(port(), team, text);
  }

  /** One {@code recv(1024)}; false at the end of the stream. */
  final boolean receive(Socket connection) throws IOException {
    byte[] buffer = new byte[RECEIVE_BYTES];
    int length = connection.getInputStream().read(buffer);
    if (length >= 0) {
      take(new String(buffer, 0, length, StandardCharsets.UTF_8));
    }
    return length >= 0;
  }

  private void take(String message) {
    received.add(message);
    String[] parts = message.split("\\|", 3);
    if (parts.length < 3) {
      printed.add("not understood: " + message);
    } else if (parts[2].trim().toLowerCase(Locale.ROOT).equals("exit")) {
      left.add(Integer.valueOf(parts[0].replace("LISTENING_PORT:", "")));
    } else {
      printed.add(parts[2]);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        sockets.add(connection);
        threads.execute(() -> serveOrDrop(connection));
      }
    } catch (IOException e) {
      threads.shutdown();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serveOrDrop(Socket connection) {
    try {
      serve(connection);
    } catch (IOException e) {
      received.add("broken: " + e.getMessage());
    }
  }
}
