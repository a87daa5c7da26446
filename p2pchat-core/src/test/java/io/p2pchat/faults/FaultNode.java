package io.p2pchat.faults;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.SessionReset;
import io.p2pchat.PeerNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One node of the fault suite. It sends numbered messages to the others and writes down what became
 * of each, and every message it takes, before its listener returns. The script paces it by {@link
 * Marks}; it sets {@code ready}, {@code warm} (each peer has acknowledged a message) and {@code
 * done} (the future of each message has completed) itself, with its name.
 */
final class FaultNode {
  private static final Duration FIRST_CONTACT = Duration.ofMinutes(1);
  private static final int POLL_MILLIS = 20;

  private final Plan plan;
  private final Marks marks;
  private final AtomicInteger resets = new AtomicInteger();

  private FaultNode(Plan plan) {
    this.plan = plan;
    this.marks = new Marks(plan.directory());
  }

  /** Runs a node as {@link Plan#parse} reads it. */
  public static void main(String[] args) throws Exception {
    new FaultNode(Plan.parse(args)).run();
  }

  private void run() throws Exception {
    try (Journal taken = new Journal(plan.directory().resolve("taken-" + plan.id()));
        PeerNode node =
            PeerNode.builder()
                .teamName(plan.name())
                .port(plan.port())
                .settings(plan.settings())
                .onMessage(message -> taken.add(entry(message)))
                .on(SessionReset.class, reset -> resets.incrementAndGet())
                .start()) {
      marks.set("ready-" + plan.id(), "");
      marks.await(Marks.START);
      sendAll(node);
      marks.await(Marks.END);
    }
  }

  private static String entry(MessageReceived message) {
    return (message.raw() ? "raw " : "") + Letter.brief(message.text());
  }

  private void sendAll(PeerNode node) throws Exception {
    if (plan.peers().isEmpty()) {
      marks.set(Marks.LISTENS + plan.id(), "");
    }
    List<MessageFlow> flows = new ArrayList<>();
    for (Map.Entry<String, PeerAddress> peer : plan.peers().entrySet()) {
      flows.add(new MessageFlow(node, plan, peer.getKey(), peer.getValue()));
    }
    forEach(flows, flow -> flow.begin(FIRST_CONTACT));
    marks.set("warm-" + plan.id(), "");
    forEach(flows, flow -> flow.load(marks));
    for (MessageFlow flow : flows) {
      while (flow.open() > 0) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      flow.close();
    }
    long reconnects = node.metrics().reconnects();
    marks.set("done-" + plan.id(), "reconnects " + reconnects + "\nresets " + resets);
  }

  /** What is done with each flow at the same time. */
  private interface Action {
    void run(MessageFlow flow)
        throws IOException, InterruptedException, ExecutionException, TimeoutException;
  }

  private static void forEach(List<MessageFlow> flows, Action action) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (MessageFlow flow : flows) {
      Thread thread = new Thread(() -> runOrDie(flow, action), "flow");
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** The script notices that the process is gone, and shows what it said. */
  private static void runOrDie(MessageFlow flow, Action action) {
    try {
      action.run(flow);
    } catch (IOException
        | InterruptedException
        | ExecutionException
        | TimeoutException
        | RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
