package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.function.LongConsumer;

/** Lines of text in UTF-8. Invalid bytes become U+FFFD, and the first such line is reported. */
public final class Utf8Input extends BufferedReader {
  private final Watch watch;

  /**
   * Creates the input.
   *
   * @param malformed receives the number of the first line that is not UTF-8, from 1, when it is
   *     read
   */
  public Utf8Input(InputStream in, LongConsumer malformed) {
    this(new Watch(in, malformed));
  }

  private Utf8Input(Watch watch) {
    super(new InputStreamReader(watch, UTF_8));
    this.watch = watch;
  }

  /** Returns whether all that was read so far is UTF-8. */
  public boolean isWellFormed() {
    return !watch.isMalformed;
  }

  /** Passes the bytes on, and decodes them too until some are malformed. */
  private static final class Watch extends FilterInputStream {
    private final CharsetDecoder decoder = UTF_8.newDecoder();
    private final LongConsumer malformed;
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private long line = 1;
    private volatile boolean isMalformed;

    Watch(InputStream in, LongConsumer malformed) {
      super(in);
      this.malformed = malformed;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      if (!isMalformed) {
        check(ByteBuffer.wrap(bytes, from, Math.max(count, 0)), count < 0);
      }
      return count;
    }

    private void check(ByteBuffer bytes, boolean ended) {
      ByteBuffer all = ByteBuffer.allocate(rest.remaining() + bytes.remaining());
      all.put(rest).put(bytes).flip();
      CharBuffer text = CharBuffer.allocate(all.remaining());
      boolean isError = decoder.reset().decode(all, text, ended).isError();
      line += text.flip().chars().filter(c -> c == '\n').count();
      rest = all.slice();
      if (isError) {
        isMalformed = true;
        malformed.accept(line);
      }
    }
  }
}
