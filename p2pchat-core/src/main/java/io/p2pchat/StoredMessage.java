package io.p2pchat;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message in a {@link MessageStore}. Times are kept in whole milliseconds.
 *
 * <p>This class is immutable and thread-safe. Later versions may add parts. Two messages are equal
 * if all their parts are. Specification: docs/STORE.md.
 */
public final class StoredMessage {
  private final Values values;

  private StoredMessage(Values values) {
    this.values = values;
  }

  /** How far a message has come. Later versions may add states. */
  public enum State {
    /** Outgoing: accepted, and neither delivered nor failed yet. */
    KEPT(true),
    /** Outgoing: the peer has acknowledged it. */
    DELIVERED(true),
    /** Outgoing, to a peer that acknowledges nothing: written to a connection. */
    WRITTEN(true),
    /** Outgoing: ended undelivered, or perhaps undelivered. {@link #failure} says why. */
    FAILED(true),
    /** Incoming: acknowledged, but the application's listener has not returned from it yet. */
    UNTAKEN(false),
    /** Incoming: the application's listener has returned from it. */
    TAKEN(false);

    private final boolean outgoing;

    State(boolean outgoing) {
      this.outgoing = outgoing;
    }

    /**
     * Returns the direction of messages in this state.
     *
     * @return true for messages that this node sent, false for those that it received
     */
    public boolean outgoing() {
      return outgoing;
    }
  }

  /**
   * Creates a builder for a message that is not stored yet.
   *
   * @param conversation whom it was exchanged with
   * @param state its state
   * @param text the text, with line breaks as {@code \n}
   * @param time when it was accepted from the application, or arrived
   * @return the builder
   */
  public static Builder builder(Conversation conversation, State state, String text, Instant time) {
    return new Builder(new Values(conversation, state, text, time));
  }

  /**
   * Returns a builder that starts with the parts of this message.
   *
   * @return the builder
   */
  public Builder toBuilder() {
    return new Builder(new Values(values));
  }

  /**
   * Returns the row number. Later stored messages have higher ones, and no number is used again. It
   * is the cursor for reading.
   *
   * @return 1 or more; 0 before the message is stored
   */
  public long row() {
    return values.row;
  }

  /**
   * Returns whom the message was exchanged with.
   *
   * @return the conversation
   */
  public Conversation conversation() {
    return values.conversation;
  }

  /**
   * Returns how far the message has come.
   *
   * @return the state, which also tells the direction
   */
  public State state() {
    return values.state;
  }

  /**
   * Returns the text, with line breaks as {@code \n}. It may contain any other control character.
   *
   * @return the text
   */
  public String text() {
    return values.text;
  }

  /**
   * Returns when the message was accepted from the application, or arrived, by this machine's
   * clock. A clock can be set back: {@link #row} gives the order.
   *
   * @return the time
   */
  public Instant time() {
    return values.time;
  }

  /**
   * Returns when the message was sent, as its sender claims. A sender says so for a message that
   * waited.
   *
   * @return the time; empty if the sender has not said so, and for outgoing messages
   */
  public Optional<Instant> claimedTime() {
    return Optional.ofNullable(values.claimedTime);
  }

  /**
   * Returns the team name of the peer at the time of the message.
   *
   * @return the name; empty if unknown
   */
  public Optional<String> teamName() {
    return Optional.ofNullable(values.teamName);
  }

  /**
   * Returns the address that an outgoing message was sent to, or that an incoming one came from.
   *
   * @return the address; empty for a message to a key
   */
  public Optional<PeerAddress> address() {
    return Optional.ofNullable(values.address);
  }

  /**
   * Returns the address that a kept message was sent to, for any peer there. If another key is
   * accepted there, the message fails. Known only in state {@link State#KEPT}, and to the owner of
   * the store ({@link MessageStore#claim}).
   *
   * @return the address; empty if the message was sent to a peer
   */
  public Optional<PeerAddress> sentTo() {
    return Optional.ofNullable(values.sentTo);
  }

  /**
   * Returns the identifier of the submission.
   *
   * @return 1 to 64 characters; empty for messages without one
   */
  public Optional<String> id() {
    return Optional.ofNullable(values.id);
  }

  /**
   * Returns the outbox in which the message has its {@link #number}: an opening of the sender's
   * store. A store keeps both only for messages in state {@link State#KEPT}.
   *
   * @return 1 to 64 characters; empty for a message without a number
   */
  public Optional<String> outboxId() {
    return Optional.ofNullable(values.outboxId);
  }

  /**
   * Returns the number of the message in its outbox.
   *
   * @return 1 or more; 0 for a message without a number
   */
  public long number() {
    return values.number;
  }

  /**
   * Returns when a kept message expires.
   *
   * @return the time; empty for other messages
   */
  public Optional<Instant> expiry() {
    return Optional.ofNullable(values.expiry);
  }

  /**
   * Returns why a message failed.
   *
   * @return a short text; empty in other states
   */
  public Optional<String> failure() {
    return Optional.ofNullable(values.failure);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoredMessage that
        && ValueFields.list(values).equals(ValueFields.list(that.values));
  }

  @Override
  public int hashCode() {
    return Objects.hash(values.row, values.text, values.time);
  }

  /** Returns a description for logs. Its format may change. It contains the text unescaped. */
  @Override
  public String toString() {
    return ValueFields.toString("StoredMessage", values);
  }

  private static final class Values {
    private long row;
    private final Conversation conversation;
    private State state;
    private final String text;
    private final Instant time;
    private @Nullable Instant claimedTime;
    private @Nullable String teamName;
    private @Nullable PeerAddress address;
    private @Nullable PeerAddress sentTo;
    private @Nullable String id;
    private @Nullable String outboxId;
    private long number;
    private @Nullable Instant expiry;
    private @Nullable String failure;

    Values(Conversation conversation, State state, String text, Instant time) {
      this.conversation = Objects.requireNonNull(conversation, "conversation");
      this.state = Objects.requireNonNull(state, "state");
      this.text = Objects.requireNonNull(text, "text");
      this.time = inMillis(time);
    }

    Values(Values that) {
      this(that.conversation, that.state, that.text, that.time);
      this.row = that.row;
      this.claimedTime = that.claimedTime;
      this.teamName = that.teamName;
      this.address = that.address;
      this.sentTo = that.sentTo;
      this.id = that.id;
      this.outboxId = that.outboxId;
      this.number = that.number;
      this.expiry = that.expiry;
      this.failure = that.failure;
    }

    static Instant inMillis(Instant time) {
      return Instant.ofEpochMilli(time.toEpochMilli());
    }
  }

  /** Builds a message. This class is not thread-safe. */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets the row number, as only a store does.
     *
     * @param row 1 or more
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder row(long row) {
      values.row = positive("row", row);
      return this;
    }

    /**
     * Sets the state.
     *
     * @param state the state
     * @return this builder
     */
    public Builder state(State state) {
      values.state = Objects.requireNonNull(state, "state");
      return this;
    }

    /**
     * Sets when the sender claims to have sent the message.
     *
     * @param time the time, or null
     * @return this builder
     */
    public Builder claimedTime(@Nullable Instant time) {
      values.claimedTime = time == null ? null : Values.inMillis(time);
      return this;
    }

    /**
     * Sets the team name of the peer.
     *
     * @param name the name, or null
     * @return this builder
     */
    public Builder teamName(@Nullable String name) {
      values.teamName = name;
      return this;
    }

    /**
     * Sets the address that the message was sent to or came from.
     *
     * @param address the address, or null
     * @return this builder
     */
    public Builder address(@Nullable PeerAddress address) {
      values.address = address;
      return this;
    }

    /**
     * Sets the address that a kept message was sent to, for any peer there.
     *
     * @param address the address, or null if it was sent to a peer
     * @return this
     */
    public Builder sentTo(@Nullable PeerAddress address) {
      values.sentTo = address;
      return this;
    }

    /**
     * Sets the identifier of the submission.
     *
     * @param id 1 to 64 characters, or null
     * @return this builder
     * @throws IllegalArgumentException if it is longer or empty
     */
    public Builder id(@Nullable String id) {
      values.id = id == null ? null : bounded("id", id);
      return this;
    }

    /**
     * Sets the number in an outbox.
     *
     * @param outboxId 1 to 64 characters
     * @param number 1 or more
     * @return this builder
     * @throws IllegalArgumentException if one of them is not that
     */
    public Builder number(String outboxId, long number) {
      values.outboxId = bounded("outboxId", outboxId);
      values.number = positive("number", number);
      return this;
    }

    /**
     * Removes the number in an outbox, which a store does not keep of other than kept messages.
     *
     * @return this builder
     */
    public Builder withoutNumber() {
      values.outboxId = null;
      values.number = 0;
      return this;
    }

    /**
     * Sets when the message expires.
     *
     * @param time the time, or null
     * @return this builder
     */
    public Builder expiry(@Nullable Instant time) {
      values.expiry = time == null ? null : Values.inMillis(time);
      return this;
    }

    /**
     * Sets why the message failed.
     *
     * @param reason a short text, or null
     * @return this builder
     */
    public Builder failure(@Nullable String reason) {
      values.failure = reason;
      return this;
    }

    /**
     * Creates the message.
     *
     * @return the message
     */
    public StoredMessage build() {
      return new StoredMessage(new Values(values));
    }

    private static long positive(String name, long value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + " is " + value + ", and must be 1 or more");
      }
      return value;
    }

    private static String bounded(String name, String value) {
      if (value.isEmpty() || value.length() > 64) {
        throw new IllegalArgumentException(
            name + " has " + value.length() + " characters, and must have 1 to 64");
      }
      return value;
    }
  }
}
