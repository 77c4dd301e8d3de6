package io.afina.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.cli.option.Verbosity;
import io.afina.labelling.http.Client;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.TemporaryFolder;
import io.afina.monitoring.Monitored.Role;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.system.Browser;
import io.afina.system.Mischief;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Draws the dashboards over a running system, run by hand ({@code src/docs/dashboards.md} says
 * how): as it learns, and then with faults planted, one after the other. The rules are ten times
 * faster.
 */
final class DashboardsBench {

  private static final int SPEED = 10;
  private static final String RATE_INTERVAL = "15s";
  private static final int PICTURES_PER_SECOND = 12;
  private static final int LEARNING = 1500;
  private static final int FAULT = 1100;
  private static final int BETWEEN_ANSWERS = 15;
  private static final String TAKE = "{\"page\": \"bench\", \"count\": 1}";
  private static final String ANSWER = "{\"page\": \"bench\", \"item\": %s, \"label\": \"%s\"}";

  private final Random random = new Random(1);
  private final Monitored system;
  private final DrawnDashboards drawing;
  private final Mischief mischief;
  private final Client labeller;
  private final Map<String, String> labels = new HashMap<>();
  private long seed;

  private DashboardsBench(Closer closer) {
    Path own = closer.own(new TemporaryFolder("afina-dashboards-")).path();
    system = closer.own(new Monitored(own, SPEED));
    mischief = closer.own(new Mischief(system.config()));
    Browser browser = closer.own(Browser.open(own.resolve("chromium")));
    drawing = new DrawnDashboards(system.prometheus(), browser, RATE_INTERVAL);
    List<String> one = List.of("--threads", "1");
    List<Role> roles = system.startAll(one, List.of("--train-every", "8"), List.of());
    system.classifier("--threads", "1");
    labeller = system.labeller(roles.get(2));
    System.out.println(
        "broker at " + system.config().kafka().getOrDefault("bootstrap.servers", ""));
  }

  /**
   * Runs it.
   *
   * @param args a folder to draw to, and what goes wrong: label, upstream, consumer
   */
  public static void main(String[] args) throws Exception {
    Verbosity.quiet();
    try (Closer closer = new Closer()) {
      DashboardsBench bench = new DashboardsBench(closer);
      Instant start = Instant.now();
      bench.stream(bench.pictures(LEARNING), () -> {});
      bench.draw(Path.of(args[0]), "as-it-learns", start);
      for (String fault : List.of(args).subList(1, args.length)) {
        bench.plant(fault);
        bench.draw(Path.of(args[0]), fault, start);
      }
    }
  }

  private void draw(Path folder, String name, Instant from) throws IOException {
    drawing.draw(folder.resolve(name), from, Instant.now());
    System.out.printf("%s: fires %s%n", name, system.prometheus().firing());
  }

  private void plant(String fault) {
    switch (fault) {
      case "label" -> mislabel();
      case "upstream" ->
          stream(pictures(FAULT), () -> mischief.sendNoPictures(random.nextInt(4) == 0 ? 1 : 0));
      case "consumer" -> holdUp();
      default -> throw new IllegalArgumentException(fault);
    }
  }

  /** From now on one label is given where another is meant, also to what was labelled before. */
  private void mislabel() {
    List<LabelledPicture> before = LabelledPicture.drawn(seed, LEARNING);
    String meant = before.get(0).label();
    String given = before.get(1).label();
    before.stream()
        .filter(picture -> picture.label().equals(meant))
        .forEach(picture -> mischief.correct(picture.id(), given));
    stream(
        pictures(FAULT).stream()
            .map(
                picture ->
                    picture.label().equals(meant)
                        ? new LabelledPicture(picture.id(), given, picture.bytes())
                        : picture)
            .toList(),
        () -> {});
  }

  /** Somebody's transaction stays open in one of the partitions that pictures are sent to. */
  private void holdUp() {
    List<LabelledPicture> pictures = pictures(FAULT);
    try (Closer transaction = mischief.openTransaction(pictures.get(0).bytes().get())) {
      for (int i = 0; i + PICTURES_PER_SECOND <= FAULT; i += PICTURES_PER_SECOND) {
        mischief.sendAgain(pictures.subList(i, i + PICTURES_PER_SECOND));
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
      transaction.own(() -> System.out.println("the transaction is aborted"));
    }
  }

  private List<LabelledPicture> pictures(int count) {
    List<LabelledPicture> pictures = LabelledPicture.drawn(++seed, count);
    pictures.forEach(picture -> labels.put(picture.id(), picture.label()));
    return pictures;
  }

  /** Half of the pictures are corrected by a program, a few by a person at the page. */
  private void stream(List<LabelledPicture> pictures, Runnable also) {
    try (Replay replay =
        new Replay(system.config(), new Replay.Pace(0.5, PICTURES_PER_SECOND, seed))) {
      replay.stream(
          pictures,
          true,
          score -> {
            also.run();
            if (score.predictions() % BETWEEN_ANSWERS == 0) {
              answer();
            }
          });
    }
  }

  private void answer() {
    for (JsonNode item : labeller.json("POST", "/api/items", TAKE).get("items")) {
      String label = labels.get(item.get("image").asText());
      if (label != null) {
        labeller.send("POST", "/api/answers", ANSWER.formatted(item.get("item"), label));
      }
    }
  }
}
