package io.afina.chaos.check;

import static io.afina.DefaultTopics.TOPICS;
import static java.util.stream.Collectors.groupingBy;

import io.afina.chaos.check.Finding.Kind;
import io.afina.chaos.check.History.Correction;
import io.afina.chaos.check.History.Image;
import io.afina.chaos.check.History.Letter;
import io.afina.chaos.check.History.Prediction;
import io.afina.chaos.check.History.Question;
import io.afina.event.DeadLetter.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Compares records with their outcomes: predictions, review items and dead letters, each once,
 * whole and in order.
 */
final class RecordChecks {

  private final History history;
  private final LongFunction<Expected> plan;
  private final Duration patience;
  private final List<Finding> findings = new ArrayList<>();

  RecordChecks(History history, LongFunction<Expected> plan, Duration patience) {
    this.history = history;
    this.plan = plan;
    this.patience = patience;
  }

  List<Finding> run() {
    published();
    outcomes();
    order();
    questions();
    letters();
    return findings;
  }

  private void found(Kind kind, String what) {
    findings.add(new Finding(kind, what));
  }

  /** What the brokers took is there, once, and in the order in which it was sent. */
  private void published() {
    Map<Long, String> seen = new HashMap<>();
    history.images().forEach(i -> published(seen, "images " + i.at(), i.number()));
    history.corrections().forEach(c -> published(seen, "corrections " + c.at(), c.number()));
    history.acknowledged().stream()
        .filter(acknowledged -> !seen.containsKey(acknowledged.number()))
        .forEach(
            a ->
                found(
                    Kind.LOST,
                    "record %d, taken as %s %s".formatted(a.number(), a.topic(), a.at())));
    ascending("images", history.images(), Image::id, Image::number);
    ascending("corrections", history.corrections(), Correction::id, Correction::number);
  }

  private void published(Map<Long, String> seen, String where, long number) {
    String before = number < 0 ? null : seen.put(number, where);
    if (before != null) {
      found(Kind.DOUBLED, "record %d is %s and %s".formatted(number, before, where));
    }
  }

  /** Every image event has its one outcome, and every outcome its event. */
  private void outcomes() {
    Map<Place, List<Prediction>> predictions =
        history.predictions().stream().collect(groupingBy(Prediction::image));
    Map<Place, List<Letter>> letters =
        history.letters().stream()
            .filter(letter -> letter.topic().equals(TOPICS.images().name()))
            .collect(groupingBy(Letter::of));
    for (Image image : history.images()) {
      List<Prediction> answers =
          Objects.requireNonNullElse(predictions.remove(image.at()), List.of());
      List<Letter> dead = Objects.requireNonNullElse(letters.remove(image.at()), List.of());
      outcome(image, answers, dead);
    }
    predictions
        .keySet()
        .forEach(
            at -> found(Kind.INVENTED, "a prediction of images %s, which is none".formatted(at)));
    letters
        .keySet()
        .forEach(
            at -> found(Kind.INVENTED, "a dead letter of images %s, which is none".formatted(at)));
  }

  private void outcome(Image image, List<Prediction> answers, List<Letter> dead) {
    int outcomes = answers.size() + dead.size();
    if (outcomes == 0) {
      found(Kind.LOST, "image event %s (%s) has no outcome".formatted(image.at(), image.id()));
    } else if (outcomes > 1) {
      found(
          Kind.DOUBLED,
          "image event %s (%s) has %d predictions and %d dead letters"
              .formatted(image.at(), image.id(), answers.size(), dead.size()));
    }
    if (image.number() < 0) {
      found(
          Kind.INVENTED,
          "image event %s (%s) is not of the plan".formatted(image.at(), image.id()));
    } else if (plan.apply(image.number()) instanceof Expected.SetAside aside) {
      answers.forEach(
          p -> found(Kind.ALTERED, "prediction %s of %s, a poison".formatted(p.at(), image.at())));
      dead.forEach(letter -> same(letter, image.bytes(), aside.reason()));
    } else {
      dead.forEach(
          letter ->
              found(
                  Kind.ALTERED,
                  "dead letter %s (%s) of the good picture %s"
                      .formatted(letter.at(), letter.reason(), image.at())));
    }
    answers.stream()
        .filter(answer -> !answer.id().equals(image.id()))
        .forEach(
            answer ->
                found(
                    Kind.WRONG_JOIN,
                    "prediction %s of %s is under %s, not %s"
                        .formatted(answer.at(), image.at(), answer.id(), image.id())));
  }

  private void same(Letter letter, String bytes, Reason reason) {
    if (!letter.bytes().equals(bytes)) {
      found(
          Kind.ALTERED,
          "dead letter %s is not, byte for byte, %s %s"
              .formatted(letter.at(), letter.topic(), letter.of()));
    }
    if (letter.reason() != reason) {
      found(
          Kind.ALTERED,
          "dead letter %s of %s %s says %s, not %s"
              .formatted(letter.at(), letter.topic(), letter.of(), letter.reason(), reason));
    }
  }

  private void order() {
    ascending(
        "predictions", history.predictions(), Prediction::id, answer -> answer.image().offset());
  }

  /** An image event that was predicted is asked about once at most. */
  private void questions() {
    Set<Place> predicted = new HashSet<>();
    history.predictions().forEach(answer -> predicted.add(answer.image()));
    Set<Place> asked = new HashSet<>();
    for (Question question : history.questions()) {
      if (!predicted.contains(question.image())) {
        found(
            Kind.INVENTED,
            "review item %s is about %s, which was not predicted"
                .formatted(question.at(), question.image()));
      } else if (!asked.add(question.image())) {
        found(
            Kind.DOUBLED,
            "review item %s asks again about %s".formatted(question.at(), question.image()));
      }
    }
  }

  private <T> void ascending(
      String topic, List<T> records, Function<T, String> id, ToLongFunction<T> number) {
    Map<String, Long> last = new HashMap<>();
    for (T each : records) {
      long its = number.applyAsLong(each);
      String key = id.apply(each);
      if (key == null || its < 0) {
        continue;
      }
      Long before = last.put(key, its);
      if (before != null && before > its) {
        found(
            Kind.OUT_OF_ORDER, "on %s, %s of %s comes after %s".formatted(topic, its, key, before));
      }
    }
  }

  /** Corrections that cannot be read are dead letters; others are so only for want of an image. */
  private void letters() {
    Map<Place, List<Letter>> letters =
        history.letters().stream()
            .filter(letter -> letter.topic().equals(TOPICS.corrections().name()))
            .collect(groupingBy(Letter::of));
    for (Correction correction : history.corrections()) {
      List<Letter> dead =
          Objects.requireNonNullElse(letters.remove(correction.at()), List.<Letter>of());
      if (dead.size() > 1) {
        found(
            Kind.DOUBLED,
            "correction %s is %d dead letters".formatted(correction.at(), dead.size()));
      }
      if (Checker.isMalformed(correction, plan)) {
        Reason reason = ((Expected.SetAside) plan.apply(correction.number())).reason();
        dead.forEach(letter -> same(letter, correction.bytes(), reason));
        if (dead.isEmpty()) {
          found(Kind.LOST, "malformed correction %s is no dead letter".formatted(correction.at()));
        }
      } else {
        dead.forEach(letter -> gaveUp(letter, correction));
      }
    }
    letters
        .keySet()
        .forEach(
            at ->
                found(
                    Kind.INVENTED, "a dead letter of corrections %s, which is none".formatted(at)));
  }

  private void gaveUp(Letter letter, Correction correction) {
    same(letter, correction.bytes(), Reason.NO_IMAGE);
    long waited = letter.setAside().toEpochMilli() - correction.timestamp();
    if (waited < patience.toMillis()) {
      found(
          Kind.LOST,
          "correction %s was given up after %d ms, before its patience of %s"
              .formatted(correction.at(), waited, patience));
    }
  }
}
