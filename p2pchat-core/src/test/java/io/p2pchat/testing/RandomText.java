package io.p2pchat.testing;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts from a seed: mostly what people write, with everything that can be awkward mixed in. */
public final class RandomText {
  private static final String[] AWKWARD = {
    "|",
    "\r\n",
    "\r",
    "\n",
    "\u2028",
    "\u2029",
    " ",
    "\t",
    "\u0000",
    "\u001b[2J",
    "exit",
    "EXIT ",
    "connection message",
    "LISTENING_PORT:",
    "TEAM_NAME:",
    ":",
    "é",
    "日本",
    "👩‍👩‍👧",
    "\u202e",
    "\ufffd",
    "0",
    "65536",
    "\u0085",
    "\ufeff"
  };
  private final Random random;

  /** Makes a generator; the same seed gives the same texts. */
  public RandomText(long seed) {
    this.random = new Random(seed);
  }

  /** A text of up to {@code maxParts} parts, without unpaired surrogates. */
  public String next(int maxParts) {
    return IntStream.range(0, random.nextInt(maxParts + 1))
        .mapToObj(i -> part())
        .collect(Collectors.joining());
  }

  /** A port, 1 to 65535. */
  public int port() {
    return 1 + random.nextInt(65535);
  }

  private String part() {
    return switch (random.nextInt(3)) {
      case 0 -> AWKWARD[random.nextInt(AWKWARD.length)];
      case 1 -> Character.toString(codePoint());
      default -> Character.toString('a' + random.nextInt(26));
    };
  }

  private int codePoint() {
    int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return surrogate ? 'x' : codePoint;
  }
}
