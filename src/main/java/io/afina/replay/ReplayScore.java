package io.afina.replay;

import io.afina.event.Prediction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Counts what became of the pictures of a replay, and how many predictions are right. */
public final class ReplayScore {

  private final List<Boolean> right = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private final TreeSet<Long> heads = new TreeSet<>();
  private int duplicates;
  private int deadLetters;

  void predicted(String label, Prediction prediction) {
    right.add(label.equals(prediction.label()));
    labels.add(label);
    if (prediction.head() != null) {
      heads.add(prediction.head());
    }
  }

  void duplicate() {
    duplicates++;
  }

  void deadLetter() {
    deadLetters++;
  }

  public int predictions() {
    return right.size();
  }

  public int duplicates() {
    return duplicates;
  }

  public int deadLetters() {
    return deadLetters;
  }

  /** Versions of the heads that answered. */
  public Collection<Long> heads() {
    return Collections.unmodifiableCollection(heads);
  }

  long right() {
    return right.stream().filter(r -> r).count();
  }

  /** Share of all that is right, 0 to 1; a prediction without a label is wrong. */
  public double accuracy() {
    return accuracyOfLast(right.size());
  }

  /** Share of the last ones that is right, 0 to 1. */
  public double accuracyOfLast(int count) {
    List<Boolean> last = last(right, count);
    return last.isEmpty() ? 0 : (double) last.stream().filter(r -> r).count() / last.size();
  }

  /** Share of the last ones that always saying their commonest label would get right, 0 to 1. */
  public double majorityOfLast(int count) {
    Map<String, Integer> counts = new HashMap<>();
    List<String> last = last(labels, count);
    last.forEach(label -> counts.merge(label, 1, Integer::sum));
    return last.isEmpty() ? 0 : (double) Collections.max(counts.values()) / last.size();
  }

  private static <T> List<T> last(List<T> all, int count) {
    return all.subList(Math.max(0, all.size() - count), all.size());
  }
}
