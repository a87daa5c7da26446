package io.p2pchat.examples;

import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import java.io.IOException;

/**
 * A bot that sends every message back to whom it came from, until its input ends (Ctrl-D) or it is
 * stopped (Ctrl-C). Then it says exit to the peers that are connected with it.
 *
 * <p>Takes the port to listen on, or none for any free one. Expect one line when it listens,
 *
 * <pre>
 * EchoBot listens on port 7070
 * </pre>
 *
 * and one for each message: {@code Answered One at 192.168.1.20:9090}. A raw message, such as a
 * line typed into {@code nc}, has no sender that listens, so it is not answered.
 */
public final class EchoBot {
  private EchoBot() {}

  /**
   * Runs the bot.
   *
   * @param args the port, or nothing
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] args) throws IOException {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    try (PeerNode node =
        PeerNode.builder()
            .teamName("EchoBot")
            .port(port)
            .on(MessageReceived.class, EchoBot::answer)
            .start()) {
      Runtime.getRuntime().addShutdownHook(new Thread(node::close));
      System.out.println("EchoBot listens on port " + node.port());
      while (System.in.read() >= 0) {
        // What is typed has no meaning; the end of it has.
      }
    }
  }

  /** Runs on the node's events thread, so it must not wait for the answer to be sent. */
  private static void answer(PeerNode node, MessageReceived message) {
    if (!message.raw()) {
      String to = message.peer().teamName() + " at " + message.peer().address();
      node.send(message.peer().address(), message.text())
          .whenComplete(
              (delivery, failure) ->
                  System.out.println(
                      failure == null
                          ? "Answered " + to
                          : "Could not answer " + to + ": " + failure.getMessage()));
    }
  }
}
