package io.afina.chaos;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.afina.chaos.Finding.Kind;
import io.afina.chaos.History.Correction;
import io.afina.chaos.History.Example;
import io.afina.chaos.History.Head;
import io.afina.chaos.History.Image;
import io.afina.chaos.History.Letter;
import io.afina.chaos.History.Move;
import io.afina.chaos.History.Prediction;
import io.afina.chaos.History.Question;
import io.afina.chaos.History.Reply;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Compares what is on the topics with what the plan wants and Afina promises. Pure; it knows
 * nothing of the faults: none of them excuses anything.
 */
final class Checker {

  private final LongFunction<Expected> plan;
  private final Duration patience;

  /**
   * @param plan what must become of a record, by its number
   * @param patience how long a correction waits for its image at least
   */
  Checker(LongFunction<Expected> plan, Duration patience) {
    this.plan = plan;
    this.patience = patience;
  }

  /** All that is wrong. */
  List<Finding> check(History history) {
    return new Check(history).run();
  }

  private final class Check {

    private final History history;
    private final List<Finding> findings = new ArrayList<>();

    Check(History history) {
      this.history = history;
    }

    List<Finding> run() {
      published();
      outcomes();
      order();
      questions();
      letters();
      joins();
      versions();
      answers();
      learned();
      replies();
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
              .filter(letter -> letter.topic().equals(Topics.IMAGES.name()))
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
              at ->
                  found(Kind.INVENTED, "a dead letter of images %s, which is none".formatted(at)));
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
            p ->
                found(Kind.ALTERED, "prediction %s of %s, a poison".formatted(p.at(), image.at())));
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
              Kind.OUT_OF_ORDER,
              "on %s, %s of %s comes after %s".formatted(topic, its, key, before));
        }
      }
    }

    /**
     * Corrections that cannot be read are dead letters; others are so only for want of an image.
     */
    private void letters() {
      Map<Place, List<Letter>> letters =
          history.letters().stream()
              .filter(letter -> letter.topic().equals(Topics.CORRECTIONS.name()))
              .collect(groupingBy(Letter::of));
      for (Correction correction : history.corrections()) {
        List<Letter> dead =
            Objects.requireNonNullElse(letters.remove(correction.at()), List.<Letter>of());
        if (dead.size() > 1) {
          found(
              Kind.DOUBLED,
              "correction %s is %d dead letters".formatted(correction.at(), dead.size()));
        }
        if (isMalformed(correction)) {
          Reason reason = ((Expected.SetAside) plan.apply(correction.number())).reason();
          dead.forEach(letter -> same(letter, correction.bytes(), reason));
          if (dead.isEmpty()) {
            found(
                Kind.LOST, "malformed correction %s is no dead letter".formatted(correction.at()));
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
                      Kind.INVENTED,
                      "a dead letter of corrections %s, which is none".formatted(at)));
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

    private boolean isMalformed(Correction correction) {
      return correction.number() >= 0
          && plan.apply(correction.number()) instanceof Expected.SetAside;
    }

    /** Every example can be explained by some order in which images and corrections met. */
    private void joins() {
      Map<String, List<Example>> examples =
          history.examples().stream().collect(groupingBy(Example::id));
      Map<String, List<Correction>> corrections =
          history.corrections().stream()
              .filter(correction -> correction.id() != null && !isMalformed(correction))
              .collect(groupingBy(Correction::id));
      Map<String, List<Integer>> pictures = new HashMap<>();
      for (Image image : history.images()) {
        if (image.number() >= 0
            && plan.apply(image.number()) instanceof Expected.Predicted predicted) {
          pictures.computeIfAbsent(image.id(), id -> new ArrayList<>()).add(predicted.picture());
        }
      }
      Set<Place> givenUp = new HashSet<>();
      history.letters().stream()
          .filter(letter -> letter.topic().equals(Topics.CORRECTIONS.name()))
          .filter(letter -> letter.reason() == Reason.NO_IMAGE)
          .forEach(letter -> givenUp.add(letter.of()));
      Set<String> ids = new TreeSet<>(corrections.keySet());
      ids.addAll(examples.keySet());
      for (String id : ids) {
        new JoinStory(
                id,
                pictures.getOrDefault(id, List.of()),
                corrections.getOrDefault(id, List.of()),
                examples.getOrDefault(id, List.of()),
                givenUp)
            .finding()
            .ifPresent(findings::add);
      }
    }

    /** Of the trainers' heads: versions and champions only go up. */
    private void versions() {
      long newest = 0;
      for (Head head : history.heads()) {
        if (!head.stranger()) {
          notBack("head", head.version(), newest, head.at());
          newest = Math.max(newest, head.version());
        }
      }
      long champion = 0;
      for (Move move : history.moves()) {
        if (!move.stranger() && move.version() != null) {
          notBack("champion", move.version(), champion, move.at());
          champion = Math.max(champion, move.version());
        }
      }
    }

    private void notBack(String what, long version, long newest, Place at) {
      if (version == newest) {
        found(Kind.VERSION_CONFLICT, "%s %d is given twice, at %s".formatted(what, version, at));
      } else if (version < newest) {
        found(
            Kind.VERSION_CONFLICT,
            "%s %d comes after %d, at %s".formatted(what, version, newest, at));
      }
    }

    /** Nobody answers but heads that a trainer promoted, and these say what they say. */
    private void answers() {
      Set<Long> promoted = new HashSet<>();
      history.moves().stream()
          .filter(move -> !move.stranger() && move.version() != null)
          .forEach(move -> promoted.add(move.version()));
      Map<Long, Head> heads =
          history.heads().stream()
              .filter(head -> !head.stranger())
              .collect(toMap(Head::version, head -> head, (one, other) -> one));
      Map<Place, Image> images =
          history.images().stream().collect(toMap(Image::at, image -> image));
      for (Prediction answer : history.predictions()) {
        if (answer.head() == null) {
          continue;
        }
        if (!promoted.contains(answer.head())) {
          found(
              Kind.FOREIGN_HEAD,
              "prediction %s is by head %d, which was never promoted"
                  .formatted(answer.at(), answer.head()));
        } else if (heads.containsKey(answer.head()) && images.containsKey(answer.image())) {
          said(answer, heads.get(answer.head()), images.get(answer.image()));
        }
      }
    }

    private void said(Prediction answer, Head head, Image image) {
      if (image.number() >= 0
          && plan.apply(image.number()) instanceof Expected.Predicted predicted) {
        String says = head.says().get(predicted.picture());
        if (says != null && !says.equals(answer.label())) {
          found(
              Kind.FOREIGN_HEAD,
              "prediction %s says %s of picture %d, head %d says %s"
                  .formatted(
                      answer.at(), answer.label(), predicted.picture(), head.version(), says));
        }
      }
    }

    /** The newest head was trained on the last examples. */
    private void learned() {
      Map<Integer, Long> learned = new HashMap<>();
      history.heads().stream()
          .filter(head -> !head.stranger())
          .forEach(head -> head.learned().forEach((p, next) -> learned.merge(p, next, Math::max)));
      Map<Integer, Long> last = new LinkedHashMap<>();
      history.examples().forEach(e -> last.merge(e.at().partition(), e.at().offset(), Math::max));
      last.forEach(
          (partition, offset) -> {
            if (learned.getOrDefault(partition, 0L) <= offset) {
              found(
                  Kind.LOST,
                  "no head has learned training %s".formatted(new Place(partition, offset)));
            }
          });
    }

    /** An answer that the labelling page took is there, and none is there that nobody gave. */
    private void replies() {
      Map<String, Long> there =
          history.corrections().stream()
              .filter(correction -> correction.number() < 0 && correction.word() != null)
              .collect(
                  groupingBy(c -> said(c.id(), c.word().label(), c.word().labeller()), counting()));
      Map<String, List<Reply>> given =
          history.replies().stream()
              .collect(groupingBy(r -> said(r.id(), r.label(), r.labeller())));
      given.forEach(
          (answer, replies) -> {
            long accepted = replies.stream().filter(Reply::accepted).count();
            long kept = there.getOrDefault(answer, 0L);
            if (kept < accepted) {
              found(
                  Kind.LOST,
                  "answer %s was taken %d times, is there %d".formatted(answer, accepted, kept));
            } else if (kept > replies.size()) {
              found(
                  Kind.DOUBLED,
                  "answer %s was given %d times, is there %d"
                      .formatted(answer, replies.size(), kept));
            }
          });
      there.keySet().stream()
          .filter(answer -> !given.containsKey(answer))
          .forEach(
              answer -> found(Kind.INVENTED, "answer %s was given by nobody".formatted(answer)));
    }

    private static String said(String id, String label, String labeller) {
      return "%s=%s by %s".formatted(id, label, labeller);
    }
  }
}
