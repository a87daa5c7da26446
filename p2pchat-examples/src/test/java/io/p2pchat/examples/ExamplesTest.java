package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example prints what its class comment says, and ends by itself. */
class ExamplesTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        ManualConnection.class,
        AutomaticConnection.class,
        EmbeddedInApp.class,
        OfflineDelivery.class
      })
  void printsWhatItsCommentSaysAndEnds(Class<?> example) throws Exception {
    try (Program program = Program.startExample(example)) {
      assertThat(program.transcript()).isEqualTo(SourceFile.of(example).expected());
      assertThat(program.exitStatus()).isZero();
    }
  }

  @Test
  void rawLinePeerTalksWithEchoBot() throws Exception {
    try (Program bot = Program.startExample(EchoBot.class)) {
      int port = EchoBotTest.port(bot);
      try (Program peer = Program.startExample(RawLinePeer.class, "" + port, "hello")) {
        assertThat(peer.transcript()).isEqualTo(SourceFile.of(RawLinePeer.class).expected(port));
        assertThat(peer.exitStatus()).isZero();
      }
    }
  }

  @Test
  void rawLinePeerNeedsNothingOfTheLibrary() throws Exception {
    assertThat(SourceFile.of(RawLinePeer.class).text()).doesNotContain("import io.");
  }
}
