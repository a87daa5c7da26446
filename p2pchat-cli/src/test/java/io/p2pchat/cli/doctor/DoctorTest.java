package io.p2pchat.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Security.Policy;
import io.p2pchat.cli.doctor.Doctor.Checks;
import io.p2pchat.cli.doctor.Finding.Result;
import io.p2pchat.cli.doctor.PeerCheck.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private final List<Finding> found = new ArrayList<>();

  private static Check check(String name, Callable<List<Finding>> action) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<Finding> run() throws InterruptedException {
        try {
          return action.call();
        } catch (InterruptedException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  private boolean run(Duration limit, Optional<PeerGoal> goal, Check... checks) {
    return Doctor.run(
        new Checks() {
          @Override
          public List<Check> general(ExecutorService executor) {
            return List.of(checks);
          }

          @Override
          public PeerCheck ofPeer(ExecutorService executor) {
            return new PeerCheck(
                new FakeNetwork(),
                new FakeTcp(),
                new KeyCheck(() -> temp.resolve("none")),
                List::of,
                new Rules(Policy.OPPORTUNISTIC, false, Optional.empty()),
                FakeSystem.linux(),
                executor);
          }
        },
        limit,
        goal,
        found::add);
  }

  @Test
  void checksRunSideBySideAndAreToldInOrder() {
    CyclicBarrier both = new CyclicBarrier(2);
    Check slow =
        check(
            "a",
            () -> {
              both.await(60, TimeUnit.SECONDS);
              return List.of(Finding.ok("a", "A."));
            });
    Check other =
        check(
            "b",
            () -> {
              both.await(60, TimeUnit.SECONDS);
              return List.of(Finding.warning("b", "B.", "C."));
            });
    assertThat(run(LONG, Optional.empty(), slow, other)).isTrue();
    assertThat(found).extracting(Finding::name).containsExactly("a", "b");
  }

  @Test
  void aProblemIsTold() {
    Check check = check("a", () -> List.of(Finding.problem("a", "A.", "B.")));
    assertThat(run(LONG, Optional.empty(), check)).isFalse();
  }

  @Test
  void aCheckThatTakesTooLongIsLeft() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Check endless =
        check(
            "a",
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return List.of();
            });
    Check quick = check("b", () -> List.of(Finding.ok("b", "B.")));
    assertThat(run(Duration.ofMillis(50), Optional.empty(), endless, quick)).isTrue();
    assertThat(found.get(0).text()).isEqualTo("This check did not end in time.");
    assertThat(found.get(0).result()).isEqualTo(Result.WARNING);
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aCheckThatFailsDoesNotHideTheOthers() {
    Check broken =
        check(
            "a",
            () -> {
              throw new IllegalStateException("no");
            });
    Check quick = check("b", () -> List.of(Finding.ok("b", "B.")));
    assertThat(run(LONG, Optional.empty(), broken, quick)).isTrue();
    assertThat(found.get(0).text()).contains("IllegalStateException", "no");
    assertThat(found).hasSize(2);
  }

  @Test
  void thePeerComesLast() {
    Check quick = check("a", () -> List.of(Finding.ok("a", "A.")));
    assertThat(run(LONG, Optional.of(new PeerGoal("Bob", Optional.empty())), quick)).isFalse();
    assertThat(found).extracting(Finding::name).containsExactly("a", "peer-name");
  }

  @Test
  void aFindingIsALineForPeopleAndForScripts() {
    Finding finding = Finding.problem("port", "Port \"1\" is used.", "Choose another.");
    assertThat(finding.line())
        .isEqualTo("problem  port           Port \"1\" is used. Choose another.");
    assertThat(finding.json())
        .isEqualTo(
            "{\"type\":\"check\",\"name\":\"port\",\"result\":\"problem\","
                + "\"text\":\"Port \\\"1\\\" is used.\",\"next\":\"Choose another.\"}");
  }
}
