package io.p2pchat.node;

import io.p2pchat.HistoryQuery;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.StoredMessage;
import io.p2pchat.Submission;
import io.p2pchat.Trust;
import io.p2pchat.testing.FreePort;
import io.p2pchat.testing.peers.TestNode;
import io.p2pchat.testing.stores.MemoryStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of kept messages share: nodes of persons with lasting keys and with stores. */
abstract class StoreFixture {
  final MemoryStore.Disk annsDisk = new MemoryStore.Disk();
  final MemoryStore.Disk bobsDisk = new MemoryStore.Disk();
  private final List<TestNode> nodes = new ArrayList<>();

  /** In it each person has a directory with a key. */
  @TempDir Path directory;

  @AfterEach
  void stop() {
    nodes.forEach(TestNode::close);
  }

  /** Starts a node of a person, with a store on a disk or without one; at any port for 0. */
  TestNode start(String person, int port, MemoryStore.@Nullable Disk disk) {
    return start(person, port, disk, builder -> builder);
  }

  /** Starts a node that is built further. */
  TestNode start(
      String person,
      int port,
      MemoryStore.@Nullable Disk disk,
      UnaryOperator<PeerNodeBuilder> more) {
    Security security = Security.opportunistic().with(Trust.pinned(directory.resolve(person)));
    TestNode node =
        TestNode.start(
            person,
            builder ->
                more.apply(
                    (disk == null ? builder : builder.store(new MemoryStore(disk)))
                        .security(security)
                        .port(port == 0 ? FreePort.next() : port)));
    nodes.add(node);
    return node;
  }

  static List<StoredMessage> messages(MemoryStore.Disk disk, boolean outgoing) {
    return new MemoryStore(disk)
        .messages(HistoryQuery.first(1000)).stream()
            .filter(message -> message.state().outgoing() == outgoing)
            .toList();
  }

  static List<String> texts(MemoryStore.Disk disk, boolean outgoing) {
    return messages(disk, outgoing).stream().map(StoredMessage::text).toList();
  }

  static Submission submit(TestNode from, PeerAddress to, String text) {
    return from.node().submit(to, text, SendOptions.defaults());
  }
}
