package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.cli.chat.IgnoredPeers.Entry;
import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoredPeersTest {
  private static final Peer BOB = peer("Bob", "10.0.0.1:7001", "0123abcd");
  private static final Peer PYTHON = peer("Python", "10.0.0.2:7001", null);

  @TempDir private Path directory;

  private static Peer peer(String team, String address, @Nullable String key) {
    return Peer.builder(PeerAddress.parse(address))
        .teamName(team)
        .fingerprint(key == null ? null : Fingerprint.parse(key.repeat(8)))
        .build();
  }

  private IgnoredPeers open() {
    return new IgnoredPeers(TeamFiles.ignored(directory));
  }

  @Test
  void aKeyIsIgnoredWhereverItIsAndAlsoAfterARestart() throws WrongAnswerException {
    IgnoredPeers ignored = open();
    ignored.add(Entry.of(BOB));
    ignored.add(Entry.of(PYTHON));
    for (IgnoredPeers each : List.of(ignored, open())) {
      assertThat(each.contains(BOB)).isTrue();
      assertThat(each.contains(peer("Robert", "10.9.9.9:1", "0123abcd"))).isTrue();
      assertThat(each.contains(peer("Bob", "10.0.0.1:7001", "89abcdef"))).isFalse();
      assertThat(each.contains(PYTHON)).isTrue();
      assertThat(each.contains(peer("Python", "10.0.0.2:7002", null))).isFalse();
    }
    assertThat(open().find("bob|0123abcd", List.of())).containsExactly(Entry.of(BOB));
    assertThat(open().find("Bob|89", List.of())).isEmpty();
    assertThat(open().find("3", List.of(BOB))).containsExactly(Entry.of(BOB));
    ignored.remove(Entry.of(BOB));
    assertThat(open().all()).containsExactly(Entry.of(PYTHON));
    ignored.remove(Entry.of(PYTHON));
    assertThat(TeamFiles.ignored(directory)).doesNotExist();
  }

  @Test
  void anIpAddressStandsForAllThatDoesNotEncryptThere() throws WrongAnswerException {
    IgnoredPeers ignored = open();
    ignored.add(Entry.ofHost("10.0.0.2"));
    assertThat(ignored.contains(peer("Other", "10.0.0.2:50000", null))).isTrue();
    assertThat(ignored.contains(peer("Bob", "10.0.0.2:7001", "0123abcd"))).isFalse();
  }

  @Test
  void whoHasShownNoKeyYetStaysIgnoredWhenItShowsOne() throws WrongAnswerException {
    IgnoredPeers ignored = open();
    Entry discovered = Entry.of(peer("Bob", "10.0.0.1:7001", null));
    ignored.add(discovered);
    assertThat(ignored.contains(BOB)).isTrue();
    assertThat(open().contains(BOB)).isTrue();
    assertThat(ignored.contains(peer("Bob", "10.0.0.1:7002", "0123abcd"))).isFalse();
    assertThat(ignored.find("Bob", List.of())).containsExactly(discovered);
    assertThat(ignored.find("3", List.of(BOB))).containsExactly(discovered);
  }

  /** A plain program can be at the address of a peer with a key, as long as that is away. */
  @Test
  void whoeverWasAtTheAddressOfAPeerWithAnotherNameDoesNotHideThePeer()
      throws WrongAnswerException {
    IgnoredPeers ignored = open();
    ignored.add(Entry.of(peer("Zed", "10.0.0.1:7001", null)));
    assertThat(ignored.contains(BOB)).isFalse();
    assertThat(ignored.contains(peer("Other", "10.0.0.1:7001", null))).isTrue();
    assertThat(ignored.contains(peer("Zed", "10.0.0.1:7001", "89abcdef"))).isTrue();
  }

  @Test
  void twoChatsThatChangeTheListAtOnceLoseNothing() throws Exception {
    Path file = TeamFiles.ignored(directory);
    CompletableFuture<Void> added = new CompletableFuture<>();
    Thread adds =
        new Thread(
            () -> {
              try {
                open().add(Entry.of(BOB));
                added.complete(null);
              } catch (WrongAnswerException e) {
                added.completeExceptionally(e);
              }
            });
    Closeable lock = TeamFiles.lock(file);
    try (lock) {
      adds.start();
      await()
          .until(
              () ->
                  adds.getState() == Thread.State.TIMED_WAITING
                      || adds.getState() == Thread.State.TERMINATED);
      Files.writeString(file, PYTHON.address() + "\tPython\n");
    }
    added.join();
    assertThat(open().all()).containsExactly(Entry.of(PYTHON), Entry.of(BOB));
  }

  @Test
  void theListIsBounded() throws Exception {
    List<String> lines = IntStream.range(0, 1000).mapToObj(i -> "10.1.0.1:" + (i + 1)).toList();
    Files.write(TeamFiles.ignored(directory), lines);
    assertThat(open().contains(peer("x", "10.1.0.1:1000", null))).isTrue();
    assertThatThrownBy(() -> open().add(Entry.of(BOB)))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining("there are 1000 already");
    assertThatThrownBy(() -> open().add(Entry.of(peer("x", "10.1.0.1:1", null))))
        .hasMessageStartingWith("This peer is ignored already");
  }
}
