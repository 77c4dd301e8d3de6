package io.afina.system;

import static io.afina.walk.Step.until;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.topic.ReadyTopics;
import io.afina.walk.Installation;
import io.afina.walk.Installation.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures by hand how long each role takes from its start until it says that it is ready, on a
 * broker that waits: a classifier on a new cluster without any label, again with its state, and
 * again with an empty disk; a trainer; a page.
 */
final class StartBench {

  private static final int ROUNDS = 3;

  private final Map<String, List<Duration>> times = new LinkedHashMap<>();

  private StartBench() {}

  /**
   * Runs it.
   *
   * @param args distributions that are compared, round by round: folders with {@code bin/afina}
   */
  public static void main(String[] args) throws Exception {
    StartBench bench = new StartBench();
    for (int round = 0; round < ROUNDS; round++) {
      for (String distribution : args) {
        bench.measure(Path.of(distribution).toAbsolutePath());
      }
    }
    bench.times.forEach(
        (what, all) ->
            System.out.printf(
                "%s: %s%n",
                what,
                all.stream().map(time -> "%.1f s".formatted(time.toMillis() / 1e3)).toList()));
    System.exit(0);
  }

  private void measure(Path distribution) throws Exception {
    Path folder = Files.createTempDirectory("start");
    try (TestBroker broker = TestBroker.startAlone();
        Installation afina = new Installation(folder, broker)) {
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      for (String state : List.of("first", "first", "second")) {
        String what = Files.exists(folder.resolve(state)) ? "again" : state + " disk";
        ready(
            afina,
            distribution,
            "classify, " + what,
            List.of("classify", "--state-dir=" + folder.resolve(state)));
      }
      ready(afina, distribution, "train", List.of("train"));
      ready(afina, distribution, "label", List.of("label", "--port=0"));
    }
  }

  private void ready(Installation afina, Path distribution, String what, List<String> command) {
    Instance instance = afina.startLongLived(what, distribution, command);
    until(
        "it is ready",
        () -> {
          if (!instance.isAlive()) {
            throw new IllegalStateException(instance.child().output());
          }
          return afina.isReady(instance);
        });
    Duration took = Duration.ofNanos(System.nanoTime() - instance.started());
    times.computeIfAbsent(distribution + ", " + what, key -> new ArrayList<>()).add(took);
    instance.terminate();
  }
}
