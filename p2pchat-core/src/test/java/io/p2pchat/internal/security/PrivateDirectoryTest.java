package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
  @TempDir private Path temp;

  @Test
  void whatIsWrongIsSaidInWordsAndNotByTheNameOfAnException() throws IOException {
    Path path = temp.toRealPath().resolve("data");
    PrivateDirectory directory = PrivateDirectory.open(path);
    Files.delete(path);
    assertThatThrownBy(() -> directory.replace("file", new byte[1]))
        .isInstanceOf(TrustStoreException.class)
        .hasMessage(
            "%s/file: cannot be used: %s/file.new: there is no such file or directory"
                .formatted(path, path));
    Files.createFile(path);
    assertThatThrownBy(() -> PrivateDirectory.open(path.resolve("below")))
        .isInstanceOf(TrustStoreException.class)
        .hasMessageContaining("ot a directory")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void aFailureWithoutAReasonNamesNoClass() {
    Path file = Path.of("known");
    assertThat(PrivateDirectory.failed(file, new IOException()))
        .hasMessageEndingWith("cannot be used: the system does not say why");
    assertThat(PrivateDirectory.failed(file, new FileSystemException("known")))
        .hasMessageEndingWith("cannot be used: the system does not say why");
  }
}
