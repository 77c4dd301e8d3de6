package io.afina.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart makes of a matrix of values, held against a policy. */
class ChartTest {

  private static final String DEFAULTS = "{}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        DEFAULTS,
        "classifier: {replicas: 5, state: {persistent: false, size: 2Gi}, backbone: /b/x.onnx}",
        "{classifier: {autoscaling: {enabled: true}}, monitoring: {enabled: true}}",
        "classifier: {volumes: [{name: b, emptyDir: {}}], volumeMounts: [{name: b, mountPath: /b}]}",
        "trainer: {gpus: 1, replicas: 1, tolerations: [{key: nvidia.com/gpu, operator: Exists}]}",
        "trainer: {env: [{name: A, value: b}], nodeSelector: {disk: ssd}, podAnnotations: {a: b}}",
        "labelling: {replicas: 0}",
        "labelling: {replicas: 3, users: page-users, ingress: {enabled: true, tls: cert, className: x}}",
        "kafka: {bootstrapServers: 'a:9093,b:9094', secrets: {classifier: c, operator: o}}",
        "{strimzi: {topics: true, users: true}, image: {pullSecrets: [registry], tag: v1}}",
        "{monitoring: {enabled: true, labels: {release: prometheus}}, networkPolicy: {enabled: false}}",
        "networkPolicy: {monitoringFrom: [{namespaceSelector: {}}], egress: [{ports: [{port: 443}]}]}",
        "config: {pictures: {maxBytes: 20000000}, topics: {prefix: team-a.}}",
      })
  void shouldKeepThePolicyForAnyValues(String values) {
    // when
    Chart chart = Chart.render(values);

    // then
    pods(chart)
        .forEach(
            (owner, pod) ->
                assertThat(PodPolicy.violations(pod.getSpec(), claims(chart, owner)))
                    .as(owner)
                    .isEmpty());
    services(chart)
        .forEach(
            pod -> assertThat(PodPolicy.probeViolations(pod.getContainers().get(0))).isEmpty());
    assertThat(chart.objects().stream().map(ChartTest::key)).doesNotHaveDuplicates();
    assertThat(chart.objects())
        .allSatisfy(object -> assertThat(object.getMetadata().getName().length()).isLessThan(64))
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/instance", "afina"));
  }

  @ParameterizedTest
  @ValueSource(strings = {DEFAULTS, "labelling: {replicas: 2, users: page-users}"})
  void shouldSelectThePodsThatItMakes(String values) {
    // given
    Chart chart = Chart.render(values);
    List<Map<String, String>> labels =
        pods(chart).values().stream().map(pod -> pod.getMetadata().getLabels()).toList();

    // when
    Stream<Map<String, String>> selectors =
        Stream.of(
                chart.all(Service.class).map(service -> service.getSpec().getSelector()),
                chart.all(Deployment.class).map(it -> it.getSpec().getSelector().getMatchLabels()),
                chart.all(StatefulSet.class).map(it -> it.getSpec().getSelector().getMatchLabels()),
                chart
                    .all(PodDisruptionBudget.class)
                    .map(it -> it.getSpec().getSelector().getMatchLabels()),
                chart
                    .all(NetworkPolicy.class)
                    .map(it -> it.getSpec().getPodSelector().getMatchLabels()))
            .flatMap(selector -> selector);

    // then
    assertThat(selectors)
        .hasSizeGreaterThan(12)
        .allSatisfy(
            selector ->
                assertThat(labels)
                    .filteredOn(pod -> pod.entrySet().containsAll(selector.entrySet()))
                    .hasSize(1));
  }

  @Test
  void shouldKeepTheNamesAndPlacesOfClassifiers() {
    // when
    StatefulSet set = Chart.render(DEFAULTS).get(StatefulSet.class, "afina-classifier");

    // then
    PodSpec pod = set.getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().get(0).getArgs())
        .contains("--instance-id=$(POD_NAME)", "--set=classifier.drain=30s");
    assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(40);
    assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
    assertThat(set.getSpec().getVolumeClaimTemplates()).hasSize(1);
    assertThat(pod.getTopologySpreadConstraints()).hasSize(2);
  }

  @Test
  void shouldScaleByWhatTheRulesSayIsWanted() throws IOException {
    // when
    Chart chart =
        Chart.render(
            "{monitoring: {enabled: true}, classifier: {autoscaling: {enabled: true, maxReplicas: 5}}}");

    // then
    StatefulSet set = chart.get(StatefulSet.class, "afina-classifier");
    assertThat(set.getSpec().getReplicas()).as("nobody's but the autoscaler's").isNull();
    assertThat(set.getSpec().getTemplate().getSpec().getContainers().get(0).getArgs())
        .contains("--set=classifier.leaveOnStop=true");
    ScaledObject.Spec spec = chart.get(ScaledObject.class, "afina-classifier").getSpec();
    assertThat(spec.scaleTargetRef().kind()).isEqualTo(set.getKind());
    assertThat(spec.scaleTargetRef().name()).isEqualTo(set.getMetadata().getName());
    assertThat(spec.maxReplicaCount()).isEqualTo(5);
    assertThat(spec.triggers())
        .singleElement()
        .satisfies(
            trigger ->
                assertThat(trigger.metadata())
                    .containsEntry("query", "afina:classifiers:wanted{cluster=\"pets/afina\"}"));
    assertThat(Files.readString(Path.of("monitoring/prometheus/recording.yaml")))
        .contains("record: afina:classifiers:wanted\n");
  }

  @Test
  void shouldGiveATrainerItsGpu() {
    // when
    Deployment trainer = Chart.render("trainer: {gpus: 1}").get(Deployment.class, "afina-trainer");

    // then
    assertThat(trainer.getSpec().getTemplate().getSpec().getContainers().get(0))
        .satisfies(it -> assertThat(it.getResources().getLimits()).containsKey("nvidia.com/gpu"))
        .satisfies(it -> assertThat(it.getEnv()).extracting("name").contains("DJL_CACHE_DIR"))
        .satisfies(it -> assertThat(it.getArgs()).contains("--set=trainer.device=gpu:0"))
        .satisfies(it -> assertThat(it.getImage()).startsWith("afina-gpu:"));
    assertThat(trainer.getSpec().getStrategy().getType()).isEqualTo("Recreate");
  }

  @Test
  void shouldShowThePageByAnIngress() {
    // when
    Chart chart = Chart.render("labelling: {ingress: {enabled: true, host: pets.example.org}}");

    // then
    var rule = chart.get(Ingress.class, "afina-labelling").getSpec().getRules().get(0);
    assertThat(rule.getHost()).isEqualTo("pets.example.org");
    assertThat(chart.all(Service.class).map(service -> service.getMetadata().getName()))
        .contains(rule.getHttp().getPaths().get(0).getBackend().getService().getName());
  }

  @Test
  void shouldNameTheJobByWhatItDoes() {
    // when
    String job = jobOf(DEFAULTS);

    // then
    assertThat(jobOf("trainer: {replicas: 1}")).isEqualTo(job);
    assertThat(jobOf("image: {tag: v2}")).isNotEqualTo(job);
    assertThat(jobOf("config: {topics: {prefix: team-a.}}")).isNotEqualTo(job);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classifer: {replicas: 2}",
        "classifier: {replica: 2}",
        "trainer: {gpus: many}",
        "kafka: {bootstrapServers: kafka}",
        "classifier: {resources: {limits: {cpu: null}}}",
        "labelling: {replicas: 2}",
        "classifier: {autoscaling: {enabled: true}}",
        "{monitoring: {enabled: true}, classifier: {autoscaling: {enabled: true, maxReplicas: 13}}}",
      })
  void shouldRefuseValuesThatMeanNothing(String values) {
    assertThatThrownBy(() -> Chart.render(values))
        .isInstanceOf(RuntimeException.class)
        .hasMessageMatching(
            "(?s).*(classifer|replica|gpus|bootstrapServers|cpu|labelling|autoscaling).*");
  }

  private static String jobOf(String values) {
    return Chart.render(values).all(Job.class).findFirst().orElseThrow().getMetadata().getName();
  }

  private static String key(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  /** The pods of processes that run until they are stopped. */
  private static Stream<PodSpec> services(Chart chart) {
    return pods(chart).entrySet().stream()
        .filter(pod -> !pod.getKey().startsWith("Job"))
        .map(pod -> pod.getValue().getSpec());
  }

  private static Map<String, PodTemplateSpec> pods(Chart chart) {
    Map<String, PodTemplateSpec> pods = new HashMap<>();
    chart.all(StatefulSet.class).forEach(it -> pods.put(key(it), it.getSpec().getTemplate()));
    chart.all(Deployment.class).forEach(it -> pods.put(key(it), it.getSpec().getTemplate()));
    chart.all(Job.class).forEach(it -> pods.put(key(it), it.getSpec().getTemplate()));
    assertThat(pods).isNotEmpty();
    return pods;
  }

  private static Set<String> claims(Chart chart, String owner) {
    return chart
        .all(StatefulSet.class)
        .filter(set -> key(set).equals(owner))
        .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream())
        .map(claim -> claim.getMetadata().getName())
        .collect(Collectors.toSet());
  }
}
