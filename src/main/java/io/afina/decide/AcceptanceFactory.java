package io.afina.decide;

import io.afina.config.DecideConfig;
import io.afina.decide.Acceptance.OfLabel;
import io.afina.decide.Acceptance.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the acceptance of a head from judged answers: from the random sample alone once that is
 * large enough, for the others were asked because they are hard.
 *
 * @param precision promised, 0 to 1
 * @param labels other promises, by label
 */
public record AcceptanceFactory(double precision, Map<String, Double> labels) {

  /** So many answers of the random sample are enough. */
  private static final int ENOUGH = 500;

  /** Bounds the size of a head's card. */
  private static final int POINTS = 50;

  /** Of a configuration; null while nothing is decided. */
  public static @Nullable AcceptanceFactory of(DecideConfig config) {
    return config.precision() == null
        ? null
        : new AcceptanceFactory(config.precision(), config.labels());
  }

  /** Finds the thresholds, and corrects them by the audited answers. */
  public Acceptance acceptance(List<JudgedAnswer> all) {
    List<JudgedAnswer> audited =
        all.stream()
            .filter(JudgedAnswer::audited)
            .sorted(Comparator.comparingLong(JudgedAnswer::arrived))
            .toList();
    boolean unbiased = audited.size() >= ENOUGH;
    List<JudgedAnswer> counted = unbiased ? audited : all;
    List<Point> points = ThresholdSearch.points(counted);
    Optional<Point> passed = ThresholdSearch.lowest(points, precision);
    Acceptance tested =
        new Acceptance(
            precision,
            threshold(passed),
            labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(own -> ofLabel(own.getKey(), own.getValue(), counted))
                .toList(),
            1,
            counted.size(),
            why(passed, counted.size(), unbiased ? "drawn by chance" : "that were not seen"),
            thinned(points));
    return tested.corrected(LiveCorrection.doubt(tested, audited));
  }

  /** By its own answers where these are enough, else by everybody's. */
  private static OfLabel ofLabel(String label, double promised, List<JudgedAnswer> counted) {
    List<Point> own =
        ThresholdSearch.points(
            counted.stream().filter(answer -> answer.predicted().equals(label)).toList());
    return new OfLabel(
        label,
        promised,
        threshold(
            ThresholdSearch.lowest(own, promised)
                .or(() -> ThresholdSearch.lowest(ThresholdSearch.points(counted), promised))));
  }

  private String why(Optional<Point> passed, int counted, String which) {
    int fewest = ThresholdSearch.fewest(precision);
    return passed
        .map(
            point ->
                "of %d answers about images %s %d are accepted, and %d of these are right"
                    .formatted(counted, which, point.accepted(), point.right()))
        .orElseGet(
            () ->
                (counted < fewest
                        ? "%d answers about images %s are known, and a promise of %s %% needs %d at least"
                        : "of %d answers about images %s not even the surest are right often enough for a promise of %s %%, which needs %d at least")
                    .formatted(counted, which, percent(), fewest));
  }

  private String percent() {
    return "%.4g".formatted(100 * precision);
  }

  private static List<Point> thinned(List<Point> points) {
    int size = points.size();
    return size <= POINTS
        ? points
        : IntStream.rangeClosed(1, POINTS)
            .mapToObj(n -> points.get(n * size / POINTS - 1))
            .toList();
  }

  private static @Nullable Double threshold(Optional<Point> point) {
    return point.map(Point::threshold).orElse(null);
  }
}
