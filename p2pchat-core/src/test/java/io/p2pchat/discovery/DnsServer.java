package io.p2pchat.discovery;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server on loopback, over UDP and TCP. It cuts UDP answers at 512 bytes. */
final class DnsServer implements Closeable {
  static final int A = 1;
  static final int AAAA = 28;
  static final int SRV = 33;

  private static final int LONGEST = 512;

  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
  final AtomicInteger overTcp = new AtomicInteger();
  final AtomicInteger asked = new AtomicInteger();

  /** The code of all answers; 3 is NXDOMAIN, 2 a failure. Negative: no answer. */
  volatile int code;

  /** The time to live of all records in seconds. */
  volatile int ttl = 1;

  private DnsServer(ServerSocket tcp, DatagramSocket udp) {
    this.tcp = tcp;
    this.udp = udp;
  }

  static DnsServer start() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    while (true) {
      ServerSocket tcp = new ServerSocket(0, 50, loopback);
      try {
        DnsServer server = new DnsServer(tcp, new DatagramSocket(tcp.getLocalPort(), loopback));
        daemon(server::serveUdp);
        daemon(server::serveTcp);
        return server;
      } catch (BindException e) {
        tcp.close();
      }
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "dns-server");
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) udp.getLocalSocketAddress();
  }

  /** Sets the addresses of a name, in place of those before. */
  void setAddresses(String name, String... ips) throws IOException {
    List<byte[]> v4 = new ArrayList<>();
    List<byte[]> v6 = new ArrayList<>();
    for (String ip : ips) {
      byte[] bytes = InetAddress.getByName(ip).getAddress();
      (bytes.length == 4 ? v4 : v6).add(bytes);
    }
    records.put(name + "./" + A, v4);
    records.put(name + "./" + AAAA, v6);
  }

  /** Sets the SRV records of a name, each {@code host:port}. */
  void setServers(String name, List<String> targets) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (String target : targets) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      int colon = target.lastIndexOf(':');
      out.writeShort(0);
      out.writeShort(0);
      out.writeShort(Integer.parseInt(target.substring(colon + 1)));
      writeName(out, target.substring(0, colon));
      all.add(bytes.toByteArray());
    }
    records.put(name + "./" + SRV, all);
  }

  private static void writeName(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.", -1)) {
      out.writeByte(label.length());
      out.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeByte(0);
  }

  private void serveUdp() {
    byte[] buffer = new byte[4096];
    while (!udp.isClosed()) {
      try {
        DatagramPacket query = new DatagramPacket(buffer, buffer.length);
        udp.receive(query);
        byte[] answer = answer(Arrays.copyOf(buffer, query.getLength()), true);
        if (code >= 0) {
          udp.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
        }
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket client = tcp.accept()) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), false);
        overTcp.incrementAndGet();
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      } catch (IOException e) {
        // Closed, by the client or here.
      }
    }
  }

  private byte[] answer(byte[] query, boolean cut) throws IOException {
    asked.incrementAndGet();
    int at = 12;
    StringBuilder name = new StringBuilder();
    while (query[at] != 0) {
      name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII)).append('.');
      at += 1 + query[at];
    }
    int type = ((query[at + 1] & 0xFF) << 8) | (query[at + 2] & 0xFF);
    int end = at + 5;
    List<byte[]> found = records.getOrDefault(name + "/" + type, List.of());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int size = end + found.stream().mapToInt(data -> 12 + data.length).sum();
    boolean isCut = cut && size > LONGEST;
    out.write(query, 0, 2);
    out.writeShort(0x8180 | (isCut ? 0x200 : 0) | Math.max(0, code));
    out.writeShort(1);
    out.writeShort(isCut ? 0 : found.size());
    out.writeInt(0);
    out.write(query, 12, end - 12);
    for (byte[] data : isCut ? List.<byte[]>of() : found) {
      out.writeShort(0xC00C);
      out.writeShort(type);
      out.writeShort(1);
      out.writeInt(ttl);
      out.writeShort(data.length);
      out.write(data);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
