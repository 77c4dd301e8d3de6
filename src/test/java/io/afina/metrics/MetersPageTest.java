package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.keeper.KeptPictureMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the page of meters against the code, in both directions. */
class MetersPageTest {

  private static final Pattern HELP = Pattern.compile("# HELP (afina_\\w+) (.*)");
  private static final Pattern SAMPLE = Pattern.compile("(afina_\\w+)(?:\\{(.*)})? \\S+");
  private static final Pattern TAG = Pattern.compile("(\\w+)=\"");
  private static final Pattern ROW =
      Pattern.compile("\\| `(afina_\\w+)` \\|\\s*([^|]*?)\\s*\\| (.*) \\|");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private record Documented(String tags, String meaning) {}

  @Test
  void shouldListEveryMeterWithItsTagsAndMeaning() throws IOException {
    declareAll(registry);
    assertThat(page()).isEqualTo(code());
  }

  private static void declareAll(MeterRegistry registry) {
    BuildMeters.declare(registry, "small.onnx");
    new ImageMeters(registry);
    new BatchMeters(registry).contradicted("other", "png");
    FetchMeters fetches = new FetchMeters(registry);
    fetches.ended("s3", "fetched", Duration.ZERO);
    fetches.again("s3");
    new StoreMeters(registry, () -> 1, () -> 1);
    new ReviewMeters(registry);
    new LagMeters(registry, List.of("images"), topic -> topic, new NoBacklog());
    new ArrivalMeters(registry);
    new CorrectionMeters(registry);
    KeptPictureMeters kept = new KeptPictureMeters(registry);
    kept.became("keep", "sent");
    kept.waiting("keep", 1);
    new DeadLetterMeters(registry).setAside(Stage.DECODE, Reason.EMPTY);
    HeadMeters heads = new HeadMeters(registry, List.of("missing"));
    heads.challenger(1, Duration.ZERO);
    TrainerMeters trainer = new TrainerMeters(registry);
    trainer.examples(Map.of("ant", 1));
    trainer.suspects(Map.of("ant", 1), Map.of("mia", 1));
    trainer.measured(1, 1, Map.of("ant", new TrainerMeters.Recall(1, 1)));
    trainer.published("promoted");
    LabellingMeters labelling = new LabellingMeters(registry);
    LabellingMeters.Share unknown = new LabellingMeters.Share(Double.NaN, 0, 1);
    labelling.observe(() -> 0, () -> 0, () -> unknown, () -> unknown);
    labelling.answered("skip");
    labelling.loggedIn("right");
    labelling.audited(Map.of("ant", new LabellingMeters.Share(1, 0.9, 1)));
  }

  private static final class NoBacklog implements LagMeters.Backlog {

    @Override
    public long records(String topic) {
      return 0;
    }

    @Override
    public long mostRecords(String topic) {
      return 0;
    }

    @Override
    public long oldestMillis(String topic) {
      return 0;
    }

    @Override
    public long standstillMillis(String topic) {
      return 0;
    }

    @Override
    public long silentMillis() {
      return 0;
    }
  }

  /** By name, from the table. */
  private static Map<String, Documented> page() throws IOException {
    Map<String, Documented> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/docs/metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), new Documented(row.group(2).strip(), row.group(3)));
      }
    }
    return rows;
  }

  /** By name, from what Prometheus would read; maxima are Micrometer's own addition. */
  private Map<String, Documented> code() {
    Map<String, Documented> meters = new TreeMap<>();
    List<String> lines = registry.scrape().lines().toList();
    for (String line : lines) {
      Matcher help = HELP.matcher(line);
      if (help.matches() && !help.group(1).endsWith("_max")) {
        meters.put(help.group(1), new Documented(tags(lines, help.group(1)), help.group(2)));
      }
    }
    return meters;
  }

  private static String tags(List<String> lines, String meter) {
    TreeSet<String> tags = new TreeSet<>();
    for (String line : lines) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches() && sample.group(2) != null && isOf(meter, sample.group(1))) {
        TAG.matcher(sample.group(2)).results().forEach(tag -> tags.add(tag.group(1)));
      }
    }
    tags.remove("le");
    return tags.stream().collect(Collectors.joining(", "));
  }

  private static boolean isOf(String meter, String sample) {
    return sample.equals(meter) || sample.equals(meter + "_count");
  }
}
