package io.p2pchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamNameTest {
  @Test
  void aNameOfAnyScriptIsAccepted() {
    assertThat(TeamName.parse("Team 你好 👩‍👧")).isEqualTo("Team 你好 👩‍👧");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a|b", "a\tb", "a\u001bb"})
  void aWrongNameIsRefusedWithTheRule(String name) {
    assertThatThrownBy(() -> TeamName.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a team name: ")
        .hasMessageContaining("1 to 64 characters");
  }

  @Test
  void aCommandIsNoNameAndEnterIsTheUser() {
    Optional<String> user = Optional.of("ann");
    assertThat(TeamName.typed("", user)).isEqualTo("ann");
    assertThat(TeamName.typed("Bob", user)).isEqualTo("Bob");
    assertThatThrownBy(() -> TeamName.typed("", Optional.empty()))
        .hasMessageStartingWith("not a team name: ");
    assertThatThrownBy(() -> TeamName.typed("/help", user))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Type the name that others will see");
  }

  @Test
  void theNameOfTheUserIsATeamName() {
    String name = TeamName.ofUser();
    assertThat(TeamName.parse(name)).isEqualTo(name);
  }
}
