package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.net.HostResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Messages to host names: they wait until the name is looked up, and then go on to the contact of
 * its IP address, so that there is one order of messages for each peer, however it was named.
 *
 * <p>Thread-safe.
 */
public final class HostNameQueue {
  private final HostResolver resolver;
  private final EndpointTable contacts;
  private final NodeSettings settings;
  private final Map<PeerAddress, Waiting> names = new HashMap<>();
  private final Set<Question> questions = new HashSet<>();
  private boolean stopped;

  private record Item(EncodedText message, CompletableFuture<Delivery> future) {}

  /** The address of a name, and whether this node itself listens there. */
  private record Found(InetAddress ip, boolean isSelf) {}

  /** Somebody asks when there is room. */
  private static final class Question {
    final CompletableFuture<Void> answer = new CompletableFuture<>();
  }

  private static final class Waiting {
    final Budget budget;
    final List<Item> items = new ArrayList<>();

    Waiting(NodeSettings settings) {
      budget = new Budget(settings.outboundLinesPerPeer(), settings.outboundBytesPerPeer());
    }
  }

  public HostNameQueue(HostResolver resolver, EndpointTable contacts, NodeSettings settings) {
    this.resolver = resolver;
    this.contacts = contacts;
    this.settings = settings;
  }

  /** Looks the name up and sends, behind what waits for the same name. */
  void send(PeerAddress name, EncodedText message, CompletableFuture<Delivery> future) {
    boolean first;
    synchronized (names) {
      if (stopped) {
        future.completeExceptionally(contacts.closed());
        return;
      }
      first = !names.containsKey(name);
      Waiting waiting = names.computeIfAbsent(name, any -> new Waiting(settings));
      if (!waiting.budget.reserve(message.text().length)) {
        future.completeExceptionally(
            new OutboundQueueFullException(
                waiting.budget + " wait for " + name + " already", null));
        return;
      }
      waiting.items.add(new Item(message, future));
    }
    if (first) {
      resolve(name);
    }
  }

  private void resolve(PeerAddress name) {
    contacts.tasks.onLoop(
        () ->
            resolver.resolve(
                name.host(),
                ip -> new Found(ip, contacts.self.isTarget(ip, name.port())),
                (found, failure) -> resolved(name, found, failure)));
  }

  private void resolved(
      PeerAddress name, @Nullable Found found, @Nullable PeerUnreachableException failure) {
    synchronized (names) {
      Waiting waiting = names.remove(name);
      if (waiting != null && found != null) {
        PeerAddress address = PeerAddress.of(new InetSocketAddress(found.ip, name.port()));
        waiting.items.forEach(item -> send(address, found.isSelf, item));
      } else if (waiting != null) {
        contacts.tasks.complete(
            () -> waiting.items.forEach(item -> item.future.completeExceptionally(again(failure))));
      }
    }
    contacts.checkEmpty();
  }

  private void send(PeerAddress address, boolean isSelf, Item item) {
    if (isSelf) {
      contacts.tasks.fail(item.future, MessageRouter.itself(address));
    } else {
      contacts.sender.send(address, item.message, item.future);
    }
  }

  private static PeerUnreachableException again(@Nullable PeerUnreachableException failure) {
    return failure == null
        ? new PeerUnreachableException("The host name was not found", null)
        : new PeerUnreachableException(String.valueOf(failure.getMessage()), failure.getCause());
  }

  /** Completes when less than half of what may wait for the name's IP address does. */
  CompletableFuture<Void> whenWritable(PeerAddress name) {
    Question question = new Question();
    synchronized (names) {
      if (stopped) {
        return CompletableFuture.failedFuture(contacts.closed());
      }
      questions.add(question);
    }
    contacts.tasks.onLoop(
        () ->
            resolver.resolve(
                name.host(),
                ip -> ip,
                (ip, failure) -> {
                  CompletableFuture<Void> found =
                      ip == null
                          ? CompletableFuture.completedFuture(null)
                          : contacts.sender.whenWritable(
                              PeerAddress.of(new InetSocketAddress(ip, name.port())));
                  found.whenComplete((room, closed) -> answer(question));
                }));
    return question.answer;
  }

  private void answer(Question question) {
    synchronized (names) {
      questions.remove(question);
    }
    contacts.tasks.complete(() -> question.answer.complete(null));
  }

  boolean isEmpty() {
    synchronized (names) {
      return names.isEmpty();
    }
  }

  /** Fails all that waits, and from now on whatever is sent. */
  void stop() {
    synchronized (names) {
      stopped = true;
      List<Item> items = names.values().stream().flatMap(w -> w.items.stream()).toList();
      names.clear();
      List<Question> unanswered = List.copyOf(questions);
      questions.clear();
      contacts.tasks.complete(
          () -> unanswered.forEach(one -> one.answer.completeExceptionally(contacts.closed())));
      contacts.tasks.complete(
          () ->
              items.forEach(
                  item ->
                      item.future.completeExceptionally(
                          new NodeClosedException(
                              "The node was closed before the message was sent", null))));
    }
  }
}
