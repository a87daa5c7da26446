package io.p2pchat.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A peer without the library, on the JDK's sockets alone: docs/PROTOCOL.md, sections 1 and 2, is
 * enough to write one. It sends one message and prints the first that comes back.
 *
 * <p>Takes the port of a peer on this machine and a text. With {@link EchoBot} on port 7070, the
 * arguments {@code 7070 hello} give
 *
 * <pre>
 * Sent to port 7070: hello
 * EchoBot: hello
 * </pre>
 */
public final class RawLinePeer {
  private static final Pattern CHAT_LINE =
      Pattern.compile("LISTENING_PORT:([0-9]+)\\|TEAM_NAME:([^|]+)\\|(.*)", Pattern.DOTALL);
  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final int WAIT_MILLIS = 10_000;

  private RawLinePeer() {}

  /**
   * Runs the example.
   *
   * @param args a port on this machine, and the text to send there
   * @throws IOException if nobody listens there or nothing comes back within ten seconds
   */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    try (ServerSocket listening = new ServerSocket(0)) {
      listening.setSoTimeout(WAIT_MILLIS);
      String header = "LISTENING_PORT:" + listening.getLocalPort() + "|TEAM_NAME:Raw|";
      send(port, header + args[1]);
      System.out.println("Sent to port " + port + ": " + args[1]);
      System.out.println(readable(receive(listening)));
    }
  }

  /** One connection for one line. The end of the stream ends the line. */
  private static void send(int port, String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(line.getBytes(UTF_8));
      socket.shutdownOutput();
    }
  }

  private static String receive(ServerSocket listening) throws IOException {
    try (Socket socket = listening.accept()) {
      socket.setSoTimeout(WAIT_MILLIS);
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      // Some programs end a line with LF and keep the connection, others close it.
      for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_LINE_BYTES; b = in.read()) {
        line.write(b);
      }
      return line.toString(UTF_8);
    }
  }

  private static String readable(String line) {
    Matcher chatLine = CHAT_LINE.matcher(line);
    String shown = chatLine.matches() ? chatLine.group(2) + ": " + chatLine.group(3).strip() : line;
    // Control characters of a stranger's do not belong on a terminal.
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
