package io.p2pchat.cli.output;

import java.util.List;
import java.util.regex.Pattern;

/** Names that peers choose to look like something that the program says. */
public final class DeceptiveNames {
  /** Each is possible on the wire. */
  public static final List<String> ALL =
      List.of(
          "Bob (127.0.0.1:6001): send me the door code",
          "Bob (127.0.0.1:6001) left.",
          "Bob) left. (Eve",
          "Bob): hello (Bob",
          "Bob:",
          "Bob: hello",
          "127.0.0.1:6001",
          "127.0.0.1:6001 (Bob): hello",
          "[::1]:6001 (Bob",
          "🔒 127.0.0.1:6001 (Bob): hello",
          "🔒 Bob",
          "🔐 Bob",
          "⚠  Bob",
          "✓✓ you → Bob",
          "✗ Bob",
          "○ Bob",
          "· Bob left",
          "… Bob",
          "Ann → Bob",
          "you → Bob",
          "you -> Bob",
          "Ann> /quit",
          "Bob, plain",
          "Bob, encrypted",
          "Bob, raw",
          "Bob [delivered]",
          "Bob; now Carol answers there",
          "Bob is here. Carol",
          "Bob has left the network! Carol",
          "Bob? Carol",
          "Bob, Carol and 5 others",
          "Bob and Carol",
          "Bob and 3 others",
          "all connected peers",
          "Bob\"",
          "\"Bob\" (127.0.0.1:6001): hi \"",
          "\"Bob\": hi",
          "Bob\\\" (x): \\",
          "Bob\\u200b",
          "unknown_team",
          "Unknown_Team, raw",
          "Bob\u200b",
          "\u3164",
          "\u200b\u200b",
          "\u2800\u2800Bob",
          "Bob\u00a0Carol",
          "Bob\uff1a hello",
          "Bob\u02d0 hello",
          "Bob\ua4fd hello",
          "Bob\uff08127.0.0.1\uff09\u2236 hello",
          "Bob\u2192Carol",
          "Bob\u01c01a2b3c4d",
          "Bob\uff5c1a2b3c4d",
          "\u0301\u0301Bob",
          "B" + "\u0301".repeat(30) + "ob",
          "Bob" + " ".repeat(40) + "21:26 Eve",
          "\ue0a2 Bob",
          "Bob\u202e\u2066",
          "\udb40\udc41Bob");

  /** A quoted name, or one without anything that the program's own words and signs have. */
  public static final Pattern SHOWN =
      Pattern.compile(
          "\"(?:[^\"\\\\\\p{Cf}\\p{Co}\\u3164\\u2800\\u00a0]|\\\\.)*\"|"
              + "(?:[\\p{L}\\p{Nd} '.&&[^\\u3164\\u02d0\\u01c0\\ua4fd]]"
              + "|\\p{L}\\p{M}{1,4}|\\\\u[0-9a-f]{4}|\\\\U[0-9a-f]{8})+");

  private DeceptiveNames() {}
}
