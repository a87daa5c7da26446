package io.p2pchat.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  @Test
  void aListIsAnArray() {
    JsonObject one = new JsonObject().with("a", 1);
    assertThat(new JsonObject().with("all", List.of(one, one)).with("none", List.of()))
        .hasToString("{\"all\":[{\"a\":1},{\"a\":1}],\"none\":[]}");
  }

  @Test
  void anObjectWithoutMembersIsEmpty() {
    assertThat(new JsonObject()).hasToString("{}");
  }

  @Test
  void membersKeepTheirOrder() {
    JsonObject inner = new JsonObject().with("z", 1).with("a", true);
    assertThat(new JsonObject().with("text", "x").with("inner", inner).with("n", -5))
        .hasToString("{\"text\":\"x\",\"inner\":{\"z\":1,\"a\":true},\"n\":-5}");
  }

  @Test
  void quotesBackslashesAndControlCharactersAreEscaped() {
    assertThat(new JsonObject().with("\"", "\\ \" / \b \f \n \r \t \u0000 \u001f \u007f \u009b"))
        .hasToString(
            "{\"\\\"\":\"\\\\ \\\" / \\u0008 \\u000c \\n \\r \\t \\u0000 \\u001f \\u007f \\u009b\"}");
  }

  @Test
  void loneSurrogatesAreEscapedAndPairsAreNot() {
    assertThat(new JsonObject().with("t", "\ude00\ud83d 😀"))
        .hasToString("{\"t\":\"\\ude00\\ud83d 😀\"}");
  }

  @Test
  void lineSeparatorsAndOverridesAreEscaped() {
    assertThat(new JsonObject().with("t", "\u2028\u2029\u202e"))
        .hasToString("{\"t\":\"\\u2028\\u2029\\u202e\"}");
  }
}
