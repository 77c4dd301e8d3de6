package io.afina.classifier.join;

import static java.util.stream.Collectors.toSet;

import io.afina.classifier.join.JoinSteps.Advance;
import io.afina.classifier.join.JoinSteps.Correct;
import io.afina.classifier.join.JoinSteps.Example;
import io.afina.classifier.join.JoinSteps.Image;
import io.afina.classifier.join.JoinSteps.Letter;
import io.afina.classifier.join.JoinSteps.Malformed;
import io.afina.classifier.join.JoinSteps.Step;
import io.afina.classifier.join.JoinSteps.Withdraw;
import io.afina.classifier.join.JoinSteps.WithdrawOne;
import io.afina.event.DeadLetter.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the join should do, said with maps and a clock of milliseconds. Times are short, because a
 * window store opens a new segment, which takes long, for every minute that passes.
 */
final class JoinModel {

  static final Duration PATIENCE = Duration.ofMillis(400);

  /** How often the join looks for late corrections, at its most. */
  static final Duration LOOK = Duration.ofMillis(100);

  static final Duration HALF_A_LOOK = LOOK.dividedBy(2);

  /** No sum of advances, so that nothing is ever just as old as this. */
  static final Duration RETENTION = Duration.ofMillis(1_005);

  /** What becomes of a correction. */
  enum Fate {
    MALFORMED,
    WAITING,
    JOINED,
    SUPERSEDED,
    WITHDRAWN,
    DEAD_LETTER
  }

  private final Map<String, Kept<Integer>> pictures = new HashMap<>();

  /**
   * What everybody said last, oldest first, for as long as there is one; its picture is known as
   * long.
   */
  private final Map<String, List<Said>> labels = new HashMap<>();

  private final Map<String, Kept<List<Said>>> waiting = new HashMap<>();
  private final Map<String, Example> training = new HashMap<>();
  private final Map<Said, Fate> fates = new HashMap<>();
  private final List<Letter> deadLetters = new ArrayList<>();
  private long now;
  private int records;

  /** A correction, by its place among the records of the history. */
  private record Said(
      int number, String id, String value, String label, String labeller, Instant at) {

    /** What waits in the place of a later correction that was withdrawn. */
    Said inPlaceOf(Said later) {
      String value =
          "{\"label\":\"%s\",\"labeller\":\"%s\",\"at\":\"%s\",\"note\":null,\"asked\":null}"
              .formatted(label, labeller, at);
      return new Said(later.number, id, value, label, labeller, at);
    }

    boolean sameAs(Said other) {
      return label.equals(other.label) && labeller.equals(other.labeller);
    }
  }

  private record Kept<T>(T thing, long since) {}

  void apply(Step step) {
    if (step instanceof Image image) {
      image(image);
    } else if (step instanceof Correct correct) {
      corrected(said(correct));
    } else if (step instanceof Malformed malformed) {
      malformed(malformed.id());
    } else if (step instanceof Withdraw withdraw) {
      withdrawn(withdraw.id());
    } else if (step instanceof WithdrawOne withdraw) {
      withdrawn(withdraw.id(), withdraw.labeller());
    } else if (step instanceof Advance advance) {
      advanced(advance.by().toMillis());
    }
  }

  /** The last value of every key that has one. */
  Map<String, Example> training() {
    return training;
  }

  List<Letter> deadLetters() {
    return deadLetters;
  }

  /** The fate of every correction. */
  Map<Integer, Fate> fates() {
    Map<Integer, Fate> numbered = new HashMap<>();
    fates.forEach((said, fate) -> numbered.put(said.number(), fate));
    return numbered;
  }

  /** The images that bear a label. */
  Set<String> joined() {
    return fates.entrySet().stream()
        .filter(entry -> entry.getValue() == Fate.JOINED)
        .map(entry -> entry.getKey().id())
        .collect(toSet());
  }

  private void image(Image image) {
    pictures.put(image.id(), new Kept<>(image.picture(), now));
    Kept<List<Said>> early = waiting.remove(image.id());
    if (early != null) {
      early.thing().forEach(said -> join(said, image.picture()));
    } else {
      Optional.ofNullable(labels.get(image.id()))
          .ifPresent(said -> teach(last(said), image.picture()));
    }
  }

  private void corrected(Said said) {
    Optional<Said> old = Optional.ofNullable(labels.get(said.id())).map(JoinModel::last);
    Kept<Integer> last = pictures.get(said.id());
    Optional<Integer> picture =
        old.isEmpty() ? retained(last) : Optional.of(Objects.requireNonNull(last).thing());
    if (picture.isEmpty()) {
      end(said.id(), Fate.WAITING, Fate.SUPERSEDED);
      Kept<List<Said>> before = waiting.get(said.id());
      waiting.put(
          said.id(), new Kept<>(after(before == null ? List.of() : before.thing(), said), now));
      fates.put(said, Fate.WAITING);
    } else if (old.filter(said::sameAs).isPresent()) {
      fates.put(said, Fate.JOINED);
    } else {
      join(said, picture.get());
    }
  }

  private void withdrawn(String id) {
    records++;
    waiting.remove(id);
    end(id, Fate.WAITING, Fate.WITHDRAWN);
    unlabelled(id);
  }

  private void unlabelled(String id) {
    Kept<Integer> last = pictures.get(id);
    if (labels.remove(id) != null && retained(last).isEmpty()) {
      pictures.put(id, new Kept<>(Objects.requireNonNull(last).thing(), now));
    }
    training.remove(id);
    end(id, Fate.JOINED, Fate.WITHDRAWN);
  }

  private void withdrawn(String id, String labeller) {
    records++;
    Kept<List<Said>> wait = waiting.remove(id);
    if (wait != null) {
      List<Said> rest = without(wait.thing(), labeller);
      Said last = last(wait.thing());
      if (rest.isEmpty()) {
        fates.put(last, Fate.WITHDRAWN);
      } else if (last.labeller().equals(labeller)) {
        fates.put(last, Fate.WITHDRAWN);
        rest.set(rest.size() - 1, last(rest).inPlaceOf(last));
        fates.put(last(rest), Fate.WAITING);
      }
      if (!rest.isEmpty()) {
        waiting.put(id, new Kept<>(rest, wait.since()));
      }
    }
    List<Said> said = labels.getOrDefault(id, List.of());
    List<Said> rest = without(said, labeller);
    if (rest.isEmpty() && !said.isEmpty()) {
      unlabelled(id);
    } else if (rest.size() < said.size()) {
      labels.put(id, rest);
      fates.put(last(said), Fate.WITHDRAWN);
      fates.put(last(rest), Fate.JOINED);
      teach(last(rest), Objects.requireNonNull(pictures.get(id)).thing());
    }
  }

  private static Said last(List<Said> said) {
    return said.get(said.size() - 1);
  }

  private static List<Said> without(List<Said> said, String labeller) {
    return new ArrayList<>(said.stream().filter(s -> !s.labeller().equals(labeller)).toList());
  }

  private static List<Said> after(List<Said> said, Said next) {
    List<Said> all = without(said, next.labeller());
    all.add(next);
    return all;
  }

  private void malformed(String id) {
    Said said = new Said(records++, id, JoinSteps.MALFORMED, "", "", JoinSteps.START);
    fates.put(said, Fate.MALFORMED);
    dead(said, Reason.MALFORMED);
  }

  private void advanced(long millis) {
    now += millis;
    List<Said> late =
        waiting.values().stream()
            .filter(kept -> now - kept.since() >= PATIENCE.toMillis())
            .map(kept -> last(kept.thing()))
            .toList();
    for (Said said : late) {
      waiting.remove(said.id());
      fates.put(said, Fate.DEAD_LETTER);
      dead(said, Reason.NO_IMAGE);
    }
  }

  private void join(Said said, int picture) {
    end(said.id(), Fate.JOINED, Fate.SUPERSEDED);
    labels.put(said.id(), after(labels.getOrDefault(said.id(), List.of()), said));
    fates.put(said, Fate.JOINED);
    teach(said, picture);
  }

  private void teach(Said said, int picture) {
    training.put(
        said.id(),
        new Example(said.label(), said.labeller(), said.at(), JoinSteps.embedding(picture)));
  }

  private void dead(Said said, Reason reason) {
    deadLetters.add(new Letter(said.number(), said.id(), said.value(), reason));
  }

  private void end(String id, Fate from, Fate to) {
    fates.replaceAll((said, fate) -> said.id().equals(id) && fate == from ? to : fate);
  }

  private Said said(Correct correct) {
    int number = records++;
    return new Said(
        number,
        correct.id(),
        JoinSteps.value(correct),
        correct.label(),
        correct.labeller(),
        JoinSteps.timestamp(number));
  }

  private <T> Optional<T> retained(@Nullable Kept<T> kept) {
    return Optional.ofNullable(kept)
        .filter(k -> now - k.since() <= RETENTION.toMillis())
        .map(Kept::thing);
  }
}
