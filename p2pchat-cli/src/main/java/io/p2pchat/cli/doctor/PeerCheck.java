package io.p2pchat.cli.doctor;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustStoreException;
import io.p2pchat.cli.doctor.Finding.Result;
import io.p2pchat.cli.doctor.PeerLookup.Target;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import io.p2pchat.discovery.PeerCandidate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds out why one peer does not answer, step by step: name, TCP, greeting, TLS, trust. The first
 * step that fails is the last one. Sends neither a message nor a key of this node.
 */
final class PeerCheck {
  private static final String TCP = "peer-tcp";
  private static final String GREETING = "peer-greeting";
  private static final String TLS = "peer-tls";
  private static final String TRUST = "peer-trust";
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final Duration GREETING_LIMIT = Duration.ofSeconds(2);

  private final TcpProbe tcp;
  private final KeyCheck keys;
  private final Supplier<List<PeerCandidate>> seen;
  private final Rules rules;
  private final LocalSystem system;
  private final Executor executor;
  private final PeerLookup lookup;

  /**
   * What this user's options demand of peers.
   *
   * @param policy whether to encrypt
   * @param strict whether unknown keys are refused
   * @param dataDir the value of {@code --data-dir} for commands, or empty if they need none
   */
  record Rules(Policy policy, boolean strict, Optional<Path> dataDir) {}

  PeerCheck(
      LocalNetwork network,
      TcpProbe tcp,
      KeyCheck keys,
      Supplier<List<PeerCandidate>> seen,
      Rules rules,
      LocalSystem system,
      Executor executor) {
    this.tcp = tcp;
    this.keys = keys;
    this.seen = seen;
    this.rules = rules;
    this.system = system;
    this.executor = executor;
    this.lookup = new PeerLookup(network, tcp, seen, executor);
  }

  /** Runs the steps. Several addresses are tried side by side. */
  List<Finding> run(PeerGoal goal) {
    List<KnownPeer> known;
    try {
      known = keys.knownPeers();
    } catch (IOException | TrustStoreException e) {
      return List.of(
          Finding.problem(
              TRUST,
              "The known peers cannot be read, so everybody is refused: " + ResultText.reason(e),
              "See the line on your key."));
    }
    Target target = lookup.find(goal, known);
    List<CompletableFuture<List<Finding>>> running =
        target.addresses().stream()
            .map(
                address ->
                    CompletableFuture.supplyAsync(
                        () -> new Steps(address, target, known).run(), executor))
            .toList();
    List<List<Finding>> found = running.stream().map(CompletableFuture::join).toList();
    boolean oneAnswers =
        found.stream().anyMatch(steps -> steps.stream().noneMatch(Finding::isProblem));
    return Stream.concat(
            Stream.of(target.finding()),
            found.stream()
                .flatMap(List::stream)
                .map(each -> oneAnswers && each.isProblem() ? each.as(Result.WARNING) : each))
        .toList();
  }

  /** The steps at one address. */
  private final class Steps {
    private final PeerAddress address;
    private final Target target;
    private final List<KnownPeer> known;
    private final List<Finding> found = new ArrayList<>();

    Steps(PeerAddress address, Target target, List<KnownPeer> known) {
      this.address = address;
      this.target = target;
      this.known = known;
    }

    List<Finding> run() {
      InetSocketAddress to = new InetSocketAddress(address.ip().orElseThrow(), address.port());
      try (TcpProbe.Connection connection = tcp.connect(to, STEP)) {
        found.add(Finding.ok(TCP, address + " accepts connections."));
        greet(connection);
      } catch (IOException e) {
        // A failure of the other steps is a finding already.
        if (found.isEmpty()) {
          found.add(unreachable(e));
        }
      }
      return found;
    }

    private Finding unreachable(IOException failure) {
      return switch (ConnectFailure.of(failure)) {
        case REFUSED ->
            Finding.problem(
                TCP,
                address + " refused the connection: no program listens on that port.",
                "Start p2pchat there, and compare the port with /me there.");
        case TIMED_OUT ->
            Finding.problem(
                TCP,
                address
                    + " did not answer in "
                    + STEP.toSeconds()
                    + " s: the machine is off, or a firewall or the network drops packets.",
                "Check that it is on and in this network. Run 'p2pchat doctor' there, and allow TCP"
                    + " port "
                    + address.port()
                    + " in its firewall.");
        case NO_ROUTE ->
            Finding.problem(
                TCP,
                "There is no route to "
                    + address
                    + ": no machine has this address in this network, or this machine has no way"
                    + " to its network.",
                system.platform() == LocalSystem.Platform.MACOS
                    ? FirewallCheck.MACOS_PRIVACY + " Else compare the address with /me there."
                    : "Compare the address with /me there, and check that both are in one"
                        + " network.");
        case OTHER ->
            Finding.problem(
                TCP,
                "No connection to " + address + ": " + failure.getMessage() + ".",
                "Compare the address with /me there.");
      };
    }

    private void greet(TcpProbe.Connection connection) {
      Optional<GreetingLine> greeting;
      try {
        greeting = connection.greeting(GREETING_LIMIT);
      } catch (IOException e) {
        found.add(
            Finding.problem(
                GREETING,
                address + " closed the connection without a greeting.",
                "If p2pchat runs there, check that its --allow includes this machine."));
        return;
      }
      if (greeting.isEmpty()) {
        found.add(
            inPlain(
                GREETING,
                "A program at "
                    + address
                    + " sent no greeting in "
                    + GREETING_LIMIT.toSeconds()
                    + " s: it is a plain-format program, or it is very slow.",
                "Check the port, if you expect a p2pchat there."));
        return;
      }
      GreetingLine line = greeting.get();
      found.add(
          Finding.ok(
              GREETING,
              "A p2pchat greets at "
                  + address
                  + " (protocol "
                  + line.version()
                  + ", TLS "
                  + line.tls()
                  + ")."));
      if (!line.encrypts()) {
        found.add(
            inPlain(
                TLS,
                "The p2pchat at " + address + " does not encrypt.",
                "Start it without --security plaintext."));
      } else if (rules.policy() == Policy.PLAINTEXT) {
        ownPlaintext(line);
      } else {
        encrypt(connection);
      }
    }

    /** Returns what follows where the other side does not encrypt. */
    private Finding inPlain(String step, String text, String next) {
      if (rules.policy() == Policy.REQUIRED) {
        return Finding.problem(
            step, text + " Your --security required refuses it.", next + otherwise());
      }
      Optional<KnownPeer> holder = holder();
      return holder.isPresent()
          ? Finding.problem(
              step,
              text + " It is refused: the address is that of " + who(holder.get()) + ".",
              next
                  + " If the peer no longer encrypts, forget its key: "
                  + command("remove", Optional.of(holder.get().teamName()))
                  + ".")
          : Finding.warning(step, text + " Messages to it are not encrypted.", next);
    }

    private static String otherwise() {
      return " Or omit --security required.";
    }

    private void ownPlaintext(GreetingLine line) {
      boolean isRefused = line.tls().equals("required") || holder().isPresent();
      found.add(
          new Finding(
              TLS,
              isRefused ? Result.PROBLEM : Result.WARNING,
              "You do not encrypt, because of --security plaintext."
                  + (isRefused ? " The p2pchat at " + address + " must." : ""),
              "Omit --security plaintext."));
    }

    private void encrypt(TcpProbe.Connection connection) {
      try {
        Fingerprint key = connection.tls(STEP);
        found.add(Finding.ok(TLS, address + " proves its key " + KeyText.of(key) + " by TLS 1.3."));
        found.add(trust(key));
      } catch (IOException e) {
        found.add(
            Finding.problem(
                TLS,
                "TLS with " + address + " failed: " + e.getMessage() + ".",
                "Update p2pchat there and here. Check that no program between changes the"
                    + " connection."));
      }
    }

    private Finding trust(Fingerprint key) {
      Optional<KnownPeer> holder = holder();
      if (isOwn(key)) {
        return Finding.warning(
            TRUST,
            "The key at " + address + " is your own: that is a p2pchat of yours.",
            "Compare the address with /me of the peer that you look for.");
      }
      if (!target.keys().isEmpty() && !target.keys().contains(key)) {
        return changed(key, "Another peer than the one you named answers at " + address + ".");
      }
      if (holder.isPresent() && !holder.get().fingerprint().equals(key)) {
        return changed(
            key, address + " is known as " + who(holder.get()) + ", and another key answers.");
      }
      List<String> names = namesOf(key);
      if (!names.isEmpty()) {
        return Finding.ok(
            TRUST, "The key at " + address + " is known as " + String.join(", ", names) + ".");
      }
      return rules.strict()
          ? Finding.problem(
              TRUST,
              "The key at " + address + " is unknown, and your --strict refuses it.",
              compare(key))
          : Finding.ok(
              TRUST, "The key at " + address + " is new. The first message makes it known.");
    }

    private Finding changed(Fingerprint key, String text) {
      return Finding.problem(TRUST, text + " Messages to it are not sent.", compare(key));
    }

    private String compare(Fingerprint key) {
      Optional<String> team =
          namesOf(key).isEmpty() ? Optional.of(teamHere().orElse("TEAM")) : Optional.empty();
      return "If 'p2pchat identity' prints "
          + key
          + " there, run: "
          + command("accept", team)
          + " "
          + key;
    }

    private String command(String name, Optional<String> team) {
      return TrustNotices.command(name, rules.dataDir(), team, address);
    }

    /** Returns the team name that was seen at the address. */
    private Optional<String> teamHere() {
      return seen.get().stream()
          .filter(each -> each.addresses().contains(address))
          .flatMap(each -> each.teamName().stream())
          .findFirst();
    }

    private List<String> namesOf(Fingerprint key) {
      return known.stream()
          .filter(peer -> peer.fingerprint().equals(key))
          .map(KnownPeer::teamName)
          .map(NameText::of)
          .distinct()
          .toList();
    }

    /** Returns the peer that messages to the address are for. */
    private Optional<KnownPeer> holder() {
      return known.stream().filter(peer -> peer.address().equals(address)).findFirst();
    }

    private static String who(KnownPeer peer) {
      return NameText.quoted(peer.teamName()) + " (key " + KeyText.of(peer.fingerprint()) + ")";
    }

    private boolean isOwn(Fingerprint key) {
      try {
        return keys.key().equals(Optional.of(key));
      } catch (IOException | TrustStoreException e) {
        // The line on the own key says so.
        return false;
      }
    }
  }
}
