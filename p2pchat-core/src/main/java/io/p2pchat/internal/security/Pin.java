package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * A team at an address is known by a key.
 *
 * <p>As a line: {@code 192.168.1.20:7070 | 0f1e2d3c-… | 2026-01-31T09:30:00Z | Netech}. The team is
 * the last field, so that it may begin with {@code #}.
 *
 * @param team 1 to 64 characters, none of them | or a control character; stripped
 * @param address an IP address and the listening port; without an IPv6 zone, see {@link #place}
 * @param fingerprint of the team's key there
 * @param firstSeen when that was first seen; in whole seconds
 */
public record Pin(String team, PeerAddress address, Fingerprint fingerprint, Instant firstSeen) {
  private static final int MAX_TEAM = 64;
  private static final int FIELDS = 4;
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}(%[^\\]]{1,64})?\\]):[0-9]{1,5}");
  private static final Pattern ZONE = Pattern.compile("%[^\\]]*");
  private static final Pattern BAR = Pattern.compile("\\|");

  /**
   * Checks the fields, and brings them into their one form.
   *
   * @throws IllegalArgumentException if the team or the address is not as above
   */
  public Pin {
    team = requireTeam(team);
    address = place(address);
    firstSeen = firstSeen.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * The address as it is pinned. The zone of an IPv6 address ({@code %eth0}) is this machine's name
   * for a cable; it changes when a network card is plugged elsewhere, so it is left out.
   *
   * @throws IllegalArgumentException for a host name, which is not a place but leads to one
   */
  static PeerAddress place(PeerAddress address) {
    if (!address.isIp()) {
      throw new IllegalArgumentException("a pin is for an IP address, not for a host name");
    }
    int zone = address.host().indexOf('%');
    return zone < 0 ? address : new PeerAddress(address.host().substring(0, zone), address.port());
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is no pin; the text says what is wrong, and quotes
   *     nothing
   */
  static Pin parse(String line) {
    String[] fields = BAR.split(line, -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(
          "it has "
              + fields.length
              + " fields; expected are 4 with | between: address | fingerprint | first seen | team");
    }
    return new Pin(
        fields[3], address(fields[0].strip()), Fingerprint.parse(fields[1]), time(fields[2]));
  }

  /** The line, without an end. {@link #parse} reads it. */
  String format() {
    return address + " | " + fingerprint + " | " + firstSeen + " | " + team;
  }

  private static PeerAddress address(String text) {
    try {
      if (ADDRESS.matcher(text).matches()) {
        return PeerAddress.parse(ZONE.matcher(text).replaceFirst(""));
      }
    } catch (IllegalArgumentException e) {
      // Answered below: PeerAddress quotes the text.
    }
    throw new IllegalArgumentException(
        "its first field is not an IP address and a port, such as 192.168.1.20:7070 or [fe80::1]:7070");
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "its third field is not a time such as 2026-01-31T09:30:00Z", e);
    }
  }

  private static String requireTeam(String name) {
    String team = name.strip();
    int length = team.codePointCount(0, team.length());
    boolean storable =
        team.indexOf('|') < 0
            && team.chars().noneMatch(Character::isISOControl)
            && StandardCharsets.UTF_8.newEncoder().canEncode(team);
    if (length < 1 || length > MAX_TEAM || !storable) {
      throw new IllegalArgumentException(
          "its team is not 1 to 64 characters, none of them | or a control character");
    }
    return team;
  }
}
