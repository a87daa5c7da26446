package io.p2pchat.cli.output;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.StoredMessage;
import io.p2pchat.StoredMessage.State;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Formats stored messages as lines for people, and as JSON objects, one a line. */
public final class HistoryText {
  private static final int SHORT_KEY = 8;

  private final DateTimeFormatter time;
  private final Map<Fingerprint, String> known;
  private final BiFunction<String, Fingerprint, String> names;

  /**
   * Creates a format.
   *
   * @param known the team names of known keys
   * @param names returns the name of the holder of a key under a team name, which no other has
   */
  public HistoryText(
      ZoneId zone, Map<Fingerprint, String> known, BiFunction<String, Fingerprint, String> names) {
    this.known = Map.copyOf(known);
    this.names = names;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(zone);
  }

  /** Formats a message with its date. The line contains the text as it is. */
  public String line(StoredMessage message) {
    String who = who(message);
    return time.format(message.time())
        + "  "
        + (message.state().outgoing() ? "to " + who : who)
        + ": "
        + message.text()
        + remark(message);
  }

  /**
   * Returns the name of a peer, or without one the start of its key. Anybody can use the name of a
   * peer without a key, so its address comes first.
   */
  public String who(StoredMessage message) {
    Optional<String> team = team(message);
    return message
        .conversation()
        .key()
        .map(key -> team.map(name -> names.apply(name, key)).orElseGet(() -> shortKey(key)))
        .or(() -> message.conversation().address().map(address -> plain(address, team)))
        .orElse("?");
  }

  private static String plain(PeerAddress address, Optional<String> team) {
    return address + team.map(name -> " (" + NameText.of(name) + ", plain)").orElse("");
  }

  /** Returns the team of a peer at the time of a message, or else the one that is known. */
  public Optional<String> team(StoredMessage message) {
    return message.teamName().or(() -> message.conversation().key().map(known::get));
  }

  private static String shortKey(Fingerprint key) {
    return key.toString().substring(0, SHORT_KEY);
  }

  private String remark(StoredMessage message) {
    return switch (message.state()) {
      case KEPT -> " (kept, not delivered yet)";
      case FAILED ->
          message.failure().map(why -> " (not delivered: " + why + ")").orElse(" (not delivered)");
      case DELIVERED, WRITTEN -> "";
      case UNTAKEN, TAKEN ->
          message.claimedTime().map(sent -> " (sent " + time.format(sent) + ")").orElse("");
    };
  }

  /** Formats a message as a JSON object. */
  public String json(StoredMessage message) {
    JsonObject object =
        new JsonObject()
            .with("row", message.row())
            .with("time", message.time().toString())
            .with("direction", message.state().outgoing() ? "out" : "in")
            .with("state", state(message.state()))
            .with("text", message.text());
    add(object, "sent", message.claimedTime().map(Instant::toString));
    add(object, "team", team(message));
    add(object, "fingerprint", message.conversation().key().map(Fingerprint::toString));
    Optional<PeerAddress> address = message.address().or(() -> message.conversation().address());
    add(object, "address", address.map(PeerAddress::toString));
    add(object, "id", message.id());
    add(object, "failure", message.failure());
    return object.toString();
  }

  private static void add(JsonObject object, String name, Optional<String> value) {
    value.ifPresent(text -> object.with(name, text));
  }

  /** An incoming message is received, whether or not it was shown. */
  private static String state(State state) {
    return state.outgoing() ? state.name().toLowerCase(Locale.ROOT) : "received";
  }
}
