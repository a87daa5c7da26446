package io.p2pchat.discovery;

import io.netty.handler.codec.dns.DnsRecordType;

/**
 * A record of multicast DNS.
 *
 * @param name the name, in lower case and with a final dot
 * @param type the type, which fits the data
 * @param unique whether the sender alone has records of this name and type: the cache-flush bit
 * @param ttl in seconds; 0 says that the record has gone
 * @param data the data
 */
record MdnsRecord(String name, DnsRecordType type, boolean unique, long ttl, MdnsData data) {

  /** Returns the record with another TTL. */
  MdnsRecord withTtl(long ttl) {
    return new MdnsRecord(name, type, unique, ttl, data);
  }

  /** Returns whether the other record says the same; the TTL does not count. */
  boolean saysTheSame(MdnsRecord other) {
    return name.equals(other.name) && type.equals(other.type) && data.equals(other.data);
  }

  /**
   * A question.
   *
   * @param name the name, in lower case and with a final dot
   * @param type the type asked for
   */
  record Question(String name, DnsRecordType type) {
    boolean asks(MdnsRecord record) {
      return name.equals(record.name)
          && (type.equals(record.type) || type.equals(DnsRecordType.ANY));
    }
  }
}
