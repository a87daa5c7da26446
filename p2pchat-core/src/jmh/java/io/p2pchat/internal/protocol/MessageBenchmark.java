package io.p2pchat.internal.protocol;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a line costs to be understood, and to be made. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MessageBenchmark {
  /** Characters of a text. */
  @Param({"16", "1024"})
  public int characters;

  private String text;
  private String chatLine;
  private String ackLine;

  /** Makes the lines. */
  @Setup
  public void make() {
    text = "x".repeat(characters);
    chatLine = ChatLine.of(7070, "Sender", text).format();
    ackLine = new Ack(123_456_789).format();
  }

  /** A chat line as it came. */
  @Benchmark
  public Message parseChatLine() {
    return ChatLine.parse(chatLine);
  }

  /** A text into a chat line, with its checks. */
  @Benchmark
  public String formatChatLine() {
    return ChatLine.of(7070, "Sender", text).format();
  }

  /** An acknowledgement as it came. */
  @Benchmark
  public Message parseAck() {
    return ControlLineParser.parse(ackLine);
  }
}
