package io.p2pchat.attacks;

import org.jspecify.annotations.Nullable;

/** Attacks the victim in one way at a time. */
final class Attacker implements AttackRole {
  private @Nullable Attack attack;

  @Override
  public long[] answer(String command, String[] args) throws Exception {
    switch (command) {
      case "begin" -> attack = AttackKind.named(args[0]).beginHeavy(Integer.parseInt(args[1]));
      case "end" -> {
        if (attack != null) {
          attack.close();
        }
        attack = null;
      }
      default -> {
        // How far it is, as always.
      }
    }
    return new long[] {attack == null ? 0 : attack.progress()};
  }
}
