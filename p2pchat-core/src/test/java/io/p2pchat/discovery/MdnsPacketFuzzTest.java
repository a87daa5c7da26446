package io.p2pchat.discovery;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.util.List;

/** No packet throws, and the names that it leads to can be asked for. */
class MdnsPacketFuzzTest {
  @FuzzTest
  void everyPacketIsSurvived(byte[] bytes) {
    MdnsPacket packet = MdnsPacket.decode(Unpooled.wrappedBuffer(bytes));
    if (packet != null) {
      packet.records().forEach(MdnsPacketFuzzTest::ask);
    }
  }

  /** Asks for the name that a record leads to. */
  static void ask(MdnsRecord record) {
    if (record.data() instanceof MdnsData.Pointer pointer) {
      ask(pointer.target());
    } else if (record.data() instanceof MdnsData.Location location) {
      ask(location.host());
    }
  }

  private static void ask(String name) {
    FakeLan.copy(
        MdnsPacket.query(List.of(new Question(name, DnsRecordType.ANY)), List.of(), false));
  }
}
