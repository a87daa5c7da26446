package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.discovery.FakeLan.FakeLink;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon three nodes find and lose each other, in virtual time. */
class MdnsTimingTest {
  private static final int[] STARTS = {0, 130, 900};

  private final FakeLan lan = new FakeLan();
  private final List<Node> nodes = new ArrayList<>();

  /** Both halves of multicast DNS on one host. */
  private final class Node implements Sink {
    final Set<String> listed = new TreeSet<>();
    final MdnsResponder responder;
    final MdnsBrowser browser;
    final FakeLink link;
    private int lost;

    /**
     * Creates a node that does not announce itself or look yet.
     *
     * @param lost how many of the packets for it are lost at first
     */
    Node(int number, int lost, SplittableRandom random) {
      String node = Character.toString('a' + number).repeat(26);
      Advertisement self = Advertisement.builder(node, "Team" + number, 7001).build();
      this.lost = lost;
      this.responder = new MdnsResponder(lan.loop, self, random.split());
      this.browser = new MdnsBrowser(lan.loop, node, this, random.split());
      this.link = lan.link(number, "192.0.2." + (number + 1), this::receive);
    }

    private void receive(MdnsLink at, InetAddress source, MdnsPacket packet) {
      if (!source.equals(link.announced().get(0)) && lost-- > 0) {
        return;
      }
      responder.receive(at, source, packet);
      browser.receive(at, source, packet);
    }

    void start() {
      responder.add(link);
      browser.add(link);
    }

    /** The host is switched off. */
    void kill() {
      lan.links.remove(link);
      responder.remove(link);
      browser.remove(link);
    }

    @Override
    public void found(PeerCandidate candidate, Duration lease) {
      listed.add(candidate.teamName().orElseThrow());
    }

    @Override
    public void lost(String id) {
      listed.removeIf(team -> MdnsNames.instance(node(team)).equals(id));
    }

    private String node(String team) {
      return Character.toString('a' + team.charAt(4) - '0').repeat(26);
    }
  }

  private void start(int seed, int lost) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 3; i++) {
      nodes.add(new Node(i, lost, random));
    }
    for (int i = 0; i < 3; i++) {
      lan.loop.pass(STARTS[i] - lan.now());
      nodes.get(i).start();
    }
  }

  private void assertAllListed() {
    assertThat(nodes.get(0).listed).containsExactly("Team1", "Team2");
    assertThat(nodes.get(1).listed).containsExactly("Team0", "Team2");
    assertThat(nodes.get(2).listed).containsExactly("Team0", "Team1");
  }

  private void assertOneIsLost() {
    assertThat(nodes.get(0).listed).containsExactly("Team2");
    assertThat(nodes.get(2).listed).containsExactly("Team0");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void threeNodesListEachOtherInThreeSecondsAndLoseOneThatLeavesInTwo(int seed) {
    start(seed, 0);
    lan.loop.pass(1_500);
    assertAllListed();
    lan.loop.pass(60_000);
    nodes.get(1).responder.close();
    lan.loop.pass(2_000);
    assertOneIsLost();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void theyDoSoThoughThePacketsOfTheFirstSecondAreLost(int seed) {
    start(seed, 10);
    lan.loop.pass(3_000);
    assertAllListed();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 20_000, 100_000, 500_000})
  void oneThatIsKilledIsLostInTwoMinutes(int age) {
    start(age, 0);
    lan.loop.pass(2_000 + age);
    assertAllListed();
    nodes.get(1).kill();
    lan.loop.pass(120_000);
    assertOneIsLost();
  }
}
