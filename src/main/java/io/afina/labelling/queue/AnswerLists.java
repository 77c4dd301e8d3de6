package io.afina.labelling.queue;

import io.afina.label.LabelTable;
import io.afina.labelling.queue.Answers.Answer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists the images of each labeller, and those on which labellers disagree. Bounded, the oldest is
 * forgotten first. Used under the index's lock only.
 */
final class AnswerLists {

  private static final int MOST_LABELLERS = 10_000;
  private static final int MOST_OF_ONE = 2_000;
  private static final int MOST_DISPUTED = 20_000;

  private final Map<String, Map<String, Boolean>> byLabeller = new BoundedMap<>(MOST_LABELLERS);
  private final Map<String, Boolean> disputed = new BoundedMap<>(MOST_DISPUTED);
  private LabelTable table = LabelTable.EMPTY;

  /**
   * Calls labels as a table says from now on: those who said two labels that are one now agree.
   *
   * @param answers all that are known, the last one last
   */
  void called(LabelTable now, Map<String, Answers> answers) {
    table = now;
    disputed.clear();
    answers.forEach(this::dispute);
  }

  /** What is said of an image is different. */
  void changed(String image, @Nullable Answers before, @Nullable Answers now) {
    Set<Answer> old = before == null ? Set.of() : new LinkedHashSet<>(before.all());
    Set<Answer> all = now == null ? Set.of() : new LinkedHashSet<>(now.all());
    old.stream()
        .filter(answer -> !all.contains(answer))
        .forEach(answer -> of(answer.who()).remove(image));
    all.stream()
        .filter(answer -> !old.contains(answer))
        .forEach(answer -> of(answer.who()).put(image, true));
    disputed.remove(image);
    if (now != null) {
      dispute(image, now);
    }
  }

  private void dispute(String image, Answers said) {
    if (said.isDisputed(table)) {
      disputed.put(image, true);
    }
  }

  /** The images of one labeller, whose last answer was given last first. */
  List<String> by(String labeller) {
    return backwards(byLabeller.getOrDefault(labeller, Map.of()).keySet());
  }

  /** The images on which labellers disagree, the last first. */
  List<String> disputed() {
    return backwards(disputed.keySet());
  }

  /**
   * How often each labeller answered, and agreed with others: of the last so many images.
   *
   * @param answers gives those of an image
   */
  List<LabellerCount> counts(Function<String, @Nullable Answers> answers) {
    Map<String, LabellerCount> counts =
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER.thenComparing(name -> name));
    byLabeller.forEach(
        (labeller, images) -> {
          LabellerCount count = new LabellerCount(labeller, images.size(), 0, 0);
          for (String image : images.keySet()) {
            Answers said = answers.apply(image);
            count = said == null ? count : count.with(said, table);
          }
          if (!images.isEmpty()) {
            counts.put(labeller, count);
          }
        });
    return List.copyOf(counts.values());
  }

  private Map<String, Boolean> of(String labeller) {
    return Objects.requireNonNull(
        byLabeller.computeIfAbsent(labeller, name -> new BoundedMap<>(MOST_OF_ONE)));
  }

  private static List<String> backwards(Collection<String> images) {
    List<String> all = new ArrayList<>(images);
    Collections.reverse(all);
    return all;
  }
}
