package io.afina.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.topic.ReadyTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that is stopped for a while, as a machine that is suspended stops it, and one that
 * coordinates the others and is away: two classifiers under ten pictures a second go on, and each
 * picture has one prediction.
 */
class StoppedProcessesIT {

  private static final String READY = "classifying with";

  /** So many pictures, five seconds of them, say that nothing goes round in a circle. */
  private static final int SETTLED = 50;

  @TempDir Path folder;

  @Test
  @Tag("nightly")
  void shouldComeBackAfterMoreThanASession() throws Exception {
    stopOneAndCount(Duration.ofSeconds(8), false);
  }

  /** Longer than a transaction may take (10 s), and than a session of a named member (45 s). */
  @ParameterizedTest
  @Tag("nightly")
  @CsvSource({"20,false", "60,false", "20,true", "60,true"})
  void shouldComeBackHoweverLongItWasStopped(int seconds, boolean named) throws Exception {
    stopOneAndCount(Duration.ofSeconds(seconds), named);
  }

  @Test
  @Tag("nightly")
  void shouldGoOnWhileCoordinatorsMove() throws Exception {
    try (Brokers brokers = new Brokers(folder, 3);
        Closer children = new Closer()) {
      // given
      AfinaConfig config = config(brokers.bootstrapServers());
      try (Traffic traffic = new Traffic(config)) {
        List<Child> both = start(children, config, false);
        traffic.readUntil("both classify", () -> members(brokers.admin(), config).size() == 2);
        traffic.readOn(SETTLED);

        // when: stopped, then restarted, the group's and then a transaction's
        Optional<String> transaction = Optional.of(transactionalId(brokers.admin()));
        for (Optional<String> of : List.of(Optional.<String>empty(), transaction)) {
          int node = coordinator(traffic, config, of);
          brokers.signal(node, "STOP");
          traffic.readFor(Duration.ofSeconds(20));
          int other = coordinator(traffic, config, of);
          brokers.signal(node, "CONT");
          assertThat(other).isNotEqualTo(node);
          settle(brokers, traffic, "%s stopped".formatted(name(of)));

          brokers.stop(other);
          traffic.readFor(Duration.ofSeconds(5));
          brokers.start(other);
          settle(brokers, traffic, "%s restarted".formatted(name(of)));
        }

        // then
        assertEachOnce(traffic, both);
      }
    }
  }

  private void stopOneAndCount(Duration time, boolean named) throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        Closer children = new Closer()) {
      // given
      AfinaConfig config = config(broker.bootstrapServers());
      try (Traffic traffic = new Traffic(config)) {
        List<Child> both = start(children, config, named);
        traffic.readUntil("both classify", () -> members(admin, config).size() == 2);
        traffic.readOn(1);

        // when
        traffic.longestWait();
        both.get(0).signal("STOP");
        traffic.readFor(time);
        both.get(0).signal("CONT");
        long start = System.nanoTime();
        traffic.readOn(1);
        traffic.readUntil("both classify again", () -> members(admin, config).size() == 2);
        long back = Duration.ofNanos(System.nanoTime() - start).toMillis();

        // then: it stays, and so does the other
        Set<String> before = members(admin, config);
        traffic.readOn(SETTLED);
        assertThat(members(admin, config)).isEqualTo(before);
        String what = "stopped for %d s, named %s: back after %d ms";
        say(what.formatted(time.toSeconds(), named, back), traffic);
        assertEachOnce(traffic, both);
      }
    }
  }

  private static void settle(Brokers brokers, Traffic traffic, String what) {
    brokers.awaitInSync();
    traffic.readOn(SETTLED);
    say(what, traffic);
  }

  private static void assertEachOnce(Traffic traffic, Collection<Child> classifiers)
      throws InterruptedException {
    traffic.end();
    for (Child classifier : classifiers) {
      assertThat(classifier.isAlive()).as(classifier::output).isTrue();
      classifier.stop();
    }
    traffic.assertOneOutcomeEach();
  }

  private List<Child> start(Closer children, AfinaConfig config, boolean named) {
    List<Child> both =
        Stream.of("one", "two").map(name -> children.own(start(config, name, named))).toList();
    both.forEach(child -> child.awaitOutput(READY));
    return both;
  }

  private Child start(AfinaConfig config, String name, boolean named) {
    List<String> arguments = new ArrayList<>(List.of("classify", "--threads=1"));
    arguments.add("--bootstrap-servers=" + config.kafka().get("bootstrap.servers"));
    arguments.add("--state-dir=" + folder.resolve("state-" + name));
    arguments.add("--management-port=0");
    if (named) {
      arguments.add("--instance-id=" + name);
    }
    return Child.start(folder, name, List.of("-Xmx512m"), Afina.class, arguments);
  }

  /** The members of the stable group that have partitions; none while it is not stable. */
  private static Set<String> members(Admin admin, AfinaConfig config) throws Exception {
    ConsumerGroupDescription group = group(admin, config);
    return group.groupState() == GroupState.STABLE
        ? group.members().stream()
            .filter(member -> !member.assignment().topicPartitions().isEmpty())
            .map(MemberDescription::consumerId)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static ConsumerGroupDescription group(Admin admin, AfinaConfig config) throws Exception {
    String id = config.classifier().applicationId();
    return Objects.requireNonNull(
            admin.describeConsumerGroups(List.of(id)).describedGroups().get(id))
        .get();
  }

  /** The number of the node that coordinates a transactional id, or the group. */
  private static int coordinator(
      Traffic traffic, AfinaConfig config, Optional<String> transaction) {
    AtomicInteger node = new AtomicInteger();
    traffic.readUntil(
        name(transaction) + " answers",
        () -> {
          // One that has asked a broker which is stopped may wait for it for the whole time.
          Map<String, Object> impatient = new HashMap<>(config.kafka());
          impatient.put("default.api.timeout.ms", 10_000);
          impatient.put("request.timeout.ms", 3_000);
          try (Admin admin = Admin.create(impatient)) {
            node.set(coordinator(admin, config, transaction));
            return true;
          } catch (ExecutionException e) {
            return false;
          }
        });
    return node.get();
  }

  private static int coordinator(Admin admin, AfinaConfig config, Optional<String> transaction)
      throws Exception {
    if (transaction.isEmpty()) {
      return group(admin, config).coordinator().id() - 1;
    }
    String id = transaction.get();
    return admin.describeTransactions(List.of(id)).description(id).get().coordinatorId() - 1;
  }

  /** One of the classifiers'. */
  private static String transactionalId(Admin admin) throws Exception {
    return admin.listTransactions().all().get().stream()
        .map(TransactionListing::transactionalId)
        .sorted()
        .findFirst()
        .orElseThrow();
  }

  private static String name(Optional<String> transaction) {
    return "coordinator of " + (transaction.isPresent() ? "a transactional id" : "the group");
  }

  private static AfinaConfig config(String servers) {
    AfinaConfig config = ConfigLoader.defaults().set("kafka.bootstrap.servers", servers).load();
    ReadyTopics.apply(config);
    return config;
  }

  private static void say(String what, Traffic traffic) {
    System.out.printf(
        "stopped processes: %s; longest wait %d ms, %d pictures%n",
        what, traffic.longestWait().toMillis(), traffic.pictures());
  }
}
