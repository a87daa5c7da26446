package io.p2pchat.testing.peers;

import static io.p2pchat.testing.Eventually.until;

import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A listener that keeps all events. Thread-safe. */
public final class EventLog implements PeerListener {
  private final List<PeerEvent> events = new ArrayList<>();
  private final Map<Class<? extends PeerEvent>, Integer> counts = new HashMap<>();

  /** Makes an empty log. */
  public EventLog() {}

  @Override
  public synchronized void onEvent(PeerEvent event) {
    events.add(event);
    counts.merge(event.getClass(), 1, Integer::sum);
  }

  /** All events so far. */
  public synchronized List<PeerEvent> all() {
    return List.copyOf(events);
  }

  /** The events of one kind so far. */
  public <E extends PeerEvent> List<E> of(Class<E> kind) {
    return all().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The kinds of all events so far, in order. */
  public List<String> kinds() {
    return all().stream().map(event -> event.getClass().getSimpleName()).toList();
  }

  /** The messages so far. */
  public List<MessageReceived> messages() {
    return of(MessageReceived.class);
  }

  /** The texts of the messages so far. */
  public List<String> texts() {
    return messages().stream().map(MessageReceived::text).toList();
  }

  /** Waits for at least so many messages, and returns the texts of all. */
  public List<String> awaitTexts(int count) {
    until(count + " messages", () -> count(MessageReceived.class) >= count);
    return texts();
  }

  /** Waits for the first event of a kind. */
  public <E extends PeerEvent> E awaitFirst(Class<E> kind) {
    until(kind.getSimpleName(), () -> count(kind) > 0);
    return of(kind).get(0);
  }

  private synchronized int count(Class<? extends PeerEvent> kind) {
    return counts.entrySet().stream()
        .filter(each -> kind.isAssignableFrom(each.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
