package io.p2pchat.cli.doctor;

import io.p2pchat.Fingerprint;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Machines and ports that a test describes. Nothing is sent. */
final class FakeTcp implements TcpProbe {
  static final String GREETING = "GREETING:1|TLS:offered|NODE:" + "a".repeat(26);

  private final Map<String, List<InetAddress>> names = new HashMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final Map<String, IOException> failures = new HashMap<>();
  private final Set<Integer> listening = ConcurrentHashMap.newKeySet();

  /**
   * A program that listens.
   *
   * @param greeting what it says first; empty for silence, null if it closes
   * @param key its key, or null if TLS fails
   */
  record Program(@Nullable String greeting, @Nullable Fingerprint key) {}

  FakeTcp name(String host, String... ips) {
    names.put(host, List.of(ips).stream().map(FakeNetwork::ip).toList());
    return this;
  }

  FakeTcp program(String ip, int port, @Nullable String greeting, @Nullable Fingerprint key) {
    programs.put(ip + " " + port, new Program(greeting, key));
    return this;
  }

  FakeTcp failing(String ip, IOException failure) {
    failures.put(ip, failure);
    return this;
  }

  boolean isListening() {
    return !listening.isEmpty();
  }

  @Override
  public List<InetAddress> resolve(String host) throws IOException {
    List<InetAddress> found = names.get(host);
    if (found == null) {
      throw new UnknownHostException(host);
    }
    return found;
  }

  @Override
  public Closeable listen(InetSocketAddress at) throws IOException {
    boolean isTaken =
        programs.keySet().stream().anyMatch(each -> each.endsWith(" " + at.getPort()));
    if (isTaken) {
      throw new BindException("Address already in use");
    }
    if (at.getPort() < 1024) {
      throw new BindException("Permission denied");
    }
    listening.add(at.getPort());
    return () -> listening.remove(at.getPort());
  }

  @Override
  public Connection connect(InetSocketAddress to, Duration limit) throws IOException {
    String ip = to.getAddress().getHostAddress();
    if (failures.containsKey(ip)) {
      throw failures.get(ip);
    }
    Program program = programs.get(ip + " " + to.getPort());
    if (program == null && !listening.contains(to.getPort())) {
      throw new ConnectException("Connection refused");
    }
    return new FakeConnection(program == null ? new Program("", null) : program);
  }

  private record FakeConnection(Program program) implements Connection {
    @Override
    public Optional<GreetingLine> greeting(Duration limit) throws IOException {
      if (program.greeting() == null) {
        throw new EOFException("the connection was closed");
      }
      return GreetingLine.parse(program.greeting());
    }

    @Override
    public Fingerprint tls(Duration limit) throws IOException {
      if (program.key() == null) {
        throw new IOException("handshake_failure");
      }
      return program.key();
    }

    @Override
    public void close() {}
  }
}
