package io.p2pchat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.Security;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The main class of a child process. A line of its input is a command and its numbers; the line of
 * output that answers it is {@code ok} and numbers, or {@code failed} and why. It ends with its
 * input, so none is left when the parent is stopped.
 */
public final class BenchChild {
  private final BenchRole role;
  private final Allocation allocation = new Allocation();

  private BenchChild(BenchRole role) {
    this.role = role;
  }

  /**
   * Runs a child.
   *
   * @param args its role
   * @throws IOException if the input cannot be read
   * @throws InterruptedException if interrupted while the role begins
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    BenchChild child = new BenchChild(role(args[0]));
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(child.answer(line));
    }
    // Not by closing: a node would say goodbye to a thousand peers.
    Runtime.getRuntime().halt(0);
  }

  private static BenchRole role(String name) throws InterruptedException {
    if (name.startsWith("chat-")) {
      ChatNodes.warmUp();
    }
    return switch (name) {
      case "bare-receiver" -> new BareReceiver();
      case "bare-sender" -> new BareSender();
      case "bare-echo" -> new BareEcho();
      case "bare-ping" -> new BarePing();
      case "bare-broadcaster" -> new BareBroadcaster();
      case "chat-receiver" -> new ChatReceiver(ChatNodes.node("Receiver", Security.plaintext()));
      case "chat-sender" -> new ChatSender(ChatNodes.node("Sender", Security.plaintext()));
      case "chat-tls-receiver" -> new ChatReceiver(ChatNodes.node("Receiver", Security.required()));
      case "chat-tls-sender" -> new ChatSender(ChatNodes.node("Sender", Security.required()));
      case "chat-durable-receiver" ->
          new ChatReceiver(ChatNodes.durable("Receiver", ChatNodes.directory()));
      case "chat-durable-sender" ->
          new ChatSender(ChatNodes.durable("Sender", ChatNodes.directory()));
      case "chat-durable-single" -> new DurableSingle();
      case "chat-echo" -> new ChatEcho(ChatNodes.node("Echo"));
      case "chat-ping" -> new ChatPing(ChatNodes.node("Ping"));
      case "chat-inline-echo" -> new ChatEcho(ChatNodes.node("Echo").inlineListener());
      case "chat-inline-ping" -> new ChatPing(ChatNodes.node("Ping").inlineListener());
      case "chat-broadcaster" -> new ChatBroadcaster();
      case "bare-seeker" -> new Seeker.OfBare();
      case "chat-seeker" -> new Seeker.OfChat();
      case "closing-sender" -> new FreshSender(FreshSender.Kind.CLOSING);
      case "waiting-sender" -> new FreshSender(FreshSender.Kind.WAITING);
      case "fresh-sender" -> new FreshSender(FreshSender.Kind.MANY);
      case "crowd" -> new BenchCrowd();
      default -> throw new IllegalArgumentException("no role: " + name);
    };
  }

  private String answer(String line) {
    try {
      String[] words = line.split(" ");
      long[] args = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
      return Arrays.stream(answer(words[0], args))
          .mapToObj(Long::toString)
          .collect(Collectors.joining(" ", "ok ", ""));
    } catch (Exception e) {
      return "failed " + String.valueOf(e).replace('\n', ' ');
    }
  }

  private long[] answer(String command, long[] args) throws Exception {
    return switch (command) {
      case BenchRole.START_ALLOCATION -> allocation.start();
      case BenchRole.END_ALLOCATION -> allocation.end();
      case BenchRole.MEMORY -> Memory.measure();
      default -> role.answer(command, args);
    };
  }
}
