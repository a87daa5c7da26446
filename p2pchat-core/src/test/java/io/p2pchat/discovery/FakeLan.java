package io.p2pchat.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.p2pchat.testing.netty.ManualLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A network in virtual time. Each packet goes through the codec to every link, also back. */
final class FakeLan {
  final ManualLoop loop = new ManualLoop();
  final List<FakeLink> links = new ArrayList<>();

  /** Takes the packets of a link. */
  interface Receiver {
    void receive(MdnsLink link, InetAddress source, MdnsPacket packet);
  }

  /** A packet, and when it was sent. */
  record Sent(long millis, MdnsPacket packet) {}

  FakeLink link(int interfaceIndex, String ip, Receiver receiver) {
    FakeLink link = new FakeLink(interfaceIndex, ip(ip), receiver);
    links.add(link);
    return link;
  }

  static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Encodes and decodes a packet. */
  static MdnsPacket copy(MdnsPacket packet) {
    ByteBuf encoded = packet.encode(UnpooledByteBufAllocator.DEFAULT);
    try {
      return Objects.requireNonNull(MdnsPacket.decode(encoded));
    } finally {
      encoded.release();
    }
  }

  long now() {
    return TimeUnit.NANOSECONDS.toMillis(loop.now());
  }

  /** One link of the network. */
  final class FakeLink implements MdnsLink {
    final List<Sent> sent = new ArrayList<>();
    private final int interfaceIndex;
    private final Receiver receiver;
    private List<InetAddress> announced;
    final Set<InetAddress> beyond = new HashSet<>();

    private FakeLink(int interfaceIndex, InetAddress ip, Receiver receiver) {
      this.interfaceIndex = interfaceIndex;
      this.announced = List.of(ip);
      this.receiver = receiver;
    }

    /** The responses that were sent. */
    List<Sent> responses() {
      return sent.stream().filter(each -> each.packet().response()).toList();
    }

    /** The queries that were sent, except probes. */
    List<Sent> queries() {
      return sent.stream()
          .filter(each -> !each.packet().response() && each.packet().authorities().isEmpty())
          .toList();
    }

    @Override
    public int interfaceIndex() {
      return interfaceIndex;
    }

    @Override
    public List<InetAddress> announced() {
      return announced;
    }

    void setAnnounced(List<InetAddress> announced) {
      this.announced = announced;
    }

    @Override
    public boolean isOnLink(InetAddress ip) {
      return !beyond.contains(ip);
    }

    @Override
    public @Nullable InetAddress dialable(InetAddress ip) {
      return ip.isLoopbackAddress() ? null : ip;
    }

    @Override
    public void send(MdnsPacket packet) {
      MdnsPacket copy = copy(packet);
      sent.add(new Sent(now(), copy));
      for (FakeLink each : links) {
        loop.execute(() -> each.receiver.receive(each, announced.get(0), copy));
      }
    }
  }
}
