package io.p2pchat.testing.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the lines of a level-0 connection are, byte by byte and as simple as can be (PROTOCOL.md
 * section 2, Receiving): what the decoder is compared with.
 */
public final class LineModel {
  private static final int MAX_QUIET_BYTES = 1024;

  private final int maxFrameBytes;
  private final Predicate<String> whole;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final List<String> lines = new ArrayList<>();
  private boolean terminatorSeen;
  private boolean tooLong;

  /** Makes the model of a connection on which nothing came. */
  public LineModel(int maxFrameBytes, Predicate<String> whole) {
    this.maxFrameBytes = maxFrameBytes;
    this.whole = whole;
  }

  /** Bytes come. */
  public void bytes(byte[] bytes) {
    for (byte b : bytes) {
      if (tooLong) {
        return;
      }
      if (b != '\n') {
        held.write(b);
      }
      tooLong = held.size() + (b == '\n' ? 1 : 0) > maxFrameBytes;
      if (b == '\n' && !tooLong) {
        terminatorSeen = true;
        String line = held.toString(UTF_8);
        lines.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        held.reset();
      }
    }
  }

  /** The peer was silent for the quiet period. */
  public void quiet() {
    if (!terminatorSeen && held.size() <= MAX_QUIET_BYTES) {
      reset();
    }
  }

  /** The peer has ended the stream. */
  public void end() {
    if (!tooLong && held.size() > 0) {
      lines.add(held.toString(UTF_8));
      held.reset();
    }
  }

  /** The peer has reset the connection. */
  public void reset() {
    if (whole.test(held.toString(UTF_8))) {
      end();
    }
  }

  /** Whether a line was longer than it may be. */
  public boolean isTooLong() {
    return tooLong;
  }

  /** All lines. */
  public List<String> lines() {
    return lines;
  }
}
