package io.afina.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.Ports;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod of the chart as a process of this machine: its arguments, variables, files, probes and
 * signals. What is mounted is a folder each; ports are other ones, since all pods share one address
 * here.
 */
final class PodProcess {

  /** Of a machine with much else to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String name;
  private final PodSpec pod;
  private final Path folder;
  private final int management = Ports.free();

  PodProcess(String name, PodSpec pod, Chart chart, Path parent) {
    this.name = name;
    this.pod = pod;
    this.folder = parent.resolve(name);
    pod.getVolumes().forEach(volume -> fill(volume, chart));
  }

  /** Runs its containers that come first to their end; then the one that stays. */
  Child start() throws InterruptedException {
    for (Container first : pod.getInitContainers()) {
      Child child = run(first);
      assertThat(child.awaitExit()).as(child::output).isZero();
    }
    return run(pod.getContainers().get(0));
  }

  /** Waits until it has started and is ready, as its own probes ask. */
  void awaitReady(Child child) {
    Container container = pod.getContainers().get(0);
    for (Probe probe : List.of(container.getStartupProbe(), container.getReadinessProbe())) {
      await(name + probe.getHttpGet().getPath())
          .atMost(PATIENCE)
          .until(() -> answers(probe) || !child.isAlive());
      assertThat(child.isAlive()).as(child::output).isTrue();
    }
    assertThat(answers(container.getLivenessProbe())).as(child::output).isTrue();
  }

  /** Sends SIGTERM, waits for no longer than Kubernetes would, and gives the exit code. */
  int terminate(Child child) throws InterruptedException {
    child.signal("TERM");
    await(name + " ends")
        .atMost(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()))
        .until(() -> !child.isAlive());
    return child.awaitExit();
  }

  private Child run(Container container) {
    Map<String, String> variables = new HashMap<>();
    container
        .getEnv()
        .forEach(it -> variables.put(it.getName(), it.getValue() == null ? name : it.getValue()));
    List<String> arguments = new ArrayList<>();
    for (String argument : container.getArgs()) {
      arguments.add(here(expanded(argument, variables), container.getVolumeMounts()));
    }
    for (var port : container.getPorts()) {
      boolean ours = port.getName().equals("management");
      arguments.add(ours ? "--management-port=" + management : "--port=" + Ports.free());
    }
    variables.put("AFINA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + make("tmp"));
    return Child.start(folder, variables, arguments.toArray(String[]::new));
  }

  /** As Kubernetes fills in {@code $(NAME)}. */
  private static String expanded(String argument, Map<String, String> variables) {
    String expanded = argument;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      expanded = expanded.replace("$(%s)".formatted(variable.getKey()), variable.getValue());
    }
    return expanded;
  }

  /** With the folders of this machine in place of where they are mounted. */
  private String here(String argument, List<VolumeMount> mounts) {
    return mounts.stream()
        .sorted(Comparator.comparing((VolumeMount it) -> it.getMountPath().length()).reversed())
        .filter(mount -> argument.contains("=" + mount.getMountPath() + "/"))
        .findFirst()
        .map(it -> argument.replace("=" + it.getMountPath(), "=" + make(it.getName())))
        .orElse(argument);
  }

  private boolean answers(Probe probe) {
    URI uri =
        URI.create("http://127.0.0.1:%d%s".formatted(management, probe.getHttpGet().getPath()));
    try {
      return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void fill(Volume volume, Chart chart) {
    if (volume.getConfigMap() != null) {
      ConfigMap map = chart.get(ConfigMap.class, volume.getConfigMap().getName());
      map.getData().forEach((file, text) -> write(make(volume.getName()).resolve(file), text));
    }
  }

  private Path make(String volume) {
    try {
      return Files.createDirectories(folder.resolve(volume));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
