package io.p2pchat.cli;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustStore;
import io.p2pchat.cli.chat.TerminalSupport;
import io.p2pchat.cli.config.UsageException;
import io.p2pchat.cli.output.KeyText;
import io.p2pchat.cli.output.NameText;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.StdStreams;
import io.p2pchat.cli.output.Table;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * Lists, accepts and forgets the keys of known peers. Running nodes see a change within a second.
 */
@Command(
    name = "trust",
    scope = ScopeType.INHERIT,
    description = "List, accept or forget the keys of known peers. Without a command, list them.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:success",
      "1:the data directory cannot be used",
      ExitStatus.USAGE_HELP,
      ExitStatus.CLOSED_HELP
    })
final class TrustCommand implements Callable<Integer> {
  private static final List<String> HEADINGS =
      List.of("ADDRESS", "TEAM", "FINGERPRINT", "FIRST SEEN");

  private final DataDirOption dataDir;
  private final StdStreams streams;

  TrustCommand(DataDirOption dataDir, StdStreams streams) {
    this.dataDir = dataDir;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    return list();
  }

  @Command(name = "list", description = "List the known peers.")
  int list() throws IOException {
    List<KnownPeer> known = store().knownPeers();
    if (known.isEmpty()) {
      streams.err().print("No peers are known yet.");
    } else {
      Stream<List<String>> rows = known.stream().map(TrustCommand::row);
      streams.out().print(Table.of(Stream.concat(Stream.of(HEADINGS), rows).toList()));
    }
    return ExitStatus.OK;
  }

  @Command(
      name = "accept",
      customSynopsis = "p2pchat trust accept [OPTIONS] [TEAM] HOST:PORT FINGERPRINT",
      description = {
        "Trust a key for a team at an address, in place of the key that is known there for the team."
            + " From then on, messages to the address go to the holder of this key.",
        "The team is optional if the key is already known."
      },
      exitCodeList = {
        "0:success",
        "1:the data directory cannot be used, or the team must be given",
        ExitStatus.USAGE_HELP,
        ExitStatus.CLOSED_HELP
      })
  int accept(
      @Parameters(
              arity = "1..*",
              paramLabel = "[TEAM] HOST:PORT FINGERPRINT",
              hideParamSyntax = true,
              description =
                  "The peer's team name, its IP address and port, and the output of"
                      + " 'p2pchat identity' on its machine.")
          List<String> peer)
      throws IOException {
    int values = peer.size();
    if (values < 2 || values > 3) {
      throw new UsageException(
          "Accepted are HOST:PORT and FINGERPRINT, with TEAM before them if the key is not known;"
              + " the values given are "
              + values);
    }
    PeerAddress place = place(peer.get(values - 2));
    Fingerprint key =
        UsageException.read("'FINGERPRINT'", Fingerprint::parse, peer.get(values - 1));
    if (values > 2) {
      String name = UsageException.read("'TEAM'", TeamName::parse, peer.get(0));
      store().accept(name, place, key);
      streams.out().print(who(name, place) + " is known by the key " + shown(key) + " now.");
      return ExitStatus.OK;
    }
    return acceptKnown(place, key);
  }

  private int acceptKnown(PeerAddress place, Fingerprint key) throws IOException {
    TrustStore store = store();
    if (store.knownPeers().stream().noneMatch(known -> known.fingerprint().equals(key))) {
      streams
          .err()
          .print("The key " + key + " is not known; name the peer's team before the address.");
      return ExitStatus.FAILED;
    }
    try {
      store.accept(place, key);
    } catch (IllegalArgumentException e) {
      // Another key has each of its names there.
      streams.err().print(ResultText.reason(e));
      return ExitStatus.FAILED;
    }
    store.knownPeers().stream()
        .filter(known -> isAt(known, place) && known.fingerprint().equals(key))
        .forEach(
            known ->
                streams
                    .out()
                    .print(
                        who(known.teamName(), place)
                            + " is known by the key "
                            + shown(key)
                            + " now."));
    return ExitStatus.OK;
  }

  @Command(
      name = "remove",
      description =
          "Forget the key of a team at an address. Without --strict, the next key that the team presents"
              + " there is trusted.",
      exitCodeList = {
        "0:success",
        "1:the data directory cannot be used, or the peer is not known",
        ExitStatus.USAGE_HELP,
        ExitStatus.CLOSED_HELP
      })
  int remove(
      @Parameters(paramLabel = "TEAM", description = "The peer's team name.") String team,
      @Parameters(paramLabel = "HOST:PORT", description = "The peer's IP address and port.")
          String address)
      throws IOException {
    PeerAddress place = place(address);
    if (!store().remove(team, place)) {
      streams
          .err()
          .print(who(team, place) + " is not known; 'p2pchat trust' lists the known peers.");
      return ExitStatus.FAILED;
    }
    streams.out().print(who(team, place) + " is forgotten.");
    return ExitStatus.OK;
  }

  private TrustStore store() throws IOException {
    return TrustStore.open(dataDir.path());
  }

  private static PeerAddress place(String text) {
    PeerAddress address = UsageException.read("'HOST:PORT'", PeerAddress::parse, text);
    if (!address.isIp()) {
      throw new UsageException(
          "Invalid value for 'HOST:PORT': "
              + address
              + " is a host name; accepted are an IP address and a port, such as 192.168.1.20:9090");
    }
    return address;
  }

  /** Peers are known without the zone of a link-local address. */
  private static boolean isAt(KnownPeer known, PeerAddress place) {
    return known.address().port() == place.port()
        && known.address().host().equals(place.host().replaceFirst("%.*", ""));
  }

  private static List<String> row(KnownPeer peer) {
    return List.of(
        peer.address().toString(),
        NameText.of(peer.teamName()),
        shown(peer.fingerprint()),
        peer.firstSeen().toString());
  }

  /** Returns a key: for people, its first digits. */
  private static String shown(Fingerprint key) {
    return TerminalSupport.isInteractive() ? KeyText.of(key) : key.toString();
  }

  private static String who(String team, PeerAddress address) {
    return address + " (" + NameText.of(team) + ")";
  }
}
