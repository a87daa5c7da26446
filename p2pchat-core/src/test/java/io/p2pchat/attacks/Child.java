package io.p2pchat.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The main class of a child process. A line of its input is a command; the line of output that
 * answers it is {@code ok} and numbers, or {@code failed} and why. It ends with its input, so none
 * is left when the parent is stopped.
 */
public final class Child {
  private Child() {}

  /**
   * Runs a child.
   *
   * @param args its role
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] args) throws IOException {
    AttackRole role =
        switch (args[0]) {
          case "victim" -> new Victim();
          case "calm" -> new CalmPeer();
          case "attacker" -> new Attacker();
          default -> throw new IllegalArgumentException("no role: " + args[0]);
        };
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(answer(role, line.split(" ")));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(AttackRole role, String[] words) {
    try {
      return Arrays.stream(role.answer(words[0], Arrays.copyOfRange(words, 1, words.length)))
          .mapToObj(Long::toString)
          .collect(Collectors.joining(" ", "ok ", ""));
    } catch (Exception e) {
      return "failed " + String.valueOf(e).replace('\n', ' ');
    }
  }
}
