package io.afina.labelling.queue;

import io.afina.label.LabelTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people say of one image: the last answer of each labeller, oldest first.
 *
 * @param all at least one
 */
public record Answers(List<Answer> all) {

  static final String UNKNOWN = "";

  /** The most labellers of one image that are remembered. */
  private static final int MOST = 50;

  public Answers {
    all = List.copyOf(all);
  }

  /**
   * A correction that was not withdrawn.
   *
   * @param at when it arrived, milliseconds since 1970
   */
  public record Answer(String label, @Nullable String labeller, long at) {

    /** Who gave it; {@link #UNKNOWN} for those who did not say. */
    public String who() {
      return Objects.requireNonNullElse(labeller, UNKNOWN);
    }
  }

  /** Those and a later one, or the first one. */
  static Answers after(@Nullable Answers before, Answer answer) {
    List<Answer> all =
        new ArrayList<>(before == null ? List.of() : before.others(answer.labeller()));
    all.add(answer);
    return new Answers(all.subList(Math.max(0, all.size() - MOST), all.size()));
  }

  /** Without that of one labeller; empty when there is no other. */
  Optional<Answers> without(@Nullable String labeller) {
    return Optional.of(others(labeller)).filter(rest -> !rest.isEmpty()).map(Answers::new);
  }

  /** Without the name of one labeller, whose answer is then that of those who did not say. */
  Answers unnamed(String labeller) {
    Answers unnamed = null;
    for (Answer answer : all) {
      boolean named = labeller.equals(answer.labeller());
      unnamed = after(unnamed, named ? new Answer(answer.label(), null, answer.at()) : answer);
    }
    return Objects.requireNonNull(unnamed);
  }

  /** The last one. */
  public Answer last() {
    return all.get(all.size() - 1);
  }

  /** What one labeller says. */
  public Optional<Answer> of(@Nullable String labeller) {
    return all.stream().filter(answer -> Objects.equals(answer.labeller(), labeller)).findFirst();
  }

  /** Who has answered; {@link #UNKNOWN} for those who did not say who they are. */
  Set<String> labellers() {
    return all.stream().map(Answer::who).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether no label was given by more labellers than every other. */
  public boolean isDisputed(LabelTable table) {
    Map<String, Long> counts =
        all.stream()
            .collect(
                Collectors.groupingBy(answer -> table.id(answer.label()), Collectors.counting()));
    long most = Collections.max(counts.values());
    return counts.values().stream().filter(count -> count == most).count() > 1;
  }

  private List<Answer> others(@Nullable String labeller) {
    return all.stream().filter(answer -> !Objects.equals(answer.labeller(), labeller)).toList();
  }
}
