package io.afina.kubernetes;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Map;

/**
 * What KEDA scales by, as far as the chart uses it (<a
 * href="https://keda.sh/docs/latest/reference/scaledobject-spec/">its specification</a>).
 */
@Group("keda.sh")
@Version("v1alpha1")
public final class ScaledObject extends CustomResource<ScaledObject.Spec, Void> {

  private static final long serialVersionUID = 1;

  /** What is scaled, and by what. */
  public record Spec(
      Target scaleTargetRef,
      int pollingInterval,
      int minReplicaCount,
      int maxReplicaCount,
      Advanced advanced,
      List<Trigger> triggers) {}

  /** What is scaled. */
  public record Target(String apiVersion, String kind, String name) {}

  /** What is handed on to the HorizontalPodAutoscaler. */
  public record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

  /** Of the HorizontalPodAutoscaler. */
  public record Autoscaler(HorizontalPodAutoscalerBehavior behavior) {}

  /** What is asked. */
  public record Trigger(String type, Map<String, String> metadata) {}
}
