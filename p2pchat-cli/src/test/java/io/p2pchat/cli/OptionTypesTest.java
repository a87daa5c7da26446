package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.cli.chat.ColorMode;
import io.p2pchat.cli.chat.NotifyMode;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class OptionTypesTest {
  @Command(name = "chat")
  private static final class Chat {
    @Option(names = "--color")
    private ColorMode colors = ColorMode.AUTO;

    @Option(names = "--notify")
    private NotifyMode notify = NotifyMode.BELL;

    @Option(names = "--json", negatable = true, fallbackValue = "true")
    private boolean json;
  }

  private static Chat parse(String... args) {
    CommandLine line = new CommandLine(new Chat());
    OptionTypes.register(line);
    line.parseArgs(args);
    return line.getCommand();
  }

  @Test
  void theWordsOfAnOptionAreTakenInUpperAndLowerCase() {
    for (NotifyMode each : NotifyMode.values()) {
      assertThat(parse("--notify=" + each).notify).isEqualTo(each);
      assertThat(parse("--notify", each.name()).notify).isEqualTo(each);
    }
    for (ColorMode each : ColorMode.values()) {
      assertThat(parse("--color=" + each).colors).isEqualTo(each);
      assertThat(parse("--color", each.name().toUpperCase(Locale.ROOT)).colors).isEqualTo(each);
    }
  }

  @Test
  void aSwitchIsTrueOrFalse() {
    assertThat(parse("--json").json).isTrue();
    assertThat(parse("--json=TRUE").json).isTrue();
    assertThat(parse("--json=false").json).isFalse();
    assertThat(parse("--no-json").json).isFalse();
    assertThatThrownBy(() -> parse("--json=maybe"))
        .hasMessage("Invalid value for option '--json': \"maybe\"; accepted are true and false");
  }

  @Test
  void anotherWordIsAnsweredWithThoseThatAreAccepted() {
    assertThatThrownBy(() -> parse("--notify=ring"))
        .isInstanceOf(ParameterException.class)
        .hasMessage("Invalid value for option '--notify': \"ring\"; accepted are bell, osc, off");
    assertThatThrownBy(() -> parse("--color=some"))
        .hasMessage(
            "Invalid value for option '--color': \"some\"; accepted are auto, always, never");
  }
}
