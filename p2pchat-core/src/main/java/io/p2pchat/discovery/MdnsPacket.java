package io.p2pchat.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsPtrRecord;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecordEncoder;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.ReferenceCountUtil;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A packet of multicast DNS (RFC 6762 section 18).
 *
 * @param response whether it is a response, and not a query
 * @param truncated whether more known answers of a query follow
 * @param questions the questions
 * @param answers the answers of a response; in a query, the answers that the sender knows
 * @param authorities in a query, the records that the sender probes for
 * @param additionals further records
 */
record MdnsPacket(
    boolean response,
    boolean truncated,
    List<Question> questions,
    List<MdnsRecord> answers,
    List<MdnsRecord> authorities,
    List<MdnsRecord> additionals) {
  /** The size of the largest packet (RFC 6762 section 17). */
  static final int MAX_BYTES = 9000;

  private static final int RESPONSE = 0x8000;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int OPCODE_AND_RCODE = 0x780f;
  private static final int CLASS = 1;
  private static final int TOP_BIT = 0x8000;
  private static final int MAX_RECORDS = 128;
  private static final int HEADER_BYTES = 12;
  private static final int RECORD_BYTES = 10;
  private static final int SRV_BYTES = 6;
  private static final int MAX_POINTERS = 8;
  private static final int MAX_LABELS = 12;
  private static final Set<DnsRecordType> TYPES =
      Set.of(
          DnsRecordType.PTR,
          DnsRecordType.SRV,
          DnsRecordType.TXT,
          DnsRecordType.A,
          DnsRecordType.AAAA);

  /** Creates a query. */
  static MdnsPacket query(
      List<Question> questions, List<MdnsRecord> knownAnswers, boolean truncated) {
    return new MdnsPacket(false, truncated, questions, knownAnswers, List.of(), List.of());
  }

  /** Creates a response. */
  static MdnsPacket response(List<MdnsRecord> answers, List<MdnsRecord> additionals) {
    return new MdnsPacket(true, false, List.of(), answers, List.of(), additionals);
  }

  /** Returns the answers and the further records. */
  List<MdnsRecord> records() {
    List<MdnsRecord> all = new ArrayList<>(answers);
    all.addAll(additionals);
    return all;
  }

  /**
   * Decodes a packet. Records of other types and classes, and broken ones, are left out. Nothing
   * counts behind a record whose end is not to be found.
   *
   * @return the packet, or null if it is none
   */
  static @Nullable MdnsPacket decode(ByteBuf packet) {
    // Pointers in names count from the beginning.
    ByteBuf in = packet.slice();
    if (in.readableBytes() < HEADER_BYTES || in.readableBytes() > MAX_BYTES) {
      return null;
    }
    int flags = in.getUnsignedShort(2);
    if ((flags & OPCODE_AND_RCODE) != 0) {
      return null;
    }
    in.skipBytes(HEADER_BYTES);
    MdnsPacket decoded =
        new MdnsPacket(
            (flags & RESPONSE) != 0,
            (flags & TRUNCATED) != 0,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    try {
      decoded.read(in);
    } catch (IndexOutOfBoundsException e) {
      // It ends within a record: what came before counts.
    }
    return decoded;
  }

  private void read(ByteBuf in) {
    int left = MAX_RECORDS;
    for (int i = in.getUnsignedShort(4); i > 0 && left-- > 0; i--) {
      readQuestion(in);
    }
    List<List<MdnsRecord>> sections = List.of(answers, authorities, additionals);
    for (int section = 0; section < sections.size(); section++) {
      for (int i = in.getUnsignedShort(6 + 2 * section); i > 0 && left-- > 0; i--) {
        readRecord(in, sections.get(section));
      }
    }
  }

  private void readQuestion(ByteBuf in) {
    int start = in.readerIndex();
    skipName(in);
    int end = in.skipBytes(4).readerIndex();
    try {
      checkName(in, start);
      DnsQuestion question = DnsRecordDecoder.DEFAULT.decodeQuestion(in.readerIndex(start));
      int asked = question.dnsClass() & ~TOP_BIT;
      if (asked == CLASS || asked == DnsRecord.CLASS_ANY) {
        questions.add(new Question(question.name().toLowerCase(Locale.ROOT), question.type()));
      }
    } catch (Exception e) {
      // Not a name that anybody here has.
    }
    in.readerIndex(end);
  }

  private static void readRecord(ByteBuf in, List<MdnsRecord> to) {
    int start = in.readerIndex();
    skipName(in);
    int data = in.readerIndex() + RECORD_BYTES;
    DnsRecordType type = DnsRecordType.valueOf(in.getUnsignedShort(in.readerIndex()));
    int length = in.getUnsignedShort(data - 2);
    int end = in.skipBytes(RECORD_BYTES + length).readerIndex();
    if (!TYPES.contains(type)) {
      return;
    }
    DnsRecord record = null;
    try {
      checkName(in, start);
      if (type.equals(DnsRecordType.PTR)) {
        checkName(in, data);
      }
      record = DnsRecordDecoder.DEFAULT.decodeRecord(in.readerIndex(start));
      MdnsData content = record == null ? null : read(record, in, data, length);
      if (content != null && (record.dnsClass() & ~TOP_BIT) == CLASS) {
        to.add(
            new MdnsRecord(
                record.name().toLowerCase(Locale.ROOT),
                record.type(),
                (record.dnsClass() & TOP_BIT) != 0,
                record.timeToLive(),
                content));
      }
    } catch (Exception e) {
      // Netty's decoder declares Exception. A broken record is as good as none.
    } finally {
      ReferenceCountUtil.release(record);
    }
    in.readerIndex(end);
  }

  private static @Nullable MdnsData read(DnsRecord record, ByteBuf packet, int data, int length)
      throws Exception {
    if (record instanceof DnsPtrRecord pointer) {
      return new MdnsData.Pointer(MdnsNames.canonical(pointer.hostname()));
    }
    DnsRecordType type = record.type();
    if (type.equals(DnsRecordType.SRV) && length > SRV_BYTES) {
      // The name may be compressed, so it needs the whole packet (RFC 6762 section 18.14).
      checkName(packet, data + SRV_BYTES);
      ByteBuf name = packet.duplicate().setIndex(data + SRV_BYTES, data + length);
      return new MdnsData.Location(
          packet.getUnsignedShort(data + SRV_BYTES - 2),
          MdnsNames.canonical(DefaultDnsRecordDecoder.decodeName(name)));
    }
    if (!(record instanceof DnsRawRecord raw)) {
      return null;
    }
    if (type.equals(DnsRecordType.TXT)) {
      return MdnsData.Text.read(raw.content());
    }
    if ((type.equals(DnsRecordType.A) && length == 4)
        || (type.equals(DnsRecordType.AAAA) && length == 16)) {
      return new MdnsData.Address(InetAddress.getByAddress(ByteBufUtil.getBytes(raw.content())));
    }
    return null;
  }

  private static void skipName(ByteBuf in) {
    for (int length = in.readUnsignedByte(); length != 0; length = in.readUnsignedByte()) {
      if (length > 63) {
        in.skipBytes(1);
        return;
      }
      in.skipBytes(length);
    }
  }

  /**
   * Checks that a name costs little to decode. Netty's decoder would follow thousands of pointers,
   * and checks each of 127 labels. The names of interest have five.
   *
   * @throws CorruptedFrameException if it does not
   */
  private static void checkName(ByteBuf in, int start) {
    int pointers = 0;
    int labels = 0;
    int at = start;
    for (int length = in.getUnsignedByte(at); length != 0; length = in.getUnsignedByte(at)) {
      if (length > 63) {
        pointers++;
        at = in.getUnsignedShort(at) & 0x3fff;
      } else {
        labels++;
        at += length + 1;
      }
      if (pointers > MAX_POINTERS || labels > MAX_LABELS) {
        throw new CorruptedFrameException("a name of too many parts, or a loop");
      }
    }
  }

  /** Encodes the packet. The caller releases the buffer. */
  ByteBuf encode(ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(512, MAX_BYTES);
    try {
      out.writeShort(0);
      out.writeShort((response ? RESPONSE | AUTHORITATIVE : 0) | (truncated ? TRUNCATED : 0));
      out.writeShort(questions.size());
      out.writeShort(answers.size());
      out.writeShort(authorities.size());
      out.writeShort(additionals.size());
      for (Question question : questions) {
        DnsRecordEncoder.DEFAULT.encodeQuestion(
            new DefaultDnsQuestion(question.name(), question.type(), CLASS), out);
      }
      for (List<MdnsRecord> section : List.of(answers, authorities, additionals)) {
        for (MdnsRecord record : section) {
          write(record, out);
        }
      }
      return out.retain();
    } catch (Exception e) {
      // Netty's encoder declares Exception.
      throw new IllegalArgumentException("cannot be encoded: " + this, e);
    } finally {
      out.release();
    }
  }

  private static void write(MdnsRecord record, ByteBuf out) throws Exception {
    int dnsClass = record.unique() ? CLASS | TOP_BIT : CLASS;
    if (record.data() instanceof MdnsData.Pointer pointer) {
      DnsRecordEncoder.DEFAULT.encodeRecord(
          new DefaultDnsPtrRecord(record.name(), dnsClass, record.ttl(), pointer.target()), out);
      return;
    }
    DnsRawRecord raw =
        new DefaultDnsRawRecord(
            record.name(), record.type(), dnsClass, record.ttl(), data(record.data(), out.alloc()));
    try {
      DnsRecordEncoder.DEFAULT.encodeRecord(raw, out);
    } finally {
      raw.release();
    }
  }

  private static ByteBuf data(MdnsData data, ByteBufAllocator allocator) throws Exception {
    ByteBuf content = allocator.buffer();
    if (data instanceof MdnsData.Address address) {
      content.writeBytes(address.ip().getAddress());
    } else if (data instanceof MdnsData.Text text) {
      text.write(content);
    } else if (data instanceof MdnsData.Location location) {
      content.writeInt(0).writeShort(location.port());
      // A question begins with its name; what follows it is cut off again.
      DnsRecordEncoder.DEFAULT.encodeQuestion(
          new DefaultDnsQuestion(location.host(), DnsRecordType.A), content);
      content.writerIndex(content.writerIndex() - 4);
    }
    return content;
  }
}
