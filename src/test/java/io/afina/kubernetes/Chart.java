package io.afina.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the chart makes of values, rendered by Helm itself and read into the types of Kubernetes,
 * Strimzi, KEDA and the Prometheus operator, none of which may find a field that it does not know.
 *
 * @param objects all of them, in Helm's order
 */
record Chart(List<HasMetadata> objects) {

  /** Made by {@code mvn process-resources}. */
  static final Path CHART = Path.of("target", "chart", "afina");

  private static final String RELEASE = "afina";

  /** The oldest Kubernetes that the chart is for. */
  private static final String OLDEST = "1.27.0";

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Stream.of(
              ConfigMap.class,
              Service.class,
              ServiceAccount.class,
              Deployment.class,
              StatefulSet.class,
              Job.class,
              Ingress.class,
              NetworkPolicy.class,
              PodDisruptionBudget.class,
              PrometheusRule.class,
              ServiceMonitor.class,
              KafkaTopic.class,
              KafkaUser.class,
              ScaledObject.class)
          .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

  /** Else these types take any field. */
  private static final class NoOtherFields extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(new NoOtherFields())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final YAMLMapper YAML = new YAMLMapper();

  /** Renders values, in the form of {@code values.yaml}, over the defaults. */
  static Chart render(String values) {
    List<HasMetadata> objects = new ArrayList<>();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text(values))) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document.isObject()) {
          objects.add(read(document));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Chart(objects);
  }

  /** The YAML that Helm makes. */
  static String text(String values) {
    assertThat(CHART.resolve("Chart.yaml")).as("made by mvn process-resources").isRegularFile();
    try {
      Path file = Files.writeString(Files.createTempFile("values-", ".yaml"), values);
      try {
        return new Helm(CHART)
            .template()
            .withName(RELEASE)
            .withNamespace("pets")
            .withKubeVersion(OLDEST)
            .withValuesFile(file)
            .call();
      } catch (LinkageError e) {
        // There is none for every platform; CI takes no skipped test.
        return abort("Helm's native library does not load here: " + e);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one object of a type with this name. */
  <T extends HasMetadata> T get(Class<T> type, String name) {
    return all(type)
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no %s %s".formatted(type.getSimpleName(), name)));
  }

  <T extends HasMetadata> Stream<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  private static HasMetadata read(JsonNode document) throws IOException {
    Class<? extends HasMetadata> type =
        Objects.requireNonNull(KINDS.get(document.path("kind").asText()), document::toString);
    assertThat(document.path("apiVersion").asText()).isEqualTo(HasMetadata.getApiVersion(type));
    return STRICT.treeToValue(document, type);
  }
}
