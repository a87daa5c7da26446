package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  private static final Duration PATIENCE = Duration.ofMillis(20);

  @TempDir Path directory;

  /** As by this library in another class loader, which does not know of this one's threads. */
  @Test
  void lockThatIsHeldElsewhereInThisProcessIsTriedAgainForAsLongAsAnyOther() throws IOException {
    DirectoryLock lock = new DirectoryLock(directory.toRealPath(), PATIENCE);
    assertThat(lock.<String>locked(() -> "made")).isEqualTo("made");
    try (FileChannel channel =
            FileChannel.open(directory.resolve("lock"), StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThatExceptionOfType(TrustStoreException.class)
          .isThrownBy(() -> lock.locked(() -> "taken"))
          .withMessageContaining("another program has held this lock for 20 ms");
    }
    assertThat(lock.<String>locked(() -> "free")).isEqualTo("free");
  }
}
