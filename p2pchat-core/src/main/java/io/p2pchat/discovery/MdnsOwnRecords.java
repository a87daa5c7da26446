package io.p2pchat.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of this node on one link.
 *
 * @param pointer from the service to the instance
 * @param kind from all services to this kind of service; an answer only, never announced
 * @param unique the location of the instance, its text, and the addresses of the host
 */
record MdnsOwnRecords(MdnsRecord pointer, MdnsRecord kind, List<MdnsRecord> unique) {
  /** The lifetime of records that name the host, in seconds. */
  static final long HOST_TTL = 120;

  /** The lifetime of the other records, in seconds. */
  static final long OTHER_TTL = 4500;

  /**
   * Returns the records of a node.
   *
   * @param label the name of the instance and of the host
   */
  static MdnsOwnRecords of(Advertisement self, String label, MdnsLink link) {
    String instance = MdnsNames.instance(label);
    String host = MdnsNames.host(label);
    List<MdnsRecord> unique = new ArrayList<>();
    unique.add(
        new MdnsRecord(
            instance, DnsRecordType.SRV, true, HOST_TTL, new MdnsData.Location(self.port(), host)));
    unique.add(
        new MdnsRecord(instance, DnsRecordType.TXT, true, OTHER_TTL, MdnsData.Text.of(self)));
    for (InetAddress ip : link.announced()) {
      DnsRecordType type = ip instanceof Inet4Address ? DnsRecordType.A : DnsRecordType.AAAA;
      unique.add(new MdnsRecord(host, type, true, HOST_TTL, new MdnsData.Address(ip)));
    }
    return new MdnsOwnRecords(
        pointer(MdnsNames.SERVICE, instance),
        pointer(MdnsNames.ALL_SERVICES, MdnsNames.SERVICE),
        List.copyOf(unique));
  }

  private static MdnsRecord pointer(String from, String to) {
    return new MdnsRecord(from, DnsRecordType.PTR, false, OTHER_TTL, new MdnsData.Pointer(to));
  }

  /** Returns where the instance is. */
  MdnsRecord location() {
    return unique.get(0);
  }

  String instance() {
    return location().name();
  }

  String host() {
    return ((MdnsData.Location) location().data()).host();
  }

  /** Returns the records that are announced. */
  List<MdnsRecord> announced() {
    List<MdnsRecord> all = new ArrayList<>(List.of(pointer));
    all.addAll(unique);
    return all;
  }

  /** Returns the records that a question asks for. */
  List<MdnsRecord> asked(Question question) {
    List<MdnsRecord> all = announced();
    all.add(kind);
    all.removeIf(record -> !question.asks(record));
    return all;
  }
}
