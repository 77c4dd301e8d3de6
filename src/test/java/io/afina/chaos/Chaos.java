package io.afina.chaos;

import io.afina.chaos.check.Checker;
import io.afina.chaos.check.Finding;
import io.afina.chaos.check.History;
import io.afina.chaos.cluster.Brokers;
import io.afina.chaos.cluster.SmallDisk;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A run: a cluster of brokers, two classifiers, two trainers and a labelling page, each a process
 * of its own, under a load that is known beforehand; a nemesis that strikes them; and a checker
 * that reads what is left.
 */
final class Chaos implements AutoCloseable {

  private static final int PARTITIONS = 6;

  /** More than that wait for a classifier: the load waits too. */
  private static final int MOST_UNDER_WAY = 400;

  private static final Duration LONGEST_SEARCH = Duration.ofMinutes(4);
  private static final Duration BETWEEN_SEARCHES = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofSeconds(4);
  private static final Duration READ = Duration.ofMillis(20);

  private final Settings settings;
  private final Path folder;
  private final Closer closer = new Closer();
  private final Chronicle chronicle;
  private final Plan plan;
  private final Brokers brokers;
  private final Optional<SmallDisk> disk;
  private final Crew crew;
  private final Load load;
  private final Recorder recorder;
  private final Stranger stranger;
  private final Labellers labellers;
  private final Checker checker;
  private final AtomicLong newestHead = new AtomicLong();
  private volatile boolean searching;
  private boolean clean;

  /**
   * What is run.
   *
   * @param brokers how many
   * @param strikes how many faults at least
   * @param atLeast how long at least
   * @param perSecond steps of the plan
   * @param silence where nothing new comes for so long, what is missing will not come
   * @param faults that may be struck
   * @param sought strikes go on until all of this is found, for some minutes at most
   */
  record Settings(
      long seed,
      int brokers,
      int strikes,
      Duration atLeast,
      double perSecond,
      Duration silence,
      List<Fault> faults,
      Mutation mutation,
      Set<Finding.Kind> sought) {

    Settings {
      faults = List.copyOf(faults);
      sought = Set.copyOf(sought);
    }
  }

  /**
   * Starts everything.
   *
   * @param folder where all files of the run are put
   */
  Chaos(Settings settings, Path folder) throws Exception {
    this.settings = settings;
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      chronicle = new Chronicle(folder.resolve("history.txt"));
      chronicle.note(settings.toString());
      Pictures pictures = new Pictures();
      plan = new Plan(settings.seed(), Pictures.COUNT, pictures::jpeg, pictures::label);
      checker = new Checker(plan::expected, Roles.PATIENCE_OF_CORRECTIONS);
      brokers = closer.own(new Brokers(folder, settings.brokers()));
      applyTopics();
      brokers.awaitInSync();
      disk = SmallDisk.mount(folder.resolve("state-" + Roles.ON_SMALL_DISK));
      disk.ifPresent(closer::own);
      Roles roles = new Roles(folder, brokers.bootstrapServers(), settings.mutation());
      crew = closer.own(new Crew(folder, chronicle, roles.starts()));
      for (String role : Roles.NAMES) {
        crew.start(role);
      }
      Roles.NAMES.forEach(crew::awaitReady);
      load = closer.own(new Load(plan, brokers.bootstrapServers()));
      recorder = closer.own(new Recorder(pictures, brokers.directServers()));
      stranger = closer.own(new Stranger(brokers.directServers()));
      labellers = closer.own(new Labellers(roles.page(), roles.tokens(), plan::truth));
    } catch (Exception | Error e) {
      closer.close();
      throw e;
    }
  }

  /** Runs it to its end and gives what was found. */
  Summary run() throws InterruptedException, IOException {
    chronicle.note("all is ready");
    double began = chronicle.seconds();
    searching = !settings.sought().isEmpty();
    try (Nemesis nemesis =
        new Nemesis(world(), chronicle, settings.strikes(), settings.atLeast(), () -> searching)) {
      nemesis.start(settings.seed(), possible());
      publishWhile(nemesis);
      nemesis.await();
    }
    chronicle.note("peace");
    load.flush();
    labellers.close();
    List<Finding> findings = new ArrayList<>(settle());
    chronicle.ended().forEach(end -> end.finding().ifPresent(findings::add));
    chronicle.note("%d findings".formatted(findings.size()));
    Summary summary =
        new Summary(
            settings,
            chronicle.seconds() - began,
            chronicle.faults(),
            chronicle.ended(),
            Set.copyOf(settings.faults()).size() > possible().size(),
            history(),
            findings);
    Files.writeString(folder.resolve("summary.md"), summary.page());
    clean = findings.isEmpty();
    return summary;
  }

  private Nemesis.World world() {
    List<String> hit = settings.mutation().hit();
    Nemesis.Targets targets =
        new Nemesis.Targets(
            hit.isEmpty() ? Roles.NAMES : hit, Roles.ON_SMALL_DISK, Roles.GUEST, !hit.isEmpty());
    return new Nemesis.World(brokers, crew, load, disk, stranger, newestHead::get, targets);
  }

  /** Ends everything. What brokers and classifiers kept stays only where something was found. */
  @Override
  public void close() {
    closer.close();
    if (clean) {
      try (Stream<Path> kept = Files.list(folder)) {
        kept.filter(Files::isDirectory).forEach(Chaos::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without root there is no small disk, and the summary says so. */
  private List<Fault> possible() {
    return settings.faults().stream()
        .filter(fault -> fault != Fault.DISK_FULL || disk.isPresent())
        .toList();
  }

  private void publishWhile(Nemesis nemesis) {
    long start = System.nanoTime();
    long steps = 0;
    long began = start;
    long searched = start;
    while (!nemesis.isOver()) {
      recorder.read(READ);
      if (searching && System.nanoTime() - searched > BETWEEN_SEARCHES.toNanos()) {
        searched = System.nanoTime();
        searching = searched - began < LONGEST_SEARCH.toNanos() && !isFound();
      }
      newestHead.set(recorder.newestHead());
      double due = (System.nanoTime() - start) / 1e9 * settings.perSecond();
      if (recorder.underWay() > MOST_UNDER_WAY) {
        start = System.nanoTime() - (long) (steps / settings.perSecond() * 1e9);
      }
      for (; steps < due && recorder.underWay() <= MOST_UNDER_WAY; steps++) {
        load.step();
      }
    }
  }

  private boolean isFound() {
    Set<Finding.Kind> found = new HashSet<>();
    checker.check(history()).forEach(finding -> found.add(finding.kind()));
    return found.containsAll(settings.sought());
  }

  /** Until nothing is missing, or nothing comes any more; and then for what should not come. */
  private List<Finding> settle() {
    long last = System.nanoTime();
    while (System.nanoTime() - last < settings.silence().toNanos()
        && isMissing(checker.check(history()))) {
      if (recorder.read(Duration.ofSeconds(1)) > 0) {
        last = System.nanoTime();
      }
    }
    long quiet = System.nanoTime();
    while (System.nanoTime() - quiet < QUIET.toNanos()) {
      recorder.read(READ);
    }
    return checker.check(history());
  }

  /** Whether something is found that time may mend. */
  private static boolean isMissing(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.LOST);
  }

  private History history() {
    return recorder.history(load.acknowledged(), labellers.replies());
  }

  private void applyTopics() {
    try (TopicAdmin admin =
        TopicAdmin.connect(
            ConfigLoader.defaults()
                .set("kafka.bootstrap.servers", brokers.directServers())
                .load())) {
      admin.apply(admin.plan(new PlanRequest(PARTITIONS, "afina-classifier", Set.of())));
    }
  }
}
