package io.afina.labelling.queue;

import io.afina.event.Correction;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.label.LabelTable;
import io.afina.labelling.queue.Answers.Answer;
import io.afina.model.WilsonInterval;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was answered: what labellers say of each image, how often the heads were right
 * about images that people were asked about, and how many labels came today. Fed from {@code
 * corrections} and {@code review}; bounded, the oldest is forgotten first. Safe for any thread.
 */
public final class AnswerIndex {

  private static final int MOST_COUNTED = 10_000;

  private static final int MOST_LABELS = 20_000;

  private final Map<String, Answers> answers;
  private final Map<String, Asked> asked;
  private final Outcomes outcomes;
  private final Map<String, Boolean> labels = new BoundedMap<>(MOST_LABELS);
  private final DayCounts today;
  private final AnswerLists lists = new AnswerLists();
  private LabelTable table = LabelTable.EMPTY;
  private int renamings;

  /**
   * Why people were asked about an image, and what was predicted then.
   *
   * @param picture where it is
   */
  public record Asked(
      @Nullable String predicted,
      long head,
      ReviewReason reason,
      Prediction.Position picture,
      @Nullable Decision decision) {}

  /**
   * An image that has answers.
   *
   * @param asked null for one that nobody asked about, as far as is known
   */
  public record Answered(String image, Answers answers, @Nullable Asked asked) {}

  public AnswerIndex(int remembered, InstantSource clock, ZoneId zone) {
    this.today = new DayCounts(clock, zone);
    this.answers = new BoundedMap<>(remembered);
    this.asked = new BoundedMap<>(remembered);
    this.outcomes = new Outcomes(remembered);
  }

  /** Calls labels as a table says from now on, those of earlier answers too. */
  public synchronized void called(LabelTable now) {
    table = now;
    renamings++;
    outcomes.called(now);
    lists.called(now, answers);
  }

  /** How often labels were called otherwise. */
  public synchronized int renamings() {
    return renamings;
  }

  /**
   * A correction.
   *
   * @param at when it arrived, milliseconds since 1970
   */
  public synchronized void corrected(String image, Correction correction, long at) {
    labels.put(correction.label(), true);
    change(
        image,
        Answers.after(
            answers.get(image), new Answer(correction.label(), correction.labeller(), at)));
  }

  /** What everybody said of an image was withdrawn. */
  public synchronized void withdrawn(String image) {
    change(image, null);
  }

  /** What one labeller said of an image was withdrawn; null is whoever did not say who. */
  public synchronized void withdrawn(String image, @Nullable String labeller) {
    Answers before = answers.get(image);
    if (before != null && before.of(labeller).isPresent()) {
      change(image, before.without(labeller).orElse(null));
    }
  }

  /** The name of a labeller is taken off what was said of an image. */
  public synchronized void unnamed(String image, String labeller) {
    Answers before = answers.get(image);
    if (before != null && before.of(labeller).isPresent()) {
      change(image, before.unnamed(labeller));
    }
  }

  private void change(String image, @Nullable Answers now) {
    Answers before = answers.remove(image);
    today.changed(before, now);
    lists.changed(image, before, now);
    if (now == null) {
      outcomes.remove(image);
    } else {
      answers.put(image, now);
      judge(image, now.last().label());
    }
  }

  /** A review item, whoever is asked. */
  public synchronized void asked(String image, ReviewItem item) {
    Prediction prediction = item.prediction();
    long head = Objects.requireNonNullElse(prediction.head(), 0L);
    asked.put(
        image,
        new Asked(
            prediction.label(), head, item.reason(), prediction.image(), prediction.decision()));
    Answers said = answers.get(image);
    if (said != null) {
      judge(image, said.last().label());
    }
  }

  /**
   * The images that a labeller labelled lately, the last first.
   *
   * @param wanted tells which of them
   */
  public synchronized List<Answered> by(String labeller, Predicate<Answered> wanted) {
    return lists.by(labeller).stream().flatMap(this::answered).filter(wanted).toList();
  }

  /** The images on which labellers disagree, the last first; not those of one labeller. */
  public synchronized List<Answered> disputed(String notBy) {
    return lists.disputed().stream()
        .flatMap(this::answered)
        .filter(image -> !image.answers().labellers().contains(notBy))
        .toList();
  }

  /** What each labeller did lately, by name. */
  public synchronized List<LabellerCount> labellers() {
    return lists.counts(answers::get);
  }

  /**
   * How many images have each label, the commonest first: for a beginning, of the last 10,000.
   *
   * @param labellers who must have answered an image
   */
  public synchronized List<Map.Entry<String, Integer>> labelCounts(int labellers) {
    Map<String, Integer> counts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    answers.values().stream()
        .skip(Math.max(0, answers.size() - MOST_COUNTED))
        .filter(said -> said.all().size() >= labellers)
        .forEach(said -> counts.merge(table.name(said.last().label()), 1, Integer::sum));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .toList();
  }

  private Stream<Answered> answered(String image) {
    return Stream.ofNullable(answers.get(image))
        .map(said -> new Answered(image, said, asked.get(image)));
  }

  /** Why people were asked about an image last, if they were. */
  public Optional<ReviewReason> reason(String image) {
    return lastAsked(image).map(Asked::reason);
  }

  /** Why people were asked about an image last, and what was predicted then, if they were. */
  public synchronized Optional<Asked> lastAsked(String image) {
    return Optional.ofNullable(asked.get(image));
  }

  /** What people say of an image, unless it was withdrawn. */
  public synchronized Optional<Answers> answers(String image) {
    return Optional.ofNullable(answers.get(image));
  }

  /** Who has corrected an image, and has not withdrawn it. */
  public Set<String> labellers(String image) {
    return answers(image).map(Answers::labellers).orElse(Set.of());
  }

  /** The labels that are used, and those that anybody gave, each once and by its name. */
  public synchronized Set<String> labels() {
    Map<String, String> names = new LinkedHashMap<>();
    Stream.concat(table.names().stream(), labels.keySet().stream())
        .filter(label -> !table.isRetired(label))
        .forEach(label -> names.putIfAbsent(table.id(label), table.name(label)));
    return Set.copyOf(names.values());
  }

  /**
   * The images that bear each label, by its id.
   *
   * @param most that are shown
   */
  public synchronized Map<String, Labelled> labelled(int most) {
    return Labelled.byLabel(
        answers,
        answer -> table.id(answer.last().label()),
        image -> Optional.ofNullable(asked.get(image)).map(Asked::picture),
        most);
  }

  /** How right the heads were lately. */
  public synchronized Outcomes.Accuracy accuracy() {
    return outcomes.accuracy();
  }

  /** Whether decisions kept their promise lately, and how many were accepted. */
  public synchronized Outcomes.Decided decided() {
    return outcomes.decided();
  }

  /** How right each head was, of the kind of answers that {@link #accuracy} counts. */
  public synchronized Map<Long, WilsonInterval> accuracyByHead() {
    return outcomes.accuracyByHead();
  }

  /**
   * How right the heads were about the images of each label that chance drew, the last 50 of each.
   * Only these are like the stream.
   */
  synchronized Map<String, WilsonInterval> auditedByLabel() {
    return outcomes.auditedByLabel();
  }

  /** Images that were labelled today, by everybody. */
  public synchronized int today() {
    return today.images();
  }

  /** Images that one labeller labelled today. */
  public synchronized int today(String labeller) {
    return today.by(labeller);
  }

  private void judge(String image, String label) {
    Asked item = asked.get(image);
    if (item != null && item.predicted() != null) {
      boolean audit = item.reason() == ReviewReason.AUDIT;
      outcomes.put(
          image,
          new Outcomes.Outcome(label, item.predicted(), item.head(), audit, item.decision()));
    }
  }
}
