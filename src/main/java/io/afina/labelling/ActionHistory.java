package io.afina.labelling;

import io.afina.labelling.queue.BoundedMap;
import io.afina.labelling.queue.QueuedItem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what labellers did last, so that it can be undone whatever it was, from any page of
 * theirs. Bounded, the oldest is forgotten first. Safe for any thread.
 */
final class ActionHistory {

  private static final int MOST_ACTIONS = 50;
  private static final int MOST_SAID = 1_000;
  private static final int MOST_LABELLERS = 10_000;
  private static final String NOTHING = "";

  private final Map<String, Mine> labellers = new BoundedMap<>(MOST_LABELLERS);

  /** What a labeller did. */
  sealed interface Action {}

  /**
   * Something was said of an image.
   *
   * @param item that was answered, or null for an image that nobody asked about
   * @param label that was said, or null for nothing any more
   * @param before what the labeller said of the image until then, or null
   */
  record Said(
      String image, @Nullable QueuedItem item, @Nullable String label, @Nullable String before)
      implements Action {}

  /** One label was given to several images at once. */
  record Many(List<Said> all) implements Action {}

  /**
   * The labeller did not say.
   *
   * @param unsure whether it was too hard
   */
  record Passed(QueuedItem item, boolean unsure) implements Action {}

  /**
   * @param said of images lately: {@code corrections} is read back only later
   */
  private record Mine(Deque<Action> done, Map<String, String> said) {}

  /** A labeller did something. */
  synchronized void did(String labeller, Action action) {
    Mine mine = of(labeller);
    mine.done().addLast(action);
    if (mine.done().size() > MOST_ACTIONS) {
      mine.done().removeFirst();
    }
    for (Said said : said(action)) {
      mine.said().put(said.image(), Objects.requireNonNullElse(said.label(), NOTHING));
    }
  }

  /** Takes the last action of a labeller, to undo it. */
  synchronized Optional<Action> takeLast(String labeller) {
    Mine mine = of(labeller);
    Optional<Action> last = Optional.ofNullable(mine.done().pollLast());
    for (Said said : last.map(ActionHistory::said).orElse(List.of())) {
      mine.said().put(said.image(), Objects.requireNonNullElse(said.before(), NOTHING));
    }
    return last;
  }

  private static List<Said> said(Action action) {
    return action instanceof Said said
        ? List.of(said)
        : action instanceof Many many ? many.all() : List.of();
  }

  /** Whether there is anything to undo. */
  synchronized boolean hasDone(String labeller) {
    return labellers.containsKey(labeller) && !of(labeller).done().isEmpty();
  }

  /**
   * What a labeller says of an image.
   *
   * @param known what was read of it
   * @return null when it is nothing
   */
  synchronized @Nullable String said(
      String labeller, String image, Supplier<Optional<String>> known) {
    String said = of(labeller).said().get(image);
    return said == null ? known.get().orElse(null) : said.equals(NOTHING) ? null : said;
  }

  private Mine of(String labeller) {
    return labellers.computeIfAbsent(
        labeller, name -> new Mine(new ArrayDeque<>(), new BoundedMap<>(MOST_SAID)));
  }
}
