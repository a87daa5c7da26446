package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadTest {
  private static final Peer BOB = peer("Bob", 1);
  private static final Peer CAROL = peer("Carol", 2);

  private final Unread unread = new Unread();

  private static Peer peer(String team, int number) {
    return Peer.builder(new PeerAddress("192.0.2.1", number))
        .teamName(team)
        .fingerprint(Fingerprint.parse(String.format("%08x%056x", number, 0)))
        .build();
  }

  @Test
  void whoTalksToNobodySeesAllMessages() {
    unread.message(BOB);
    assertThat(unread.all()).isZero();
  }

  @Test
  void theNextChatHasTheCountsOfTheLast(@TempDir Path directory) throws IOException {
    Peer plain = Peer.builder(new PeerAddress("192.0.2.1", 3)).build();
    unread.add(Conversation.of(BOB), 2);
    unread.add(Conversation.of(plain), 1);
    Path file = TeamFiles.unread(directory, "Ann");
    unread.write(file);
    Files.writeString(
        file,
        "no peer\t1\n192.0.2.1:4\t-1\n192.0.2.1:4\n192.0.2.1:5\t99999999\n",
        StandardOpenOption.APPEND);
    Unread next = new Unread();
    next.read(file);
    assertThat(next.of(BOB)).isEqualTo(2);
    assertThat(next.of(plain)).isEqualTo(1);
    assertThat(next.all()).isEqualTo(3);
    new Unread().write(file);
    assertThat(file).doesNotExist();
  }

  @Test
  void whoTalksToOnePeerHasNotReadTheOthers() {
    unread.talkTo(Recipient.of(BOB));
    unread.message(BOB);
    unread.message(CAROL);
    unread.message(CAROL);
    assertThat(unread.of(BOB)).isZero();
    assertThat(unread.of(CAROL)).isEqualTo(2);
    unread.talkTo(null);
    unread.message(CAROL);
    assertThat(unread.all()).isEqualTo(2);
  }

  @Test
  void whoTalksToAnAddressReadsWhatComesFromThere() {
    unread.talkTo(Recipient.at(BOB.address()));
    unread.message(BOB);
    unread.message(CAROL);
    assertThat(unread.all()).isEqualTo(1);
  }

  @Test
  void manyPeersNeedLittleMemory() {
    IntStream.range(1, 65_000).forEach(i -> unread.add(Conversation.of(peer("x", i)), 1));
    assertThat(unread.all()).isEqualTo(4096);
    assertThat(unread.of(peer("x", 64_999))).isEqualTo(1);
  }
}
