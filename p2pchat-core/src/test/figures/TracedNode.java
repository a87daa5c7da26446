import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A node whose methods WayFigures traces. It prints its port, and sends a message to the port in
 * each line of its input, and to none the text "end". The methods that do nothing are marks for the
 * tracer.
 */
final class TracedNode {
  private TracedNode() {}

  public static void main(String[] args) throws IOException {
    try (PeerNode node =
            PeerNode.builder()
                .teamName("Traced")
                .bindAddress("127.0.0.1")
                .onMessage(
                    message -> {
                      System.out.println("received " + message.text());
                      listenerReturns();
                    })
                .start();
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("port " + node.port());
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        PeerAddress peer = new PeerAddress("127.0.0.1", Integer.parseInt(line));
        sendBegins();
        var sent = node.send(peer, "hello");
        sendReturned();
        sent.join();
        System.out.println("sent");
      }
    }
  }

  private static void listenerReturns() {}

  private static void sendBegins() {}

  private static void sendReturned() {}
}
