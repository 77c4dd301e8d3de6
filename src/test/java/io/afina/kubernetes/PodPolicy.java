package io.afina.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What every pod must keep: Kubernetes' restricted standard, and what it leaves open. */
final class PodPolicy {

  private final PodSpec pod;
  private final List<String> violations = new ArrayList<>();

  private PodPolicy(PodSpec pod) {
    this.pod = pod;
  }

  /** Each sentence of what a pod does not keep; none where all is well. */
  static List<String> violations(PodSpec pod, Set<String> claims) {
    PodPolicy policy = new PodPolicy(pod);
    policy.checkPod();
    pod.getInitContainers().forEach(policy::checkContainer);
    pod.getContainers().forEach(policy::checkContainer);
    policy.checkVolumes(claims);
    return policy.violations;
  }

  /** The same of its probes, which a process that runs until it is stopped has. */
  static List<String> probeViolations(Container container) {
    PodPolicy policy = new PodPolicy(new PodSpec());
    policy.checkProbe(container, container.getStartupProbe(), "/health/started");
    policy.checkProbe(container, container.getLivenessProbe(), "/health/live");
    policy.checkProbe(container, container.getReadinessProbe(), "/health/ready");
    return policy.violations;
  }

  private void checkPod() {
    var context = pod.getSecurityContext();
    require(context.getRunAsNonRoot() && context.getRunAsUser() > 0, "runs as root");
    require(context.getSeccompProfile().getType().equals("RuntimeDefault"), "has no seccomp");
    require(!pod.getAutomountServiceAccountToken(), "has a token");
    require(
        pod.getHostNetwork() == null && pod.getHostPID() == null && pod.getHostIPC() == null,
        "shares a namespace with its host");
  }

  private void checkContainer(Container container) {
    String name = container.getName();
    SecurityContext context = container.getSecurityContext();
    require(context.getReadOnlyRootFilesystem(), name + " may write to its root");
    require(!context.getAllowPrivilegeEscalation(), name + " may gain privileges");
    require(context.getPrivileged() == null, name + " is privileged");
    require(context.getCapabilities().getDrop().equals(List.of("ALL")), name + " has capabilities");
    require(context.getCapabilities().getAdd().isEmpty(), name + " adds capabilities");
    require(context.getRunAsUser() == null, name + " has another user");
    require(container.getImage().matches(".+:[^:/]+"), name + " has an image without a tag");
    checkResources(name, container);
  }

  private void checkResources(String name, Container container) {
    Map<String, Quantity> requests = container.getResources().getRequests();
    Map<String, Quantity> limits = container.getResources().getLimits();
    for (String resource : List.of("cpu", "memory")) {
      boolean both = requests.containsKey(resource) && limits.containsKey(resource);
      require(both, "%s has no request or limit of %s".formatted(name, resource));
      require(
          both
              && requests
                      .get(resource)
                      .getNumericalAmount()
                      .compareTo(limits.get(resource).getNumericalAmount())
                  <= 0,
          "%s asks for more %s than its limit".formatted(name, resource));
    }
  }

  private void checkVolumes(Set<String> claims) {
    Set<String> volumes =
        pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
    require(volumes.size() == pod.getVolumes().size(), "has two volumes of one name");
    volumes.addAll(claims);
    Set<String> mounted =
        pod.getContainers().stream()
            .flatMap(container -> container.getVolumeMounts().stream())
            .map(VolumeMount::getName)
            .collect(Collectors.toSet());
    require(volumes.equals(mounted), "has volumes %s and mounts %s".formatted(volumes, mounted));
    require(
        pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null),
        "has a folder of its host");
  }

  private void checkProbe(Container container, Probe probe, String path) {
    HTTPGetAction request = probe == null ? null : probe.getHttpGet();
    require(request != null && request.getPath().equals(path), "no probe of " + path);
    require(
        request != null
            && container.getPorts().stream()
                .anyMatch(port -> port.getName().equals(request.getPort().getStrVal())),
        "a probe of no port of the container: " + path);
  }

  private void require(boolean kept, String violation) {
    if (!kept) {
      violations.add(violation);
    }
  }
}
