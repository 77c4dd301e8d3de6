package io.afina.labelling.queue;

import io.afina.event.Prediction.Decision;
import io.afina.label.LabelTable;
import io.afina.model.WilsonInterval;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often the heads were right about images that people were asked about. Bounded, the
 * oldest is forgotten first. Used under the index's lock only.
 */
public final class Outcomes {

  /** The answers that the live accuracy counts. */
  private static final int WINDOW = 200;

  /** The audited images of each label that its accuracy counts. */
  private static final int WINDOW_OF_A_LABEL = 50;

  /** The audited images with a decision that live precision and automation count. */
  private static final int WINDOW_OF_DECISIONS = 500;

  private static final int MOST = 20_000;

  private final Map<String, Outcome> all;
  private LabelTable table = LabelTable.EMPTY;

  /** What is counted of them, until they change. */
  private @Nullable Map<String, WilsonInterval> auditedByLabel;

  private @Nullable Map<Long, WilsonInterval> byHead;
  private @Nullable Accuracy accuracy;
  private @Nullable Decided decided;

  record Outcome(
      String label, String predicted, long head, boolean audit, @Nullable Decision decision) {

    boolean isAccepted() {
      return decision == Decision.ACCEPT;
    }
  }

  /**
   * Live accuracy.
   *
   * @param audit whether it counts images drawn by chance only, as it does when there are any; else
   *     all that were asked about, which are harder than the stream
   */
  public record Accuracy(boolean audit, WilsonInterval share) {}

  /**
   * What became of decisions, of images drawn by chance only: the others are asked because they are
   * hard.
   *
   * @param precision share of the last 500 accepted ones that was right
   * @param automation share of the last 500 that was accepted
   */
  public record Decided(WilsonInterval precision, WilsonInterval automation) {}

  Outcomes(int remembered) {
    all = new BoundedMap<>(Math.min(remembered, MOST));
  }

  void called(LabelTable now) {
    table = now;
    changed();
  }

  /** What became of an image, which may be another thing than before. */
  void put(String image, Outcome outcome) {
    changed();
    all.put(image, outcome);
  }

  void remove(String image) {
    all.remove(image);
    changed();
  }

  /** How right the heads were lately. */
  Accuracy accuracy() {
    if (accuracy == null) {
      accuracy = new Accuracy(hasAudits(), share(counted().toList(), WINDOW));
    }
    return accuracy;
  }

  /** Whether decisions kept their promise lately, and how many were accepted. */
  Decided decided() {
    if (decided == null) {
      List<Outcome> audited =
          all.values().stream().filter(o -> o.audit() && o.decision() != null).toList();
      decided =
          new Decided(
              share(audited.stream().filter(Outcome::isAccepted).toList(), WINDOW_OF_DECISIONS),
              share(audited, WINDOW_OF_DECISIONS, Outcome::isAccepted));
    }
    return decided;
  }

  /** How right each head was, of the kind of answers that {@link #accuracy} counts. */
  Map<Long, WilsonInterval> accuracyByHead() {
    if (byHead == null) {
      byHead = Map.copyOf(shares(counted(), Outcome::head, Integer.MAX_VALUE));
    }
    return byHead;
  }

  /**
   * How right the heads were about the images of each label that chance drew, the last 50 of each.
   * Only these are like the stream.
   */
  Map<String, WilsonInterval> auditedByLabel() {
    if (auditedByLabel == null) {
      auditedByLabel =
          Map.copyOf(
              shares(
                  all.values().stream().filter(Outcome::audit),
                  outcome -> table.name(outcome.label()),
                  WINDOW_OF_A_LABEL));
    }
    return auditedByLabel;
  }

  private void changed() {
    auditedByLabel = null;
    byHead = null;
    accuracy = null;
    decided = null;
  }

  private boolean hasAudits() {
    return all.values().stream().anyMatch(Outcome::audit);
  }

  /** The audited ones, or all while there are none. */
  private Stream<Outcome> counted() {
    boolean each = !hasAudits();
    return all.values().stream().filter(outcome -> each || outcome.audit());
  }

  private <K> Map<K, WilsonInterval> shares(
      Stream<Outcome> outcomes, Function<Outcome, K> key, int window) {
    return outcomes.collect(
        Collectors.groupingBy(
            key,
            TreeMap::new,
            Collectors.collectingAndThen(Collectors.toList(), group -> share(group, window))));
  }

  /** Of the last so many. */
  private WilsonInterval share(List<Outcome> some, int window) {
    return share(some, window, this::isRight);
  }

  private static WilsonInterval share(List<Outcome> some, int window, Predicate<Outcome> part) {
    List<Outcome> last = some.subList(Math.max(0, some.size() - window), some.size());
    return WilsonInterval.of((int) last.stream().filter(part).count(), last.size());
  }

  private boolean isRight(Outcome outcome) {
    return table.same(outcome.predicted(), outcome.label());
  }
}
