package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets as they are written and read, and as nobody should write them. */
class MdnsPacketTest {
  private static final String NODE = "abcdefghijklmnopqrstuvwxyz";
  private static final MdnsData.Text TEXT = new MdnsData.Text(1, "Zoë", "0123456789abcdef");

  private static MdnsPacket announcement() {
    return MdnsPacket.response(
        List.of(
            new MdnsRecord(
                MdnsNames.SERVICE,
                DnsRecordType.PTR,
                false,
                4500,
                new MdnsData.Pointer(MdnsNames.instance(NODE))),
            new MdnsRecord(
                MdnsNames.instance(NODE),
                DnsRecordType.SRV,
                true,
                120,
                new MdnsData.Location(7001, MdnsNames.host(NODE)))),
        List.of(
            new MdnsRecord(MdnsNames.instance(NODE), DnsRecordType.TXT, true, 4500, TEXT),
            address("192.0.2.1", DnsRecordType.A),
            address("2001:db8::1", DnsRecordType.AAAA)));
  }

  private static MdnsRecord address(String ip, DnsRecordType type) {
    return new MdnsRecord(
        MdnsNames.host(NODE), type, true, 120, new MdnsData.Address(FakeLan.ip(ip)));
  }

  private static byte[] encoded(MdnsPacket packet) {
    ByteBuf buffer = packet.encode(UnpooledByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.getBytes(buffer);
    } finally {
      buffer.release();
    }
  }

  private static MdnsPacket decoded(byte[] bytes) {
    return Objects.requireNonNull(MdnsPacket.decode(Unpooled.wrappedBuffer(bytes)));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    assertThat(FakeLan.copy(announcement())).isEqualTo(announcement());
    MdnsPacket query =
        MdnsPacket.query(
            List.of(new Question(MdnsNames.SERVICE, DnsRecordType.PTR)),
            announcement().answers(),
            true);
    assertThat(FakeLan.copy(query)).isEqualTo(query);
  }

  @Test
  void aPacketIsReadFromAnywhereInABuffer() {
    ByteBuf buffer = Unpooled.buffer().writeLong(0).writeBytes(encoded(announcement()));
    buffer.skipBytes(8);
    assertThat(MdnsPacket.decode(buffer)).isEqualTo(announcement());
  }

  @Test
  void ofAPacketThatIsCutShortItsWholeRecordsCount() {
    byte[] whole = encoded(announcement());
    List<MdnsRecord> all = announcement().records();
    for (int length = 12; length < whole.length; length++) {
      List<MdnsRecord> read = decoded(Arrays.copyOf(whole, length)).records();
      assertThat(read.size()).isLessThan(all.size());
      assertThat(read).isEqualTo(all.subList(0, read.size()));
    }
    for (int length = 0; length < 12; length++) {
      assertThat(MdnsPacket.decode(Unpooled.wrappedBuffer(whole, 0, length))).isNull();
    }
  }

  @Test
  void noPacketThrowsAndNamesThatWereReadCanBeAskedFor() {
    byte[] whole = encoded(announcement());
    Random random = new Random(15);
    for (int i = 0; i < 50_000; i++) {
      byte[] packet = whole.clone();
      for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
        packet[random.nextInt(packet.length)] =
            (byte) (random.nextInt(4) == 0 ? 0xc0 : random.nextInt(256));
      }
      MdnsPacket read = MdnsPacket.decode(Unpooled.wrappedBuffer(packet));
      if (read != null) {
        read.records().forEach(MdnsPacketFuzzTest::ask);
      }
    }
  }

  @Test
  void aCompressedSrvRecordIsRead() {
    // As avahi writes it: the host of the SRV record points to a name before it.
    ByteBuf packet = header(0, 2);
    int host = packet.writerIndex();
    name(packet, "box", "local");
    record(packet, DnsRecordType.A, 120, 4).writeInt(0xc0000207);
    name(packet, "Bob's Chat", "_p2pchat", "_tcp", "local");
    record(packet, DnsRecordType.SRV, 120, 8)
        .writeInt(0)
        .writeShort(7009)
        .writeShort(0xc000 | host);
    assertThat(Objects.requireNonNull(MdnsPacket.decode(packet)).answers())
        .extracting(MdnsRecord::name, MdnsRecord::data)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "box.local.", new MdnsData.Address(FakeLan.ip("192.0.2.7"))),
            org.assertj.core.groups.Tuple.tuple(
                "bob's chat._p2pchat._tcp.local.", new MdnsData.Location(7009, "box.local.")));
  }

  @Test
  void recordsWithBrokenDataAreLeftOutAndTheNextIsRead() {
    ByteBuf packet = header(0, 8);
    name(packet, "box", "local");
    record(packet, DnsRecordType.A, 120, 3).writeZero(3);
    name(packet, "box", "local");
    record(packet, DnsRecordType.AAAA, 120, 4).writeZero(4);
    name(packet, "box", "local");
    record(packet, DnsRecordType.SRV, 120, 5).writeZero(5);
    name(packet, "box", "local");
    record(packet, DnsRecordType.PTR, 120, 0);
    name(packet, "box", "local");
    int loop = packet.writerIndex() + 10;
    record(packet, DnsRecordType.PTR, 120, 2).writeShort(0xc000 | loop);
    name(packet, "box", "local");
    record(packet, DnsRecordType.SRV, 120, 8).writeZero(6).writeShort(0xffff);
    name(packet, "\u0007bell", "local");
    record(packet, DnsRecordType.PTR, 120, 13);
    name(packet, "a\nb", "c", "local");
    name(packet, "box", "local");
    record(packet, DnsRecordType.A, 120, 4).writeInt(0xc0000207);
    List<MdnsRecord> read = Objects.requireNonNull(MdnsPacket.decode(packet)).answers();
    assertThat(read)
        .extracting(MdnsRecord::data)
        .containsExactly(new MdnsData.Address(FakeLan.ip("192.0.2.7")));
  }

  @Test
  void namesThatLeadFromPointerToPointerAreNotFollowedForLong() {
    ByteBuf packet = header(0, 0xffff);
    int pointers = packet.writerIndex() + 12;
    packet.writeShort(0xc000 | pointers + 4000);
    record(packet, DnsRecordType.TXT, 120, 4002).writeShort(0);
    for (int at = pointers + 2; at <= pointers + 4000; at += 2) {
      packet.writeShort(0xc000 | at - 2);
    }
    while (packet.writerIndex() < MdnsPacket.MAX_BYTES - 12) {
      packet.writeShort(0xc000 | pointers + 4000);
      record(packet, DnsRecordType.A, 120, 0);
    }
    assertThat(Objects.requireNonNull(MdnsPacket.decode(packet)).answers()).isEmpty();
  }

  @Test
  void namesOfManyPartsAreNotDecoded() {
    ByteBuf packet = header(0, 2);
    name(packet, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "local");
    record(packet, DnsRecordType.A, 120, 4).writeInt(0xc0000207);
    name(packet, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "local");
    record(packet, DnsRecordType.A, 120, 4).writeInt(0xc0000208);
    assertThat(Objects.requireNonNull(MdnsPacket.decode(packet)).answers())
        .extracting(MdnsRecord::data)
        .containsExactly(new MdnsData.Address(FakeLan.ip("192.0.2.7")));
  }

  @Test
  void aTextMayBeHugeAndOfItOnlyTheKnownKeysCount() {
    ByteBuf packet = header(0, 1);
    name(packet, NODE, "_p2pchat", "_tcp", "local");
    int filling = 20;
    record(packet, DnsRecordType.TXT, 4500, 256 * filling + 4 + 9 + 10 + 3);
    text(packet, "V=1").writeByte(8).writeBytes(bytes("team=Zoe"));
    for (int i = 0; i < filling; i++) {
      text(packet, "x".repeat(255));
    }
    text(packet, "team=Mall").writeByte(200).writeBytes(bytes("ab"));
    MdnsRecord read = Objects.requireNonNull(MdnsPacket.decode(packet)).answers().get(0);
    assertThat(read.data()).isEqualTo(new MdnsData.Text(1, "Zoe", null));
  }

  @Test
  void aPacketThatIsTooLargeOrOfAnotherKindIsNone() {
    byte[] whole = encoded(announcement());
    assertThat(MdnsPacket.decode(Unpooled.wrappedBuffer(Arrays.copyOf(whole, 9001)))).isNull();
    whole[2] |= 0x08;
    assertThat(MdnsPacket.decode(Unpooled.wrappedBuffer(whole))).isNull();
  }

  @Test
  void noMoreThan128RecordsAreRead() {
    ByteBuf packet = header(0, 0xffff);
    for (int i = 0; i < 560; i++) {
      packet.writeShort(0xc00c);
      if (i == 0) {
        packet.writerIndex(12);
        name(packet, "b", "c");
      }
      record(packet, DnsRecordType.A, 120, 4).writeInt(0xc0000200 + i);
    }
    assertThat(Objects.requireNonNull(MdnsPacket.decode(packet)).answers()).hasSize(128);
  }

  @Test
  void theTeamIsCutAtACodePoint() {
    assertThat(team("é".repeat(64))).isEqualTo("é".repeat(64));
    assertThat(team("a" + "😀".repeat(63))).isEqualTo("a" + "😀".repeat(49));
    assertThat(team("😀".repeat(49) + "ab  " + "c".repeat(11))).isEqualTo("😀".repeat(49) + "ab");
  }

  private static String team(String name) {
    return Objects.requireNonNull(
        MdnsData.Text.of(Advertisement.builder(NODE, name, 1).build()).team());
  }

  @Test
  void namesThatCannotBeSentAgainAreRefused() {
    for (String name :
        List.of("a..local.", "a\u0000.local.", "local.", "x".repeat(64) + ".local")) {
      assertThatIllegalArgumentException().isThrownBy(() -> MdnsNames.canonical(name));
    }
    assertThat(MdnsNames.canonical("BOB._P2PChat._tcp.LOCAL"))
        .isEqualTo("bob._p2pchat._tcp.local.");
  }

  private static ByteBuf header(int questions, int answers) {
    return Unpooled.buffer()
        .writeShort(0)
        .writeShort(0x8400)
        .writeShort(questions)
        .writeShort(answers)
        .writeInt(0);
  }

  private static void name(ByteBuf packet, String... labels) {
    for (String label : labels) {
      text(packet, label);
    }
    packet.writeByte(0);
  }

  private static ByteBuf text(ByteBuf packet, String text) {
    return packet.writeByte(bytes(text).length).writeBytes(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuf record(ByteBuf packet, DnsRecordType type, int ttl, int length) {
    return packet.writeShort(type.intValue()).writeShort(1).writeInt(ttl).writeShort(length);
  }
}
