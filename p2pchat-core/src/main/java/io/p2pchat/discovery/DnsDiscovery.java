package io.p2pchat.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.Future;
import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the peers that a name in the DNS stands for: each of its addresses (A and AAAA), with one
 * port, or each server of its SRV records. Headless services of Kubernetes work in both ways. The
 * name is asked again every 30 seconds, or earlier if its records live shorter. Nothing is
 * announced.
 *
 * <p>Long answers come over TCP. An answer without an address that was there before loses that
 * peer. While no server answers, peers stay for three such times.
 *
 * <p>This class is thread-safe. See docs/DISCOVERY.md.
 */
public final class DnsDiscovery implements PeerDiscovery {
  /** The maximum number of peers of one name. */
  public static final int MAX_PEERS = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(DnsDiscovery.class);
  private static final int MOST_TARGETS = 1024;
  private static final int MOST_SERVERS = 3;
  private static final int AT_A_TIME = 8;
  private static final long QUERY_MILLIS = 2000;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final long END_MILLIS = 900;

  private final String name;
  private final int port;
  private final @Nullable InetSocketAddress server;
  private final Duration interval;
  private @Nullable Asking asking;
  private boolean closed;

  private DnsDiscovery(Builder builder) {
    this.name = builder.name;
    this.port = builder.port;
    this.server = builder.server;
    this.interval = builder.interval;
  }

  /**
   * Creates a builder of a source that looks for the addresses of a name.
   *
   * @param name the full name, such as {@code chat.default.svc.cluster.local}
   * @param port the port of all peers, 1 to 65535
   * @return a new builder
   * @throws IllegalArgumentException if the name or the port is not one
   */
  public static Builder addresses(String name, int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port + "; accepted are 1 to 65535");
    }
    return new Builder(requireName(name), port);
  }

  /**
   * Creates a builder of a source that looks for the SRV records of a name.
   *
   * @param name the full name, such as {@code _p2pchat._tcp.example.org}
   * @return a new builder
   * @throws IllegalArgumentException if the name is not one
   */
  public static Builder srv(String name) {
    return new Builder(requireName(name), 0);
  }

  private static String requireName(String name) {
    String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return PeerAddress.requireHost(host) + ".";
  }

  /** Returns {@code dns}. */
  @Override
  public String name() {
    return "dns";
  }

  @Override
  public synchronized void start(Advertisement self, Sink sink) {
    if (asking != null || closed) {
      throw new IllegalStateException("a source starts once; create another one");
    }
    asking = new Asking(sink);
    asking.ask();
  }

  @Override
  public void close() {
    Asking last;
    synchronized (this) {
      last = closed ? null : asking;
      closed = true;
    }
    if (last != null) {
      last.close();
    }
  }

  /** The queries. Used on its event loop. */
  private final class Asking {
    private final EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1,
            task -> {
              Thread thread = new Thread(task, "p2pchat-discovery-dns");
              thread.setDaemon(true);
              return thread;
            },
            NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final DnsNameResolver resolver =
        new DnsNameResolverBuilder(loop)
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .queryTimeoutMillis(QUERY_MILLIS)
            .build();
    private final Sink sink;
    private Set<String> found = Set.of();
    private @Nullable String problem;

    Asking(Sink sink) {
      this.sink = sink;
    }

    void ask() {
      later(Duration.ZERO);
    }

    private void later(Duration time) {
      try {
        loop.schedule(() -> new Round(this).begin(), time.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.trace("The source is closed", e);
      }
    }

    void close() {
      resolver.close();
      group
          .shutdownGracefully(0, END_MILLIS / 3, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(END_MILLIS);
    }

    /** All questions were answered, or some were not. */
    void done(Map<String, PeerCandidate> peers, boolean complete, long ttlSeconds) {
      Duration next = Duration.ofSeconds(ttlSeconds);
      next = next.compareTo(SHORTEST) < 0 ? SHORTEST : next;
      next = next.compareTo(interval) > 0 ? interval : next;
      Duration lease = interval.multipliedBy(3);
      peers.values().forEach(peer -> sink.found(peer, lease));
      Set<String> before = new HashSet<>(found);
      before.removeAll(peers.keySet());
      if (complete) {
        before.forEach(sink::lost);
        problem = null;
      }
      found = new HashSet<>(peers.keySet());
      if (!complete) {
        found.addAll(before);
      }
      later(complete ? next : interval);
    }

    void failed(String text) {
      if (!text.equals(problem)) {
        LOG.warn("The name {} cannot be looked up: {}; it is asked again", name, text);
      }
      problem = text;
    }
  }

  /** A server of an SRV record, or the name itself. */
  private record Target(String host, int port) {}

  /** The questions that are asked once in each interval. */
  private final class Round {
    private final Asking asking;
    private final Map<Target, Set<PeerAddress>> addresses = new LinkedHashMap<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean complete = true;
    private long ttl = Long.MAX_VALUE / 1_000_000;

    Round(Asking asking) {
      this.asking = asking;
    }

    void begin() {
      if (port == 0) {
        ask(name, DnsRecordType.SRV, this::servers);
      } else {
        resolve(new Target(name, port));
      }
      next();
    }

    private void resolve(Target target) {
      if (addresses.putIfAbsent(target, new LinkedHashSet<>()) == null) {
        for (DnsRecordType type : List.of(DnsRecordType.A, DnsRecordType.AAAA)) {
          ask(target.host, type, response -> take(target, response));
        }
      }
    }

    private void ask(String host, DnsRecordType type, Consumer<DnsResponse> answer) {
      waiting.add(() -> new Query(host, type, answer).send());
    }

    private void next() {
      while (underWay < AT_A_TIME && !waiting.isEmpty()) {
        underWay++;
        waiting.remove().run();
      }
      if (underWay == 0) {
        asking.done(candidates(), complete, ttl);
      }
    }

    private void servers(DnsResponse response) {
      Map<String, List<InetAddress>> known = new HashMap<>();
      for (int i = 0; i < response.count(DnsSection.ADDITIONAL); i++) {
        DnsRecord record = response.recordAt(DnsSection.ADDITIONAL, i);
        InetAddress ip = address(record);
        if (ip != null) {
          known.computeIfAbsent(lower(record.name()), any -> new ArrayList<>(1)).add(ip);
        }
      }
      for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
        Target target = server(response.recordAt(DnsSection.ANSWER, i));
        if (target == null || addresses.size() >= MOST_TARGETS) {
          continue;
        }
        List<InetAddress> ips = known.getOrDefault(lower(target.host), List.of());
        if (ips.isEmpty()) {
          resolve(target);
        } else {
          Set<PeerAddress> all = addresses.computeIfAbsent(target, any -> new LinkedHashSet<>());
          ips.forEach(ip -> add(all, ip, target.port));
        }
      }
    }

    private @Nullable Target server(DnsRecord record) {
      if (!record.type().equals(DnsRecordType.SRV) || !(record instanceof DnsRawRecord raw)) {
        return null;
      }
      lives(record);
      try {
        ByteBuf content = raw.content().duplicate();
        content.skipBytes(2 * Short.BYTES);
        int port = content.readUnsignedShort();
        String host = DefaultDnsRecordDecoder.decodeName(content);
        // A service that is decidedly not available has the target ".".
        return port == 0 || host.equals(".") ? null : new Target(host, port);
      } catch (RuntimeException e) {
        LOG.debug("A SRV record of {} is malformed", name, e);
        return null;
      }
    }

    private void take(Target target, DnsResponse response) {
      Set<PeerAddress> all = Objects.requireNonNull(addresses.get(target));
      for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
        DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
        InetAddress ip = address(record);
        if (ip != null) {
          lives(record);
          add(all, ip, target.port);
        }
      }
    }

    private void lives(DnsRecord record) {
      ttl = Math.min(ttl, record.timeToLive());
    }

    private static void add(Set<PeerAddress> all, InetAddress ip, int port) {
      if (!ip.isAnyLocalAddress() && !ip.isMulticastAddress() && all.size() < MAX_PEERS) {
        all.add(PeerAddress.of(new InetSocketAddress(ip, port)));
      }
    }

    private static @Nullable InetAddress address(DnsRecord record) {
      boolean isAddress =
          record.type().equals(DnsRecordType.A) || record.type().equals(DnsRecordType.AAAA);
      if (!isAddress || !(record instanceof DnsRawRecord raw)) {
        return null;
      }
      byte[] bytes = new byte[raw.content().readableBytes()];
      raw.content().getBytes(raw.content().readerIndex(), bytes);
      try {
        return InetAddress.getByAddress(bytes);
      } catch (UnknownHostException e) {
        return null;
      }
    }

    private static String lower(String host) {
      return host.toLowerCase(Locale.ROOT);
    }

    /** A peer for each address, or for each server of an SRV record. */
    private Map<String, PeerCandidate> candidates() {
      Map<String, PeerCandidate> all = new LinkedHashMap<>();
      addresses.forEach(
          (target, found) -> {
            if (port != 0) {
              found.forEach(
                  address -> add(all, PeerCandidate.builder(address.toString()), address));
            } else if (!found.isEmpty()) {
              PeerCandidate.Builder candidate =
                  PeerCandidate.builder(target.host + ":" + target.port);
              add(all, candidate, found.toArray(PeerAddress[]::new));
            }
          });
      return all;
    }

    private static void add(
        Map<String, PeerCandidate> all, PeerCandidate.Builder builder, PeerAddress... addresses) {
      for (PeerAddress address : addresses) {
        builder.address(address);
      }
      PeerCandidate candidate = builder.build();
      all.put(candidate.id(), candidate);
    }

    /** One question, which is put to one server after the other until one answers. */
    private final class Query {
      private final String host;
      private final DnsRecordType type;
      private final Consumer<DnsResponse> answer;
      private final DnsServerAddressStream servers;
      private int left;

      Query(String host, DnsRecordType type, Consumer<DnsResponse> answer) {
        this.host = host;
        this.type = type;
        this.answer = answer;
        this.servers =
            DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream(host);
        this.left = server == null ? Math.min(MOST_SERVERS, servers.size()) : 1;
      }

      void send() {
        left--;
        asking
            .resolver
            .query(server == null ? servers.next() : server, new DefaultDnsQuestion(host, type))
            .addListener(this::answered);
      }

      private void answered(
          Future<? super AddressedEnvelope<DnsResponse, InetSocketAddress>> query) {
        String failure = failure(query.cause());
        if (query.isSuccess()
            && query.getNow() instanceof AddressedEnvelope<?, ?> envelope
            && envelope.content() instanceof DnsResponse response) {
          try {
            DnsResponseCode code = response.code();
            if (code.equals(DnsResponseCode.NOERROR) || code.equals(DnsResponseCode.NXDOMAIN)) {
              answer.accept(response);
              end();
              return;
            }
            failure = "the server answers " + code;
          } finally {
            envelope.release();
          }
        }
        if (left > 0 && !(query.cause() instanceof RejectedExecutionException)) {
          send();
          return;
        }
        complete = false;
        asking.failed(failure);
        end();
      }

      /** Returns why there is no answer, without the address of the server as Java writes it. */
      private static String failure(@Nullable Throwable cause) {
        if (cause instanceof DnsNameResolverTimeoutException) {
          return "the server does not answer in time";
        }
        return String.valueOf(cause == null || cause.getCause() == null ? cause : cause.getCause());
      }

      private void end() {
        underWay--;
        next();
      }
    }
  }

  /** Builds a {@link DnsDiscovery}. Not thread-safe. */
  public static final class Builder {
    private static final Duration EACH = Duration.ofSeconds(30);

    private final String name;
    private final int port;
    private @Nullable InetSocketAddress server;
    private Duration interval = EACH;

    private Builder(String name, int port) {
      this.name = name;
      this.port = port;
    }

    /**
     * Sets the DNS server to ask. By default, these are the servers of the system.
     *
     * @param address its resolved address
     * @return this builder
     * @throws IllegalArgumentException if the address is not resolved
     */
    public Builder server(InetSocketAddress address) {
      if (address.isUnresolved()) {
        throw new IllegalArgumentException(
            "not the IP address of a DNS server: " + address.getHostString());
      }
      this.server = address;
      return this;
    }

    /**
     * Sets the time after which the name is asked again, if its records do not live shorter.
     *
     * @param value one second or more; 30 seconds by default
     * @return this builder
     * @throws IllegalArgumentException if it is shorter than a second, or longer than a day
     */
    public Builder interval(Duration value) {
      if (value.compareTo(SHORTEST) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "not an interval: " + value + "; accepted are one second to one day");
      }
      this.interval = value;
      return this;
    }

    /**
     * Builds the source.
     *
     * @return the source
     */
    public DnsDiscovery build() {
      return new DnsDiscovery(this);
    }
  }
}
