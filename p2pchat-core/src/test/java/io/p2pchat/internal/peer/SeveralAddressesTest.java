package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.KnownPeer;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.security.KnownPeersFile;
import io.p2pchat.internal.security.PrivateDirectory;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.testing.Eventually;
import io.p2pchat.testing.Fingerprints;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to a host name that has several addresses. */
class SeveralAddressesTest {
  private static final PeerAddress NAME = new PeerAddress("host.example", 7000);
  private static final String A = "10.0.0.1";
  private static final String B = "10.0.0.2";
  private static final String C = "10.0.0.3";

  private DialBench bench = new DialBench();

  private void resolvesTo(String... ips) throws UnknownHostException {
    InetAddress[] all = new InetAddress[ips.length];
    for (int i = 0; i < ips.length; i++) {
      all[i] = InetAddress.getByName(ips[i]);
    }
    bench.addresses = all;
  }

  private <T> T await(Queue<T> dials) {
    Eventually.until(
        "a dial",
        () -> {
          bench.loop.runTasks();
          return !dials.isEmpty();
        });
    return dials.remove();
  }

  private SessionDial dialed(String ip) {
    SessionDial dial = await(bench.dials);
    assertThat(dial.target().getAddress().getHostAddress()).isEqualTo(ip);
    return dial;
  }

  private void refuse(String ip) {
    SessionDial dial = dialed(ip);
    dial.outcome().failed(Unreachable.of(dial.peer(), "refused", new ConnectException("refused")));
  }

  /** The program there is a plain one, and takes one message after the other. */
  private List<String> takes(String ip, int messages) {
    List<String> taken = new ArrayList<>();
    PlainDial line = Objects.requireNonNull(dialed(ip).outcome().plain(false));
    for (int i = 0; i < messages; i++) {
      PlainDial next = i == 0 ? line : await(bench.plainDials);
      String text = next.line().get();
      taken.add(text.substring(text.lastIndexOf('|') + 1));
      next.done().accept(null);
    }
    return taken;
  }

  @Test
  void allAreTriedAndTheOrderStays() throws UnknownHostException {
    resolvesTo(A, B, C);
    List<CompletableFuture<Delivery>> sends =
        Stream.of("1", "2", "3").map(text -> bench.send(NAME, text)).toList();
    refuse(A);
    refuse(B);
    assertThat(takes(C, 3)).containsExactly("1", "2", "3");
    assertThat(sends)
        .allSatisfy(send -> assertThat(Eventually.result(send)).isEqualTo(Delivery.WRITTEN));
  }

  private record Passed(PeerAddress address, SendFuture attempt) {}

  /** Takes what has an address, and sends nothing. */
  private static final class Passing implements HostNameQueue.Destination {
    private final Queue<Passed> passed = new ConcurrentLinkedQueue<>();

    @Override
    public void send(PeerAddress address, EncodedText message, SendFuture future) {
      passed.add(new Passed(address, future));
    }

    @Override
    public void refused(PeerAddress name, EncodedText message) {}

    @Override
    public CompletableFuture<Void> whenWritable(PeerAddress address) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** That may wait for days. */
  @Test
  void whatIsKeptForThePeerAtAnAddressDoesNotHoldUpTheOthers() throws UnknownHostException {
    resolvesTo(A, B);
    Passing destination = new Passing();
    KeptSend.Wanted wanted = new KeptSend.Wanted(null, null, NAME, null);
    KeptSend away = new KeptSend("id", wanted, false, 0);
    bench.names.send(NAME, EncodedText.of("away"), away, destination);
    KeptSend attempt = (KeptSend) await(destination.passed).attempt;
    attempt.number(Fingerprints.random(new Random(1)), "o".repeat(26), 1, null);
    attempt.committed(1);
    attempt.kept().complete(null);
    assertThat(away.kept()).isDone();
    bench.names.send(NAME, EncodedText.of("next"), new SendFuture(), destination);
    Passed next = await(destination.passed);
    assertThat(next.address.host()).isEqualTo(A);
    next.attempt.completeExceptionally(
        Unreachable.of(next.address, "refused", new ConnectException("refused")));
    assertThat(await(destination.passed).address.host()).isEqualTo(B);
    attempt.deliver(Delivery.ACKNOWLEDGED);
    assertThat(Eventually.result(away)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsKeptIsWithdrawnWhenThatIsStoredOrItsTimeIsOver(boolean stored)
      throws UnknownHostException {
    resolvesTo(A, B);
    Passing destination = new Passing();
    KeptSend.Wanted wanted = new KeptSend.Wanted(null, null, NAME, null);
    KeptSend message = new KeptSend("id", wanted, false, 0);
    bench.names.send(NAME, EncodedText.of("away"), message, destination);
    KeptSend attempt = (KeptSend) await(destination.passed).attempt;
    attempt.number(Fingerprints.random(new Random(1)), "o".repeat(26), 1, null);
    assertThat(message.abandon()).isTrue();
    assertThat(attempt.isGone()).isTrue();
    assertThat(attempt).isNotDone();
    assertThat(message.lastAttempt()).isSameAs(attempt);
    MessageWithdrawnException reason = new MessageWithdrawnException("withdrawn", NAME);
    (stored ? attempt : message).completeExceptionally(reason);
    assertThat(Eventually.failure(message)).isSameAs(reason);
    assertThat(attempt).isCompletedExceptionally();
  }

  @Test
  void withdrawnMessagesAreNotTriedElsewhere() throws UnknownHostException {
    resolvesTo(A, B);
    CompletableFuture<Delivery> first = bench.send(NAME, "1");
    CompletableFuture<Delivery> second = bench.send(NAME, "2");
    CompletableFuture<Delivery> third = bench.send(NAME, "3");
    SessionDial dial = dialed(A);
    assertThat(first.cancel(false)).isTrue();
    OutboundFlow outbound = Objects.requireNonNull(bench.table.at(dial.peer())).outbound;
    assertThat(outbound.queue.heldLines()).isEqualTo(2);
    dial.outcome().failed(Unreachable.of(dial.peer(), "refused", new ConnectException("refused")));
    SessionDial other = dialed(B);
    assertThat(third.cancel(false)).isTrue();
    PlainDial line = Objects.requireNonNull(other.outcome().plain(false));
    assertThat(line.line().get()).endsWith("|2");
    assertThat(line.beforeWrite().getAsBoolean()).isTrue();
    line.done().accept(null);
    assertThat(Eventually.result(second)).isEqualTo(Delivery.WRITTEN);
    assertThat(bench.plainDials).isEmpty();
    assertThat(first).isCancelled();
    assertThat(third).isCancelled();
  }

  @Test
  void messageBetweenTwoAddressesIsWithdrawn() throws UnknownHostException {
    resolvesTo(A, B);
    SendFuture message = (SendFuture) bench.send(NAME, "1");
    refuse(A);
    assertThat(message).isNotDone();
    assertThat(message.abandon()).isTrue();
    Eventually.until(
        "the end of the lookup",
        () -> {
          bench.loop.runTasks();
          return bench.names.isEmpty();
        });
    bench.loop.runTasks();
    assertThat(bench.dials).isEmpty();
  }

  @Test
  void messageThatIsWithdrawnWhileItIsDialedForIsNotWritten() throws UnknownHostException {
    resolvesTo(A);
    bench.send(NAME, "1");
    assertThat(takes(A, 1)).containsExactly("1");
    CompletableFuture<Delivery> second = bench.send(NAME, "2");
    PlainDial dial = await(bench.plainDials);
    assertThat(second.cancel(false)).isTrue();
    assertThat(dial.beforeWrite().getAsBoolean()).isFalse();
    CompletableFuture<Delivery> third = bench.send(NAME, "3");
    dial.done().accept(new DeliveryUnknownException("closed", dial.peer(), null));
    PlainDial next = await(bench.plainDials);
    assertThat(next.line().get()).endsWith("|3");
    assertThat(next.beforeWrite().getAsBoolean()).isTrue();
    assertThat(third.cancel(false)).isTrue();
    assertThat(next.beforeWrite().getAsBoolean()).isTrue();
    next.done().accept(null);
    assertThat(third).isCancelled();
  }

  @Test
  void theChoiceStaysWhileItWorks() throws UnknownHostException {
    resolvesTo(A, B);
    CompletableFuture<Delivery> first = bench.send(NAME, "first");
    refuse(A);
    assertThat(takes(B, 1)).containsExactly("first");
    assertThat(Eventually.result(first)).isEqualTo(Delivery.WRITTEN);
    for (int i = 0; i < 3; i++) {
      bench.send(NAME, "next");
      PlainDial next = await(bench.plainDials);
      assertThat(next.target().getAddress().getHostAddress()).isEqualTo(B);
      next.done().accept(null);
      bench.loop.runTasks();
    }
    CompletableFuture<Delivery> last = bench.send(NAME, "last");
    PlainDial gone = await(bench.plainDials);
    gone.done().accept(Unreachable.of(gone.peer(), "refused", new ConnectException("refused")));
    assertThat(takes(A, 1)).containsExactly("last");
    assertThat(Eventually.result(last)).isEqualTo(Delivery.WRITTEN);
  }

  @Test
  void whatComesMeanwhileGoesBehindWhatFailed() throws UnknownHostException {
    resolvesTo(A, B);
    bench.send(NAME, "1");
    SessionDial first = dialed(A);
    bench.send(NAME, "2");
    Eventually.until(
        "both at the address",
        () -> {
          bench.loop.runTasks();
          return Objects.requireNonNull(bench.table.at(first.peer())).outbound.queue.heldLines()
              == 2;
        });
    first
        .outcome()
        .failed(Unreachable.of(first.peer(), "refused", new ConnectException("refused")));
    bench.send(NAME, "3");
    assertThat(takes(B, 3)).containsExactly("1", "2", "3");
  }

  @Test
  void nothingThatAnswersFailsWithTheFirstReasonAndIsTriedAnewNextTime()
      throws UnknownHostException {
    resolvesTo(A, B);
    List<CompletableFuture<Delivery>> sends = List.of(bench.send(NAME, "1"), bench.send(NAME, "2"));
    refuse(A);
    refuse(B);
    Eventually.until(
        "both have failed",
        () -> {
          bench.loop.runTasks();
          return sends.stream().allMatch(CompletableFuture::isDone);
        });
    assertThat(sends)
        .allSatisfy(
            send ->
                assertThat(Eventually.failure(send))
                    .isInstanceOf(PeerUnreachableException.class)
                    .hasMessageContaining(A));
    assertThat(sends.stream().map(Eventually::failure).distinct()).hasSize(2);
    bench.send(NAME, "3");
    dialed(A);
  }

  /** Else whoever listens at another address of the name would get what is for the peer. */
  @Test
  void messageGoesOnlyWhereAKnownPeerHoldsAnAddressOfTheName(@TempDir Path directory)
      throws UnknownHostException {
    PrivateDirectory data = PrivateDirectory.open(directory.resolve("data"));
    KnownPeersFile known = new KnownPeersFile(data, InstantSource.system());
    known.add(
        KnownPeer.of(
            "Bob", new PeerAddress(B, 7000), Fingerprints.random(new Random(1)), Instant.EPOCH));
    bench = new DialBench(known);
    resolvesTo(A, B, C);
    CompletableFuture<Delivery> send = bench.send(NAME, "secret");
    refuse(B);
    Eventually.until(
        "the failure",
        () -> {
          bench.loop.runTasks();
          return send.isDone();
        });
    assertThat(Eventually.failure(send)).hasMessageContaining(B);
    assertThat(bench.dials).isEmpty();
  }

  @Test
  void stoppingFailsWhatWaitsForTheNextAddress() throws UnknownHostException {
    resolvesTo(A, B);
    CompletableFuture<Delivery> send = bench.send(NAME, "1");
    refuse(A);
    bench.router.stop();
    assertThat(Eventually.failure(send)).isInstanceOf(NodeClosedException.class);
  }
}
