package io.p2pchat.testing.faultproxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Accepts connections, and gives them on at once, later, or not at all. */
final class Dials implements AutoCloseable {
  private final ServerSocket server;
  private final Taker taker;
  private final List<Socket> held = new ArrayList<>();
  private boolean holding;
  private boolean refusing;
  private int refused;

  /** Takes a connection; if it fails, the connection is reset. */
  interface Taker {
    void take(Socket connection) throws IOException;
  }

  Dials(InetSocketAddress listen, Taker taker) throws IOException {
    this.taker = taker;
    this.server = new ServerSocket(listen.getPort(), 1024, listen.getAddress());
  }

  void start() {
    Thread acceptor = new Thread(this::accept, "fault-proxy-acceptor-" + port());
    acceptor.setDaemon(true);
    acceptor.start();
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized void refuse(boolean refusing) {
    this.refusing = refusing;
  }

  synchronized void hold() {
    holding = true;
  }

  synchronized void release(Comparator<Integer> order) {
    holding = false;
    List<Integer> numbers = IntStream.range(0, held.size()).boxed().sorted(order).toList();
    numbers.forEach(number -> give(held.get(number)));
    held.clear();
  }

  synchronized int held() {
    return held.size();
  }

  synchronized int refused() {
    return refused;
  }

  @Override
  public synchronized void close() throws IOException {
    server.close();
    held.forEach(SocketPair::reset);
    held.clear();
  }

  private void accept() {
    try {
      while (true) {
        accepted(server.accept());
      }
    } catch (IOException e) {
      // The server is closed.
    }
  }

  private synchronized void accepted(Socket connection) {
    if (refusing || server.isClosed()) {
      refused++;
      SocketPair.reset(connection);
    } else if (holding) {
      held.add(connection);
    } else {
      give(connection);
    }
  }

  private void give(Socket connection) {
    try {
      taker.take(connection);
    } catch (IOException e) {
      SocketPair.reset(connection);
    }
  }
}
