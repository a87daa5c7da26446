package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.cli.output.LineOutput;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DelayedResultsTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LineOutput out = new LineOutput(new PrintStream(bytes, false, UTF_8));
  private final CompletableFuture<List<String>> result = new CompletableFuture<>();

  @Test
  void aResultThatComesSoonIsAllThatIsPrinted() {
    CompletableFuture.runAsync(() -> result.complete(List.of("one", "two")));
    show(Duration.ofMinutes(1));
    assertThat(bytes.toString(UTF_8)).isEqualTo("one\ntwo\n");
  }

  @Test
  void aLateResultFollows() {
    show(Duration.ZERO);
    assertThat(bytes.toString(UTF_8)).isEqualTo("not yet\n");
    result.complete(List.of("one"));
    assertThat(bytes.toString(UTF_8)).isEqualTo("not yet\none\n");
  }

  private void show(Duration pendingDelay) {
    ChatOutput output = new DelayedResults(out, pendingDelay);
    output.add(new PendingOutput(output, "not yet", result));
  }
}
