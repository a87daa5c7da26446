import com.sun.jdi.Bootstrap;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Counts the top-level classes of the library that a message passes: those with a method that is
 * entered on its way. A node in another JVM is traced, with the defaults of the library, so
 * sessions use TLS. Traced are single messages, after some others; only classes that each of them
 * passes count, so that timers do not.
 *
 * <ul>
 *   <li>receive: from the read of the socket that has the bytes until the listener returns; on the
 *       event loop, until it wakes the thread of the listener;
 *   <li>send: from the call of send until it has returned and the event loop writes to the socket.
 * </ul>
 */
final class WayFigures {
  private static final int WARM_UP = 3;
  private static final int TRACED = 5;
  private static final String SOCKET = "io.netty.channel.socket.nio.NioSocketChannel";
  private static final String PARKING = "java.util.concurrent.locks.LockSupport";
  private static final String NODE = "TracedNode";

  private final VirtualMachine vm;
  private final BufferedReader output;
  private final PrintWriter input;
  private final int port;

  // Of the message that is traced now; guarded by this.
  private Set<String> classes = new LinkedHashSet<>();
  private boolean sends;
  private boolean started;
  private boolean loopIsPast;
  private boolean applicationIsPast;
  private ThreadReference loop;
  private CompletableFuture<Set<String>> way = new CompletableFuture<>();

  private WayFigures(String program) throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments
        .get("options")
        .setValue(
            "-cp \""
                + System.getProperty("java.class.path")
                + "\" -Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    arguments.get("main").setValue('"' + program + '"');
    vm = connector.launch(arguments);
    Process process = vm.process();
    output = process.inputReader(StandardCharsets.UTF_8);
    input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    daemon(() -> process.errorReader().transferTo(new PrintWriter(System.err, true)));
    daemon(this::handleEvents);
    vm.resume();
    port = Integer.parseInt(await("port "));
  }

  public static void main(String[] args) throws Exception {
    WayFigures figures = new WayFigures(args[0]);
    try (PeerNode peer = PeerNode.builder().teamName("Peer").bindAddress("127.0.0.1").start()) {
      figures.print("receive at level 0", false, figures::sendPlainLine);
      PeerAddress traced = new PeerAddress("127.0.0.1", figures.port);
      figures.print("receive in a session", false, () -> peer.send(traced, "hello").join());
      figures.print(
          "send in a session",
          true,
          () -> {
            figures.input.println(peer.port());
            figures.await("sent");
          });
    } finally {
      figures.input.close();
      figures.vm.process().waitFor();
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void daemon(Action action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (VMDisconnectedException e) {
                // The end.
              } catch (Exception e) {
                e.printStackTrace();
                System.exit(1);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for a line of the traced node that begins so, and returns the rest of it. */
  private String await(String start) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    throw new IOException("the traced node has ended");
  }

  /** A program of the plain format: a connection for each line, which it ends after the line. */
  private void sendPlainLine() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      OutputStream out = socket.getOutputStream();
      out.write("LISTENING_PORT:4000|TEAM_NAME:Plain|hello\n".getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void print(String what, boolean sends, Action message) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      message.run();
    }
    List<EventRequest> requests = request();
    Set<String> all = null;
    for (int i = 0; i < TRACED; i++) {
      CompletableFuture<Set<String>> next = begin(sends);
      message.run();
      Set<String> passed = next.get(60, TimeUnit.SECONDS);
      if (all == null) {
        all = new LinkedHashSet<>(passed);
      } else {
        all.retainAll(passed);
      }
    }
    vm.eventRequestManager().deleteEventRequests(requests);
    long internal = all.stream().filter(name -> name.contains(".internal.")).count();
    System.out.printf(
        "%-56s %4d  (%d internal)%n", "classes on the way: " + what, all.size(), internal);
    System.out.println("  " + String.join(" ", all).replace("io.p2pchat.", ""));
  }

  private List<EventRequest> request() {
    List<EventRequest> requests = new ArrayList<>();
    for (String filter : List.of("io.p2pchat.*", SOCKET, PARKING, NODE)) {
      MethodEntryRequest request = vm.eventRequestManager().createMethodEntryRequest();
      request.addClassFilter(filter);
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      request.enable();
      requests.add(request);
    }
    return requests;
  }

  private synchronized CompletableFuture<Set<String>> begin(boolean forSend) {
    classes = new LinkedHashSet<>();
    sends = forSend;
    started = false;
    loopIsPast = false;
    applicationIsPast = false;
    loop = null;
    way = new CompletableFuture<>();
    return way;
  }

  private void handleEvents() throws InterruptedException {
    while (true) {
      EventSet set = vm.eventQueue().remove();
      for (Event event : set) {
        if (event instanceof MethodEntryEvent entry) {
          entered(entry);
        }
      }
      set.resume();
    }
  }

  private synchronized void entered(MethodEntryEvent entry) {
    ReferenceType type = entry.method().declaringType();
    String method = entry.method().name();
    switch (type.name()) {
      case NODE -> atMark(method);
      case SOCKET -> {
        if (!sends && !started && method.equals("doReadBytes")) {
          started = true;
          loop = entry.thread();
        } else if (sends && started && method.equals("doWrite")) {
          loop = entry.thread();
          loopIsPast = true;
          complete();
        }
      }
      case PARKING -> {
        if (!sends && method.equals("unpark") && entry.thread().equals(loop)) {
          loopIsPast = true;
          complete();
        }
      }
      default -> {
        boolean passed = loopIsPast && entry.thread().equals(loop);
        if (started && !passed && !way.isDone() && type.name().startsWith("io.p2pchat.")) {
          classes.add(topLevel(type.name()));
        }
      }
    }
  }

  private void atMark(String mark) {
    switch (mark) {
      case "sendBegins" -> started = true;
      case "sendReturned", "listenerReturns" -> {
        applicationIsPast = true;
        complete();
      }
      default -> {}
    }
  }

  private void complete() {
    if (loopIsPast && applicationIsPast) {
      way.complete(classes);
    }
  }

  private static String topLevel(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
