package io.afina.chaos.check;

import static java.util.stream.Collectors.toMap;

import io.afina.chaos.check.Finding.Kind;
import io.afina.chaos.check.History.Head;
import io.afina.chaos.check.History.Image;
import io.afina.chaos.check.History.Move;
import io.afina.chaos.check.History.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/** Compares heads, champions and what they say with each other. */
final class HeadChecks {

  private final History history;
  private final LongFunction<Expected> plan;
  private final List<Finding> findings = new ArrayList<>();

  HeadChecks(History history, LongFunction<Expected> plan) {
    this.history = history;
    this.plan = plan;
  }

  List<Finding> run() {
    versions();
    answers();
    learned();
    return findings;
  }

  private void found(Kind kind, String what) {
    findings.add(new Finding(kind, what));
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
    Map<Place, Image> images = history.images().stream().collect(toMap(Image::at, image -> image));
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
    if (image.number() >= 0 && plan.apply(image.number()) instanceof Expected.Predicted predicted) {
      String says = head.says().get(predicted.picture());
      if (says != null && !says.equals(answer.label())) {
        found(
            Kind.FOREIGN_HEAD,
            "prediction %s says %s of picture %d, head %d says %s"
                .formatted(answer.at(), answer.label(), predicted.picture(), head.version(), says));
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
}
