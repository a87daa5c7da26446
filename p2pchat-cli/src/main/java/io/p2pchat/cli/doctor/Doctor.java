package io.p2pchat.cli.doctor;

import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.cli.doctor.PeerCheck.Rules;
import io.p2pchat.cli.doctor.PortCheck.Listening;
import io.p2pchat.discovery.MulticastDnsDiscovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Finds out why nobody appears. The checks run side by side, and those of one peer after them.
 *
 * <p>This class is thread-safe.
 */
public final class Doctor {
  private static final Duration WINDOW = Duration.ofSeconds(5);

  /** The window, and the time that a slow machine needs to begin and to end the checks. */
  private static final Duration LIMIT = WINDOW.plusSeconds(10);

  private final Settings settings;
  private final ClockCheck clock = new ClockCheck(InstantSource.system(), System::nanoTime, WINDOW);

  /** Creates the checks for one run. */
  interface Checks {
    List<Check> general(ExecutorService executor);

    PeerCheck ofPeer(ExecutorService executor);
  }

  /** The data directory of the user. */
  public interface DataDirectory {
    /**
     * Returns the directory. It may be missing.
     *
     * @throws IOException if it cannot be used; the message says why, and what to do
     */
    Path path() throws IOException;
  }

  /**
   * What the user has set.
   *
   * @param port the port, or 0 for any
   * @param bind the address to listen on, or empty for all
   * @param policy whether to encrypt
   * @param strict whether unknown keys are refused
   * @param dataDir where the keys are
   * @param unusualDataDir the value of {@code --data-dir} for commands, or empty if they need none
   * @param own the addresses of the node of this program; empty if there is none
   * @param discovers whether to send multicast
   */
  public record Settings(
      int port,
      Optional<String> bind,
      Policy policy,
      boolean strict,
      DataDirectory dataDir,
      Optional<Path> unusualDataDir,
      List<PeerAddress> own,
      boolean discovers) {}

  /** Creates a doctor. Jumps of the clock count from now on. */
  public Doctor(Settings settings) {
    this.settings = settings;
  }

  /**
   * Runs the checks. Takes five seconds, and longer for a peer that does not answer.
   *
   * @param goal the peer to check too, or empty
   * @param out takes the findings, in the order of the checks
   * @return whether there is no problem
   */
  public boolean examine(Optional<PeerGoal> goal, Consumer<Finding> out) {
    return run(new SystemChecks(settings, clock), LIMIT, goal, out);
  }

  static boolean run(
      Checks checks, Duration limit, Optional<PeerGoal> goal, Consumer<Finding> out) {
    AtomicInteger problems = new AtomicInteger();
    Consumer<Finding> counted =
        finding -> {
          problems.addAndGet(finding.isProblem() ? 1 : 0);
          out.accept(finding);
        };
    ExecutorService executor = Executors.newCachedThreadPool(Doctor::thread);
    try {
      runAll(checks.general(executor), executor, limit, counted);
      goal.ifPresent(peer -> checks.ofPeer(executor).run(peer).forEach(counted));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      executor.shutdownNow();
    }
    return problems.get() == 0;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "p2pchat-doctor");
    thread.setDaemon(true);
    return thread;
  }

  private static void runAll(
      List<Check> checks, ExecutorService executor, Duration limit, Consumer<Finding> out)
      throws InterruptedException {
    long start = System.nanoTime();
    List<Future<List<Finding>>> running =
        checks.stream().map(check -> executor.submit(check::run)).toList();
    for (int i = 0; i < running.size(); i++) {
      long left = limit.toNanos() - (System.nanoTime() - start);
      result(checks.get(i).name(), running.get(i), left).forEach(out);
    }
  }

  private static List<Finding> result(String name, Future<List<Finding>> running, long nanos)
      throws InterruptedException {
    try {
      return running.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      return List.of(
          Finding.warning(
              name, "This check did not end in time.", "Run it again when the machine is idle."));
    } catch (ExecutionException e) {
      return List.of(
          Finding.warning(
              name, "This check failed: " + e.getCause() + ".", "Please report that as a bug."));
    }
  }

  /** The checks of this machine. */
  private static final class SystemChecks implements Checks {
    private final Settings settings;
    private final LocalNetwork network = new SystemNetwork();
    private final LocalSystem system = new RealSystem();
    private final TcpProbe tcp = new SystemTcp();
    private final ClockCheck clock;
    private final KeyCheck keys;
    private final PeersCheck peers;

    SystemChecks(Settings settings, ClockCheck clock) {
      this.settings = settings;
      this.clock = clock;
      this.keys = new KeyCheck(settings.dataDir());
      this.peers = new PeersCheck(MulticastDnsDiscovery::new, WINDOW, settings.own());
    }

    @Override
    public List<Check> general(ExecutorService executor) {
      Listening listening =
          new Listening(settings.port(), settings.bind(), !settings.own().isEmpty());
      List<Check> checks = new ArrayList<>();
      checks.add(new InterfacesCheck(network));
      checks.add(new PortCheck(network, tcp, listening, executor));
      if (settings.discovers()) {
        // Asked now, before the others open this port.
        checks.add(new MdnsPortCheck(network.mdnsPort(), system));
        checks.add(new MulticastCheck(network, system, executor));
      }
      checks.add(keys);
      checks.add(new FirewallCheck(system, settings.port()));
      if (settings.discovers()) {
        checks.add(peers);
      }
      checks.add(clock);
      return checks;
    }

    @Override
    public PeerCheck ofPeer(ExecutorService executor) {
      Rules rules = new Rules(settings.policy(), settings.strict(), settings.unusualDataDir());
      return new PeerCheck(network, tcp, keys, peers::seen, rules, system, executor);
    }
  }
}
