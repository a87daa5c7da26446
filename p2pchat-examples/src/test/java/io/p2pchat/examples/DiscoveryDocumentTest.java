package io.p2pchat.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What docs/DISCOVERY.md gives to copy is well formed, and its parts fit each other. */
class DiscoveryDocumentTest {
  private Document document;

  @BeforeEach
  void read() throws IOException {
    document = Document.read("docs/DISCOVERY.md");
  }

  /** The resources of the manifest: the service and the pods. */
  private List<Object> manifest() {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<Object> resources = new ArrayList<>();
    new Yaml(new SafeConstructor(strict))
        .loadAll(document.blocks("yaml").get(0))
        .forEach(resources::add);
    return resources;
  }

  /** What is at a path of keys and indexes, such as {@code spec.ports.0.name}. */
  private static Object at(Object resource, String path) {
    Object value = resource;
    for (String key : path.split("\\.", -1)) {
      Object next = null;
      if (value instanceof List<?> list) {
        next = list.get(Integer.parseInt(key));
      } else if (value instanceof Map<?, ?> map) {
        next = map.get(key);
      }
      value = Objects.requireNonNull(next, () -> "no " + key + " of " + path);
    }
    return value;
  }

  @Test
  void theServiceOfTheManifestNamesEveryPod() {
    List<Object> resources = manifest();
    assertThat(resources).hasSize(2);
    Object service = resources.get(0);
    Object pods = resources.get(1);
    assertThat(at(service, "kind")).isEqualTo("Service");
    assertThat(at(service, "apiVersion")).isEqualTo("v1");
    assertThat(at(pods, "kind")).isEqualTo("StatefulSet");
    assertThat(at(pods, "apiVersion")).isEqualTo("apps/v1");

    assertThat(at(service, "spec.clusterIP")).isEqualTo("None");
    assertThat(at(service, "spec.publishNotReadyAddresses")).isEqualTo(true);
    assertThat(at(service, "spec.selector"))
        .isEqualTo(at(pods, "spec.selector.matchLabels"))
        .isEqualTo(at(pods, "spec.template.metadata.labels"));
    assertThat(at(pods, "spec.serviceName")).isEqualTo(at(service, "metadata.name"));
    assertThat(at(pods, "metadata.namespace")).isEqualTo(at(service, "metadata.namespace"));
    assertThat(at(pods, "spec.template.spec.containers.0.volumeMounts.0.name"))
        .isEqualTo(at(pods, "spec.volumeClaimTemplates.0.metadata.name"));
  }

  @Test
  void theProgramInThePodsAsksForTheServiceAndListensAtItsPort() {
    Object service = manifest().get(0);
    Object container = at(manifest().get(1), "spec.template.spec.containers.0");
    Object port = at(service, "spec.ports.0.port");
    String name =
        "_%s._tcp.%s.%s.svc.cluster.local"
            .formatted(
                at(service, "spec.ports.0.name"),
                at(service, "metadata.name"),
                at(service, "metadata.namespace"));
    assertThat(at(container, "ports.0.containerPort")).isEqualTo(port);
    assertThat(at(container, "args"))
        .asInstanceOf(LIST)
        .contains(
            "--port=" + port,
            "--dns=" + name,
            "--team=$(" + at(container, "env.0.name") + ")",
            "--data-dir=" + at(container, "volumeMounts.0.mountPath") + "/p2pchat");
    assertThat(document.section("Kubernetes")).contains("DnsDiscovery.srv(\"" + name + "\")");
  }

  @Test
  void theVersionOfJGroupsIsThatOfTheBuild() throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    String version =
        Pattern.compile("<jgroups.version>(.*)</")
            .matcher(pom)
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    assertThat(document.text())
        .contains("<version>" + version + "</version>", "/jgroups-" + version + ".jar");
  }
}
