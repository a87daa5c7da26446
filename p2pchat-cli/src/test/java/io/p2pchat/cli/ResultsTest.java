package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Console out = new Console(new PrintStream(bytes, false, UTF_8));
  private final CompletableFuture<List<String>> result = new CompletableFuture<>();

  @Test
  void aResultThatComesSoonIsAllThatIsPrinted() {
    CompletableFuture.runAsync(() -> result.complete(List.of("one", "two")));
    new Results(out, Duration.ofMinutes(1)).show(result, "not yet");
    assertThat(bytes.toString(UTF_8)).isEqualTo("one\ntwo\n");
  }

  @Test
  void aLateResultFollows() {
    new Results(out, Duration.ZERO).show(result, "not yet");
    assertThat(bytes.toString(UTF_8)).isEqualTo("not yet\n");
    result.complete(List.of("one"));
    assertThat(bytes.toString(UTF_8)).isEqualTo("not yet\none\n");
  }
}
