package io.afina.labelling.grid;

import io.afina.event.Prediction;
import io.afina.labelling.queue.QueuedItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses open items that can be labelled at once: of one guess, and of these the ones that are
 * most like the one that the guess is surest of.
 */
public final class GridChoice {

  /** How items without a guess are called. */
  public static final String NO_GUESS = "";

  private GridChoice() {}

  /**
   * Items for a grid.
   *
   * @param label the guess; {@link #NO_GUESS} for none
   * @param items those that were chosen
   */
  public record Chosen(String label, List<QueuedItem> items) {}

  /** How many items there are of each guess, the most first. */
  public static Map<String, Integer> guesses(List<QueuedItem> open) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    groups(open).forEach((label, items) -> counts.put(label, items.size()));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  /**
   * Chooses.
   *
   * @param open what there is, in the order in which people are asked
   * @param label the guess that is wanted, or null for the one that most have
   * @return empty when there is none of it
   */
  public static Optional<Chosen> choose(List<QueuedItem> open, @Nullable String label, int count) {
    String guess = label == null ? guesses(open).keySet().stream().findFirst().orElse("") : label;
    List<QueuedItem> group = groups(open).getOrDefault(guess, List.of());
    return group.isEmpty() ? Optional.empty() : Optional.of(new Chosen(guess, alike(group, count)));
  }

  /** The open items that are most like a picture. */
  public static List<Alike<QueuedItem>> like(
      float[] embedding, String backbone, List<QueuedItem> open, int count) {
    return Alike.nearest(
            embedding,
            vectors(open)
                .filter(each -> backbone.equals(each.item().review().prediction().backbone()))
                .filter(each -> each.values().length == embedding.length),
            Vector::values,
            count)
        .stream()
        .map(each -> new Alike<>(each.picture().item(), each.cosine()))
        .toList();
  }

  private static List<QueuedItem> alike(List<QueuedItem> group, int count) {
    Optional<Vector> surest =
        vectors(group).max(Comparator.comparing(each -> confidence(each.item())));
    List<QueuedItem> chosen =
        new ArrayList<>(
            surest
                .map(
                    seed ->
                        like(
                            seed.values(),
                            seed.item().review().prediction().backbone(),
                            group,
                            count))
                .orElse(List.of())
                .stream()
                .map(Alike::picture)
                .toList());
    // Those of which no embedding is known come last.
    group.stream()
        .filter(item -> !chosen.contains(item))
        .limit(Math.max(0, count - chosen.size()))
        .toList()
        .forEach(chosen::add);
    return chosen;
  }

  private record Vector(QueuedItem item, float[] values) {}

  private static Stream<Vector> vectors(List<QueuedItem> items) {
    return items.stream()
        .flatMap(item -> item.review().vector().map(values -> new Vector(item, values)).stream());
  }

  private static Map<String, List<QueuedItem>> groups(List<QueuedItem> open) {
    return open.stream()
        .collect(
            Collectors.groupingBy(
                item -> Objects.requireNonNullElse(prediction(item).label(), NO_GUESS),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private static double confidence(QueuedItem item) {
    return Objects.requireNonNullElse(prediction(item).confidence(), 0.0);
  }

  private static Prediction prediction(QueuedItem item) {
    return item.review().prediction();
  }
}
