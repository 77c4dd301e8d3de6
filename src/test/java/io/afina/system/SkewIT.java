package io.afina.system;

import static io.afina.walk.Step.say;
import static io.afina.walk.Step.since;
import static io.afina.walk.Step.text;
import static io.afina.walk.Step.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afina.Ports;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.walk.Installation;
import io.afina.walk.Installation.Instance;
import io.afina.walk.Labeller;
import io.afina.walk.Load;
import io.afina.walk.Predictions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An upgrade from an earlier version and the way back, one role after the other, in both orders and
 * under load: what one version writes the other one reads, or says that it does not. The earlier
 * version is the distribution at {@code -Dafina.earlier}.
 */
@Tag("nightly")
class SkewIT {

  private static final Path EARLIER = Path.of(System.getProperty("afina.earlier", ""));
  private static final Path NOW = Path.of(System.getProperty("afina.home", "target/afina"));
  private static final String CLASSIFIERS = "classifiers";
  private static final String TRAINERS = "trainers";
  private static final String PAGE = "page";
  private static final Duration BETWEEN = Duration.ofMillis(50);

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final int labelPort = Ports.free();
  private AfinaConfig config;
  private Installation afina;
  private Predictions predictions;
  private Load load;
  private int generation;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        EARLIER.resolve("bin").toFile().isDirectory(),
        "-Dafina.earlier=FOLDER says where the distribution of an earlier version is");
    TestBroker broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    afina = closer.own(new Installation(folder, broker));
    apply(EARLIER);
    predictions = closer.own(new Predictions(config));
    load = closer.own(new Load(config, BETWEEN));
    load.start();
    List.of(CLASSIFIERS, TRAINERS, PAGE).forEach(role -> start(role, EARLIER));
    afina.awaitReady(afina.all());
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CLASSIFIERS + " " + TRAINERS + " " + PAGE,
        PAGE + " " + TRAINERS + " " + CLASSIFIERS,
      })
  void shouldGoOnAndLearnInEachOrderAndBack(String order) throws Exception {
    // given
    List<String> up = List.of(order.split(" "));
    List<String> down = new ArrayList<>(up);
    Collections.reverse(down);
    learn("all are of the earlier version");

    // when
    apply(NOW);
    for (String role : up) {
      change(role, NOW);
      learn(role + " are of this version");
    }
    for (String role : down) {
      change(role, EARLIER);
      learn(role + " are of the earlier version again");
    }

    // then
    predictions.shouldBeOneForEach(load);
  }

  private void apply(Path version) throws InterruptedException {
    var applied = afina.run(version, List.of("topics", "apply"));
    assertThat(applied.awaitExit()).as(applied::output).isZero();
  }

  /** All processes of a role end before the first one of the other version starts. */
  private void change(String role, Path version) throws Exception {
    predictions.measureGap();
    long start = System.nanoTime();
    commands(role).forEach(command -> afina.of(name(command)).terminate());
    if (role.equals(CLASSIFIERS) && version.equals(EARLIER)) {
      forgetState();
    }
    start(role, version);
    List<Instance> changed = commands(role).stream().map(it -> afina.of(name(it))).toList();
    afina.awaitReady(changed);
    say("%s changed after %s, gap %s", role, since(start), text(predictions.gap()));
  }

  private void start(String role, Path version) {
    for (List<String> command : commands(role)) {
      List<String> arguments = new ArrayList<>(command);
      if (role.equals(CLASSIFIERS)) {
        arguments.add("--state-dir=" + folder.resolve(name(command) + generation));
      }
      afina.start(name(command), version, arguments);
    }
  }

  /** Answers as a person would until a head of these labels predicts. */
  private void learn(String when) {
    Labeller labeller = new Labeller("http://127.0.0.1:" + labelPort, load::label);
    long start = System.nanoTime();
    until(
        "an answer is taken",
        () -> {
          labeller.answer();
          return labeller.answers() > 0;
        });
    long before = predictions.head().orElse(0L);
    until(
        "a head answers that learned after " + when,
        () -> {
          labeller.answer();
          return predictions.head().orElse(0L) > before;
        });
    say("%s: a head answers after %s", when, since(start));
  }

  /**
   * What operations.md says of the way back: the state folders are deleted, and Kafka's reset tool
   * takes away the members and the changelogs.
   */
  private void forgetState() throws Exception {
    String application = config.classifier().applicationId();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      admin
          .removeMembersFromConsumerGroup(application, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
      Set<String> changelogs =
          admin.listTopics().names().get().stream()
              .filter(name -> name.startsWith(application) && name.endsWith("-changelog"))
              .collect(Collectors.toSet());
      admin.deleteTopics(changelogs).all().get();
    }
    generation++;
  }

  private List<List<String>> commands(String role) {
    return switch (role) {
      case CLASSIFIERS -> List.of(classify("one"), classify("two"));
      case TRAINERS -> List.of(List.of("train"));
      case PAGE -> List.of(List.of("label", "--port=" + labelPort));
      default -> throw new IllegalArgumentException(role);
    };
  }

  private static String name(List<String> command) {
    return command.get(0).equals("classify") ? command.get(1) : command.get(0);
  }

  private static List<String> classify(String name) {
    return List.of("classify", "--instance-id=" + name, "--threads=1");
  }
}
