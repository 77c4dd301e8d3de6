package io.afina.walk;

import static io.afina.DefaultTopics.TOPICS;
import static io.afina.walk.Step.say;
import static io.afina.walk.Step.since;
import static io.afina.walk.Step.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.Ports;
import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.event.Topic;
import io.afina.lifecycle.Closer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The processes of one installation, by name: started, asked how they are, looked at. */
public final class Installation implements AutoCloseable {

  private static final Duration PROBE = Duration.ofSeconds(1);
  private static final String OFFSETS = "__consumer_offsets";

  private final Closer closer = new Closer();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final Path folder;
  private final TestBroker broker;
  private final Admin admin;

  /**
   * A process.
   *
   * @param port where it says how it is
   * @param started as {@link System#nanoTime} counts
   */
  public record Instance(String name, List<String> command, Child child, int port, long started) {

    public boolean isAlive() {
      return child.isAlive();
    }

    /** SIGTERM, and waits for the end. */
    public void terminate() {
      child.signal("TERM");
      until("it ends", () -> !isAlive());
    }

    /** kill -9; gives when. */
    public long kill() throws InterruptedException {
      child.kill();
      return System.nanoTime();
    }

    /** The last of what it has printed. */
    public String lastLine() {
      return child.output().lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("");
    }
  }

  /** What a process has done until now; {@code processor} is time. */
  private record Done(Duration processor, long lines) {}

  public Installation(Path folder, TestBroker broker) {
    this.folder = folder;
    this.broker = broker;
    admin = closer.own(Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers())));
  }

  /** Starts a process; one that had this name must have ended. */
  public Instance start(String name, List<String> command) {
    return start(
        name,
        command,
        arguments -> Child.start(folder, name, List.of("-Xmx512m"), Afina.class, arguments));
  }

  /** The same of another distribution, such as one of another version. */
  public Instance start(String name, Path distribution, List<String> command) {
    return start(name, command, arguments -> Child.of(distribution, folder, arguments));
  }

  /** The same as somebody starts it who lets it run. */
  public Instance startLongLived(String name, Path distribution, List<String> command) {
    return start(name, command, arguments -> Child.longLived(distribution, folder, arguments));
  }

  private Instance start(
      String name, List<String> command, Function<List<String>, Child> launcher) {
    int port = Ports.free();
    List<String> arguments = new ArrayList<>(command);
    arguments.add("--bootstrap-servers=" + broker.bootstrapServers());
    arguments.add("--management-port=" + port);
    long started = System.nanoTime();
    Child child = closer.own(launcher.apply(arguments));
    Instance instance = new Instance(name, command, child, port, started);
    instances.put(name, instance);
    return instance;
  }

  /** The one that was started last under this name. */
  public Instance of(String name) {
    return Optional.ofNullable(instances.get(name)).orElseThrow();
  }

  public Collection<Instance> all() {
    return List.copyOf(instances.values());
  }

  /** Whether it says that it is ready. */
  public boolean isReady(Instance instance) {
    return probe(instance).filter(answer -> answer.statusCode() == 200).isPresent();
  }

  /** Waits until all are ready, and prints how long each took from its start. */
  public void awaitReady(Collection<Instance> wanted) {
    Set<String> ready = new HashSet<>();
    until(
        "all are ready",
        () -> {
          for (Instance instance : wanted) {
            assertThat(instance.isAlive()).as(instance.child()::output).isTrue();
            if (!ready.contains(instance.name()) && isReady(instance)) {
              ready.add(instance.name());
              say("%s is ready after %s", instance.name(), since(instance.started()));
            }
          }
          return ready.size() == wanted.size();
        });
  }

  /** What it says of its readiness, if it answers. */
  public String readiness(Instance instance) {
    return probe(instance)
        .map(answer -> answer.statusCode() + " " + answer.body().strip())
        .orElse("no answer");
  }

  /** Runs a command to its end. */
  public Child run(List<String> command) throws InterruptedException {
    return run(
        command,
        arguments -> Child.start(folder, arguments.get(0), List.of(), Afina.class, arguments));
  }

  /** The same of another distribution. */
  public Child run(Path distribution, List<String> command) throws InterruptedException {
    return run(command, arguments -> Child.of(distribution, folder, arguments));
  }

  private Child run(List<String> command, Function<List<String>, Child> launcher)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(command);
    arguments.add("--bootstrap-servers=" + broker.bootstrapServers());
    Child child = closer.own(launcher.apply(arguments));
    child.awaitExit();
    return child;
  }

  /** More partitions of the topics that belong together, made as by Kafka's own tools. */
  public void grow(int partitions) throws Exception {
    admin
        .createPartitions(
            Stream.of(
                    TOPICS.images(),
                    TOPICS.corrections(),
                    TOPICS.strays(),
                    TOPICS.review(),
                    TOPICS.predictions())
                .map(Topic::name)
                .collect(
                    Collectors.toMap(
                        Function.identity(), topic -> NewPartitions.increaseTo(partitions))))
        .all()
        .get();
  }

  /** How many members of a group have partitions. */
  public long holders(String group) throws Exception {
    return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
        .flatMap(described -> described.members().stream())
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .count();
  }

  /** Runs something, and gives what was done meanwhile: a line for the broker, one a process. */
  public List<String> during(Callback pause) throws Exception {
    long records = offsetRecords();
    Optional<Duration> own = processor(ProcessHandle.current().pid());
    Map<String, Done> before = done();
    long start = System.nanoTime();
    pause.run();
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d s, %d records on %s".formatted(time.toSeconds(), offsetRecords() - records, OFFSETS));
    if (!TestBroker.inContainers()) {
      Duration used = processor(ProcessHandle.current().pid()).orElseThrow();
      lines.add("broker and test: " + share(used.minus(own.orElseThrow()), time));
    }
    done()
        .forEach(
            (name, now) -> {
              Done then = Optional.ofNullable(before.get(name)).orElseThrow();
              lines.add(
                  "%s: %s, %d lines of log"
                      .formatted(
                          name,
                          share(now.processor().minus(then.processor()), time),
                          now.lines() - then.lines()));
            });
    return lines;
  }

  /** What may throw. */
  public interface Callback {
    void run() throws Exception;
  }

  @Override
  public void close() {
    closer.close();
  }

  private Optional<HttpResponse<String>> probe(Instance instance) {
    URI ready = URI.create("http://127.0.0.1:%d/health/ready".formatted(instance.port()));
    try {
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(PROBE).build();
      return Optional.of(client.send(request, BodyHandlers.ofString()));
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private long offsetRecords() throws Exception {
    Map<TopicPartition, OffsetSpec> ends =
        admin.describeTopics(List.of(OFFSETS)).allTopicNames().get().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .map(partition -> new TopicPartition(OFFSETS, partition.partition()))
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  private Map<String, Done> done() {
    Map<String, Done> done = new LinkedHashMap<>();
    instances.forEach(
        (name, instance) ->
            done.put(
                name,
                new Done(
                    processor(instance.child().pid()).orElseThrow(),
                    instance.child().output().lines().count())));
    return done;
  }

  private static Optional<Duration> processor(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration());
  }

  private static String share(Duration processor, Duration time) {
    return "%.1f %% of a core".formatted(100.0 * processor.toMillis() / time.toMillis());
  }
}
