package io.p2pchat.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.Delivery;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.session.SendQueue.Offer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a line costs in the send queue: offered, read for writing, and settled, 4,096 in a batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SendQueueBenchmark {
  private static final int LINES = 4096;
  private static final byte[] HEADER = "LISTENING_PORT:7070|TEAM_NAME:Sender|".getBytes(UTF_8);

  /** Bytes of a text. */
  @Param({"16", "1024"})
  public int bytes;

  private EncodedText text;
  private SendQueue queue;
  private SendQueue.Cursor cursor;

  /** Makes the queue. */
  @Setup
  public void make() {
    text = EncodedText.of("x".repeat(bytes));
    QueueLimits limits = new QueueLimits(65_536, 8 * 1024 * 1024);
    queue = new SendQueue(limits, new SendQueue.Spares(2 * 1024 * 1024), (future, bytes) -> {});
    cursor = queue.seek(0);
  }

  /** One batch. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void offerReadSettle(Blackhole blackhole) {
    for (int i = 0; i < LINES; i++) {
      if (queue.offer(HEADER, text, new SendFuture()) != Offer.TAKEN) {
        throw new IllegalStateException("full: " + queue);
      }
    }
    for (var slice = queue.read(cursor); slice != null; slice = queue.read(cursor)) {
      blackhole.consume(slice);
      queue.done(slice);
    }
    CompletedSends settled = queue.settle(cursor.line());
    settled.forEach(future -> future.complete(Delivery.ACKNOWLEDGED));
    queue.release(settled);
  }
}
