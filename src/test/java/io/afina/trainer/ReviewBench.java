package io.afina.trainer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.Embedder;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.demo.DrawnPictures;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Scores;
import io.afina.model.Verdict;
import io.afina.picture.PictureDecoder;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.CentroidFitter;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.WarmStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Measures what the review queue saves, run by hand ({@code src/docs/benchmarks.md} says how): a
 * stream passes, its questions are answered a few at a time as the labelling page orders them, and
 * a head is trained and judged after each few, as the trainer does; beside it people label just any
 * picture. Writes both curves as a chart.
 */
final class ReviewBench {

  private static final String BACKBONE = "ab".repeat(32);
  private static final Verdict VERDICT = new Verdict(Verdict.Decision.PROMOTED, "to be measured");
  private static final Timings TIMINGS = new Timings(0, 0, 0);

  /** Labels between two heads, and pictures that pass meanwhile. */
  private static final int LABELS = 4;

  private static final int PASSING = 40;
  private static final int SEEDS = 5;
  private static final double ENOUGH = 0.95;

  private final AfinaConfig config = ConfigLoader.defaults().load();
  private final HeadTraining training =
      new HeadTraining(config.trainer().hidden(), config.trainer().seed());
  private final StringBuilder charts = new StringBuilder();

  private record Sample(String id, String label, float[] values) {}

  private record Data(String name, List<Sample> pool, List<Sample> unseen, int most) {}

  /** Chooses the next pictures to label. */
  private interface Choice {
    List<Sample> next(Optional<Head> champion, Set<String> labelled);
  }

  private interface Strategy {
    Choice begin(Data data, long seed);
  }

  /**
   * Runs it.
   *
   * @param args a backbone, two folders with a folder a label, and where the chart goes: {@code
   *     BACKBONE TRAIN TEST CHART}
   */
  public static void main(String[] args) throws Exception {
    ReviewBench bench = new ReviewBench();
    bench.training.warmUp();
    try (BackboneModel model = BackboneModel.load(new BackboneResolver().resolve(args[0]), 1);
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(bench.config.pictures(), model.backbone().card().input());
      Embed embed = picture -> embedder.embed(decoder.decode(picture, null));
      bench.compare(new Data("photographs", folder(args[1], embed), folder(args[2], embed), 120));
      bench.compare(new Data("drawn", drawn(1, 800, embed), drawn(2, 400, embed), 160));
      bench.pace(drawn(3, 500, embed));
    }
    bench.write(Path.of(args[3]));
  }

  private interface Embed {
    float[] apply(byte[] picture) throws Exception;
  }

  private void compare(Data data) throws IOException {
    double all = accuracy(train(data.pool(), Optional.empty()), data.unseen());
    System.out.printf(
        "%n%s: %d pictures, %d labels, all labelled %.1f %% of %d right, %.0f %% of that is %.1f %%%n",
        data.name(),
        data.pool().size(),
        data.pool().stream().map(Sample::label).distinct().count(),
        100 * all,
        data.unseen().size(),
        100 * ENOUGH,
        100 * ENOUGH * all);
    Map<String, Strategy> strategies = new LinkedHashMap<>();
    strategies.put("random", this::random);
    strategies.put("queue", this::queue);
    strategies.put("least margin of all", (d, seed) -> least(d, seed, ReviewBench::margin));
    strategies.put("most entropy of all", (d, seed) -> least(d, seed, s -> -s.entropy()));
    Map<String, double[]> curves = new LinkedHashMap<>();
    strategies.forEach((name, strategy) -> curves.put(name, curve(data, strategy)));
    curves.forEach((name, curve) -> print(name, curve, all));
    charts.append(chart(data, curves, ENOUGH * all));
  }

  /** Mean accuracy over seeds after 4, 8, 12 … labels. */
  private double[] curve(Data data, Strategy strategy) {
    double[] sums = new double[data.most() / LABELS];
    for (int seed = 0; seed < SEEDS; seed++) {
      Choice choice = strategy.begin(data, seed);
      Set<String> labelled = new HashSet<>();
      List<Sample> known = new ArrayList<>();
      Optional<Head> champion = Optional.empty();
      for (int round = 0; round < sums.length; round++) {
        for (Sample next : choice.next(champion, labelled)) {
          labelled.add(next.id());
          known.add(next);
        }
        champion = train(known, champion);
        sums[round] += accuracy(champion, data.unseen());
      }
    }
    return Arrays.stream(sums).map(sum -> sum / SEEDS).toArray();
  }

  /** What the trainer makes of so few: trained on all, from the champion on. */
  private Optional<Head> train(List<Sample> known, Optional<Head> champion) {
    Dataset dataset = new Dataset();
    for (int n = 0; n < known.size(); n++) {
      Sample sample = known.get(n);
      Embedding embedding = new Embedding(BACKBONE, sample.values());
      dataset.apply(
          sample.id(), new TrainingExample(sample.label(), null, Instant.EPOCH, embedding), 0, n);
    }
    return dataset
        .examples(config.trainer().minExamplesPerLabel())
        .map(all -> head(all, training.train(all, champion.map(WarmStart::of), Optional.empty())))
        .or(() -> champion);
  }

  private Head head(ExampleSet all, HeadTraining.Trained trained) {
    HeadCard card =
        new HeadCard(
            1,
            null,
            all.backbone(),
            all.width(),
            all.labels(),
            1,
            new HeadCard.Training(
                all.size(), Map.of(), trained.accuracy(), 0, config.trainer().seed(), "", 0),
            null,
            VERDICT,
            Instant.EPOCH);
    return new Head(card, trained.layers(), CentroidFitter.of(all));
  }

  private Choice random(Data data, long seed) {
    List<Sample> order = shuffled(data, seed);
    return (champion, labelled) -> unlabelled(order, labelled).limit(LABELS).toList();
  }

  /** Looks at every picture that there is, which no stream allows. */
  private Choice least(Data data, long seed, ToDoubleFunction<Scores> key) {
    List<Sample> order = shuffled(data, seed);
    return (champion, labelled) -> {
      Stream<Sample> open = unlabelled(order, labelled);
      return champion
          .map(
              head ->
                  open.sorted(
                      Comparator.comparingDouble(s -> key.applyAsDouble(head.score(s.values())))))
          .orElse(open)
          .limit(LABELS)
          .toList();
    };
  }

  /** The classifier's questions, in the order in which the page asks them. */
  private Choice queue(Data data, long seed) {
    List<Sample> order = shuffled(data, seed);
    ReviewSampler questions = new ReviewSampler(config.review());
    Map<String, ReviewItem> open = new LinkedHashMap<>();
    Map<String, Sample> byId = new LinkedHashMap<>();
    order.forEach(sample -> byId.put(sample.id(), sample));
    long[] offset = new long[1];
    return (champion, labelled) -> {
      do {
        for (int i = 0; i < PASSING; i++) {
          Sample sample = order.get((int) (offset[0] % order.size()));
          ScoredImage scored = scored(sample, champion, offset[0]++);
          questions
              .about(sample.id(), scored)
              .filter(item -> !labelled.contains(sample.id()))
              .ifPresent(item -> open.put(sample.id(), item));
        }
      } while (open.size() < LABELS);
      List<Sample> next =
          open.entrySet().stream()
              .sorted(Comparator.comparingDouble(entry -> rank(entry.getValue())))
              .limit(LABELS)
              .map(entry -> Objects.requireNonNull(byId.get(entry.getKey())))
              .toList();
      next.forEach(sample -> open.remove(sample.id()));
      return next;
    };
  }

  private static double rank(ReviewItem item) {
    return item.reason() == ReviewReason.AUDIT ? -2 : -item.uncertainty();
  }

  private static ScoredImage scored(Sample sample, Optional<Head> champion, long offset) {
    Position at = new Position(0, offset, 0);
    Embedding embedding = new Embedding(BACKBONE, sample.values());
    Prediction prediction =
        champion
            .map(
                head -> {
                  Scores scores = head.score(sample.values());
                  List<Score> top =
                      scores.top(5).stream()
                          .map(r -> new Score(r.label(), r.probability()))
                          .toList();
                  return new Prediction(
                      top.get(0).label(),
                      top.get(0).confidence(),
                      top,
                      margin(scores),
                      scores.entropy(),
                      head.version(),
                      BACKBONE,
                      at,
                      TIMINGS,
                      null,
                      null);
                })
            .orElseGet(
                () ->
                    new Prediction(
                        null, null, List.of(), null, null, null, BACKBONE, at, TIMINGS, null,
                        null));
    return new ScoredImage(prediction, embedding, champion);
  }

  private static double margin(Scores scores) {
    List<Scores.Ranked> top = scores.top(2);
    return top.get(0).probability() - top.get(1).probability();
  }

  private static List<Sample> shuffled(Data data, long seed) {
    List<Sample> order = new ArrayList<>(data.pool());
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  private static Stream<Sample> unlabelled(List<Sample> order, Set<String> labelled) {
    return order.stream().filter(sample -> !labelled.contains(sample.id()));
  }

  private static double accuracy(Optional<Head> head, List<Sample> unseen) {
    return head.map(
            h ->
                unseen.stream()
                        .filter(s -> h.score(s.values()).top(1).get(0).label().equals(s.label()))
                        .count()
                    / (double) unseen.size())
        .orElse(0.0);
  }

  private static void print(String name, double[] curve, double all) {
    System.out.printf(
        "  %-22s %4d labels, %4d for 99 %%   after",
        name, needed(curve, ENOUGH * all), needed(curve, 0.99 * all));
    for (int n = 1; n < curve.length; n += n < 6 ? 2 : 5) {
      System.out.printf("  %d: %.1f", (n + 1) * LABELS, 100 * curve[n]);
    }
    System.out.println();
  }

  /** Labels until the mean curve is there, or -1. */
  private static int needed(double[] curve, double enough) {
    return IntStream.range(0, curve.length)
        .filter(n -> curve[n] >= enough)
        .map(n -> (n + 1) * LABELS)
        .findFirst()
        .orElse(-1);
  }

  /** What a picture costs in the node of the topology. */
  private void pace(List<Sample> samples) {
    Optional<Head> head = train(samples, Optional.empty());
    List<ScoredImage> scored = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      scored.add(scored(samples.get(i), head, i));
    }
    ReviewSampler questions = new ReviewSampler(config.review());
    int asked = 0;
    long start = 0;
    for (int pass = 0; pass < 400; pass++) {
      start = pass == 200 ? System.nanoTime() : start;
      for (int i = 0; i < scored.size(); i++) {
        asked += questions.about(samples.get(i).id(), scored.get(i)).isPresent() ? 1 : 0;
      }
    }
    System.out.printf(
        "%n%.1f microseconds an image with %d labels, %.1f %% asked%n",
        (System.nanoTime() - start) / 1e3 / (200.0 * samples.size()),
        head.orElseThrow().card().labels().size(),
        100.0 * asked / (400 * samples.size()));
  }

  private static String chart(Data data, Map<String, double[]> curves, double enough)
      throws IOException {
    List<Map<String, Object>> series = new ArrayList<>();
    curves.forEach(
        (name, curve) ->
            series.add(
                Map.of(
                    "name",
                    name,
                    "type",
                    "line",
                    "showSymbol",
                    false,
                    "data",
                    IntStream.range(0, curve.length)
                        .mapToObj(n -> List.of((n + 1) * LABELS, 100 * curve[n]))
                        .toList(),
                    "markLine",
                    Map.of("symbol", "none", "data", List.of(Map.of("yAxis", 100 * enough))))));
    Map<String, Object> options =
        Map.of(
            "title", Map.of("text", data.name() + ": right, in %, after so many labels"),
            "legend", Map.of("bottom", 0),
            "tooltip", Map.of("trigger", "axis"),
            "xAxis", Map.of("type", "value", "name", "labels"),
            "yAxis", Map.of("type", "value", "scale", true),
            "series", series);
    return "<div class=\"chart\" id=\"%s\"></div><script>echarts.init(document.getElementById('%s')).setOption(%s)</script>%n"
        .formatted(data.name(), data.name(), new JsonMapper().writeValueAsString(options));
  }

  private void write(Path file) throws IOException {
    String page =
        "<!doctype html><meta charset=\"utf-8\"><title>What the review queue saves</title><style>.chart{width:900px;height:480px}</style><script>"
            + echarts()
            + "</script>\n"
            + charts;
    Files.writeString(file, page);
    System.out.println("chart in " + file);
  }

  /** The library's text, from its jar; the path in it holds its version. */
  private static String echarts() throws IOException {
    String folder =
        new JsonMapper()
            .readTree(resource("/META-INF/importmap.json"))
            .at("/imports")
            .get("echarts/dist/")
            .asText();
    return resource("/META-INF/resources" + folder + "echarts.common.min.js");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ReviewBench.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Sample> folder(String folder, Embed embed) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of(folder))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    List<Sample> samples = new ArrayList<>();
    for (Path file : files) {
      samples.add(
          new Sample(
              file.getFileName().toString(),
              file.getName(file.getNameCount() - 2).toString(),
              embed.apply(Files.readAllBytes(file))));
    }
    return samples;
  }

  private static List<Sample> drawn(long seed, int count, Embed embed) throws Exception {
    DrawnPictures drawing = new DrawnPictures(seed);
    List<Sample> samples = new ArrayList<>();
    for (var drawn : LongStream.range(0, count).mapToObj(drawing::draw).toList()) {
      samples.add(new Sample(drawn.id(), drawn.label(), embed.apply(drawn.jpeg())));
    }
    return samples;
  }
}
