package io.afina.kafka;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Makes admin calls to one cluster, waits for their results, and says in one sentence what is
 * wrong: that no broker answers within 10 s, or that the cluster does not allow it.
 *
 * @param bootstrapServers where the cluster is, as it was given
 */
public record ClusterCalls(Admin admin, String bootstrapServers) implements AutoCloseable {

  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Connects; nothing is asked of the cluster yet.
   *
   * @param kafka settings of a Kafka client, among them {@code bootstrap.servers}
   */
  public static ClusterCalls connect(Map<String, Object> kafka) {
    String servers = String.valueOf(kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    try {
      return new ClusterCalls(Admin.create(settings), servers);
    } catch (KafkaException e) {
      throw unusable(servers, Optional.ofNullable(e.getCause()).orElse(e));
    }
  }

  @Override
  public void close() {
    admin.close(PATIENCE);
  }

  public <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw failure(Optional.ofNullable(e.getCause()).orElse(e));
    }
  }

  /** Empty when the cluster answers that there is no such thing. */
  public <T> Optional<T> awaitIfAny(KafkaFuture<T> future, Set<Class<?>> absent) {
    try {
      return Optional.of(await(future));
    } catch (AfinaException e) {
      if (e.getCause() != null && absent.contains(e.getCause().getClass())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for the cluster", cause);
  }

  private AfinaException failure(Throwable cause) {
    if (cause instanceof AuthenticationException) {
      return new AfinaException(
          ExitCode.UNREACHABLE,
          "the cluster at %s does not know who this is: %s; --command-config FILE says it"
              .formatted(bootstrapServers, cause.getMessage()),
          cause);
    }
    if (cause instanceof UnsupportedVersionException) {
      return new AfinaException(
          ExitCode.BROKER_TOO_OLD,
          "the brokers at %s are too old for the Kafka client %s that this is built with: %s"
              .formatted(bootstrapServers, clientVersion(), cause.getMessage()),
          cause);
    }
    return cause instanceof TimeoutException
        ? unreachable(bootstrapServers, cause)
        : new AfinaException(
            ExitCode.TOPICS,
            "the cluster at %s refuses: %s; topics/acls.yaml lists what a role must be allowed"
                .formatted(bootstrapServers, cause.getMessage()),
            cause);
  }

  /** As the client reports it among its metrics. */
  private Object clientVersion() {
    return admin.metrics().values().stream()
        .filter(metric -> metric.metricName().group().equals("app-info"))
        .filter(metric -> metric.metricName().name().equals("version"))
        .map(Metric::metricValue)
        .findFirst()
        .orElse("");
  }

  private static AfinaException unreachable(String servers, Throwable cause) {
    return new AfinaException(
        ExitCode.UNREACHABLE,
        "no broker answers at %s within %d s: %s; name one that runs with --bootstrap-servers"
            .formatted(servers, PATIENCE.toSeconds(), cause.getMessage()),
        cause);
  }

  private static AfinaException unusable(String servers, Throwable cause) {
    return String.valueOf(cause.getMessage()).startsWith("No resolvable bootstrap")
        ? unreachable(servers, cause)
        : new AfinaException(
            ExitCode.CONFIGURATION,
            "the settings for Kafka at %s are wrong: %s".formatted(servers, cause.getMessage()),
            cause);
  }
}
