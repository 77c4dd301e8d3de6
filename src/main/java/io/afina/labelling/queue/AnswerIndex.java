package io.afina.labelling.queue;

import io.afina.event.Correction;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.model.WilsonInterval;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was answered: the last correction of each image, how often the heads were right
 * about images that people were asked about, and how many labels came today. Fed from {@code
 * corrections} and {@code review}; bounded, the oldest is forgotten first. Safe for any thread.
 */
public final class AnswerIndex {

  /** The answers that the live accuracy counts. */
  private static final int WINDOW = 200;

  /** The audited images of each label that its accuracy counts. */
  private static final int WINDOW_OF_A_LABEL = 50;

  /** The audited images with a decision that live precision and automation count. */
  private static final int WINDOW_OF_DECISIONS = 500;

  private static final int MOST_OUTCOMES = 20_000;
  private static final int MOST_LABELS = 20_000;

  private final InstantSource clock;
  private final ZoneId zone;
  private final Map<String, LastCorrection> answers;
  private final Map<String, Asked> asked;
  private final Map<String, Outcome> outcomes;
  private final Map<String, Boolean> labels = bounded(MOST_LABELS);
  private final Map<String, String> today = new HashMap<>();
  private final Map<String, Integer> todayBy = new HashMap<>();
  private LocalDate day = LocalDate.MIN;

  /** What is counted of the outcomes, until they change. */
  private @Nullable Map<String, WilsonInterval> auditedByLabel;

  private @Nullable Map<Long, WilsonInterval> byHead;
  private @Nullable Accuracy accuracy;
  private @Nullable Decided decided;

  private record Asked(
      @Nullable String predicted, long head, ReviewReason reason, @Nullable Decision decision) {}

  private record Outcome(
      String label, long head, boolean right, boolean audit, @Nullable Decision decision) {

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

  public AnswerIndex(int remembered, InstantSource clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
    this.answers = bounded(remembered);
    this.asked = bounded(remembered);
    this.outcomes = bounded(Math.min(remembered, MOST_OUTCOMES));
  }

  /** A correction, or null for a withdrawal. */
  public synchronized void corrected(String image, @Nullable Correction correction, long at) {
    LastCorrection before = answers.remove(image);
    if (correction == null) {
      outcomes.remove(image);
      outcomesChanged();
      count(today.remove(image), -1);
      return;
    }
    answers.put(image, LastCorrection.after(before, correction.label(), correction.labeller(), at));
    labels.put(correction.label(), true);
    judge(image, correction.label());
    if (dayOf(at).equals(turnDay())) {
      String labeller = Objects.requireNonNullElse(correction.labeller(), LastCorrection.UNKNOWN);
      count(today.put(image, labeller), -1);
      count(labeller, 1);
    }
  }

  /** A review item, whoever is asked. */
  public synchronized void asked(String image, ReviewItem item) {
    Prediction prediction = item.prediction();
    long head = Objects.requireNonNullElse(prediction.head(), 0L);
    asked.put(image, new Asked(prediction.label(), head, item.reason(), prediction.decision()));
    LastCorrection answer = answers.get(image);
    if (answer != null) {
      judge(image, answer.label());
    }
  }

  /** Why people were asked about an image last, if they were. */
  public synchronized Optional<ReviewReason> reason(String image) {
    return Optional.ofNullable(asked.get(image)).map(Asked::reason);
  }

  /** The last correction of an image, unless it was withdrawn. */
  public synchronized Optional<LastCorrection> answer(String image) {
    return Optional.ofNullable(answers.get(image));
  }

  /** Who has corrected an image since its corrections were withdrawn last. */
  public Set<String> labellers(String image) {
    return answer(image).map(LastCorrection::labellers).orElse(Set.of());
  }

  /** The labels that anybody gave. */
  public synchronized Set<String> labels() {
    return Set.copyOf(labels.keySet());
  }

  /** How right the heads were lately. */
  public synchronized Accuracy accuracy() {
    if (accuracy == null) {
      accuracy = new Accuracy(hasAudits(), share(counted().toList(), WINDOW));
    }
    return accuracy;
  }

  /** Whether decisions kept their promise lately, and how many were accepted. */
  public synchronized Decided decided() {
    if (decided == null) {
      List<Outcome> all =
          outcomes.values().stream().filter(o -> o.audit() && o.decision() != null).toList();
      decided =
          new Decided(
              share(all.stream().filter(Outcome::isAccepted).toList(), WINDOW_OF_DECISIONS),
              share(all, WINDOW_OF_DECISIONS, Outcome::isAccepted));
    }
    return decided;
  }

  /** How right each head was, of the kind of answers that {@link #accuracy} counts. */
  public synchronized Map<Long, WilsonInterval> accuracyByHead() {
    if (byHead == null) {
      byHead = Map.copyOf(shares(counted(), Outcome::head, Integer.MAX_VALUE));
    }
    return byHead;
  }

  /**
   * How right the heads were about the images of each label that chance drew, the last 50 of each.
   * Only these are like the stream.
   */
  synchronized Map<String, WilsonInterval> auditedByLabel() {
    if (auditedByLabel == null) {
      auditedByLabel =
          Map.copyOf(
              shares(
                  outcomes.values().stream().filter(Outcome::audit),
                  Outcome::label,
                  WINDOW_OF_A_LABEL));
    }
    return auditedByLabel;
  }

  /** Images that were labelled today, by everybody. */
  public synchronized int today() {
    turnDay();
    return today.size();
  }

  /** Images that one labeller labelled today. */
  public synchronized int today(String labeller) {
    turnDay();
    return todayBy.getOrDefault(labeller, 0);
  }

  private void count(@Nullable String labeller, int more) {
    if (labeller != null) {
      todayBy.merge(labeller, more, Integer::sum);
    }
  }

  private void outcomesChanged() {
    auditedByLabel = null;
    byHead = null;
    accuracy = null;
    decided = null;
  }

  private void judge(String image, String label) {
    Asked item = asked.get(image);
    if (item != null && item.predicted() != null) {
      outcomesChanged();
      outcomes.put(
          image,
          new Outcome(
              label,
              item.head(),
              item.predicted().equals(label),
              item.reason() == ReviewReason.AUDIT,
              item.decision()));
    }
  }

  private LocalDate turnDay() {
    LocalDate now = LocalDate.ofInstant(clock.instant(), zone);
    if (!now.equals(day)) {
      day = now;
      today.clear();
      todayBy.clear();
    }
    return day;
  }

  private LocalDate dayOf(long millis) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone);
  }

  private boolean hasAudits() {
    return outcomes.values().stream().anyMatch(Outcome::audit);
  }

  /** The audited ones, or all while there are none. */
  private Stream<Outcome> counted() {
    boolean all = !hasAudits();
    return outcomes.values().stream().filter(outcome -> all || outcome.audit());
  }

  private static <K> Map<K, WilsonInterval> shares(
      Stream<Outcome> outcomes, Function<Outcome, K> key, int window) {
    return outcomes.collect(
        Collectors.groupingBy(
            key,
            TreeMap::new,
            Collectors.collectingAndThen(Collectors.toList(), all -> share(all, window))));
  }

  /** Of the last so many. */
  private static WilsonInterval share(List<Outcome> all, int window) {
    return share(all, window, Outcome::right);
  }

  private static WilsonInterval share(List<Outcome> all, int window, Predicate<Outcome> part) {
    List<Outcome> last = all.subList(Math.max(0, all.size() - window), all.size());
    return WilsonInterval.of((int) last.stream().filter(part).count(), last.size());
  }

  private static <V> Map<String, V> bounded(int limit) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > limit;
      }
    };
  }
}
