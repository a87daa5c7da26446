package io.p2pchat.testing.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("what it leaks would be found after other classes too")
class LeakCheckTest {
  @Test
  void reportsALeakedBufferOnceWithWhereItWasAllocated() {
    leakAPooledBuffer();
    assertThatThrownBy(LeakCheck::failOnLeaks)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 leaked")
        .hasMessageContaining("leakAPooledBuffer");
    assertThatCode(LeakCheck::failOnLeaks).doesNotThrowAnyException();
  }

  @Test
  void reportsALeakBesideABufferThatIsInUse() {
    var inUse = PooledByteBufAllocator.DEFAULT.buffer();
    assertThatCode(LeakCheck::failOnLeaks).doesNotThrowAnyException();
    leakAPooledBuffer();
    assertThatThrownBy(LeakCheck::failOnLeaks).hasMessageContaining("1 leaked");
    inUse.release();
    assertThatCode(LeakCheck::failOnLeaks).doesNotThrowAnyException();
  }

  @Test
  void passesWhatWasReleased() {
    PooledByteBufAllocator.DEFAULT.buffer().release();
    UnpooledByteBufAllocator.DEFAULT.directBuffer().release();
    assertThatCode(LeakCheck::failOnLeaks).doesNotThrowAnyException();
  }

  @Test
  void recordsWhateverADetectorTracks() {
    var recorder = new LeakRecorder();
    recorder.newResourceLeakDetector(StringBuilder.class, 1).trackForcibly(new StringBuilder());
    assertThat(recorder.collect()).singleElement().asString().startsWith("LEAK: StringBuilder");
  }

  private static void leakAPooledBuffer() {
    PooledByteBufAllocator.DEFAULT.buffer();
  }
}
