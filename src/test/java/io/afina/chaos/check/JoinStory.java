package io.afina.chaos.check;

import io.afina.chaos.check.Finding.Kind;
import io.afina.chaos.check.History.Correction;
import io.afina.chaos.check.History.Example;
import io.afina.chaos.check.History.Lesson;
import io.afina.chaos.check.History.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened in the join to one image. Images and corrections come each in their order, but how
 * they alternate nobody knows: the examples are right if some way to alternate gives just them.
 *
 * @param pictures of its image events, in their order
 * @param corrections that can be read, in their order
 * @param examples in their order
 * @param givenUp corrections that became dead letters for want of an image, of any image id
 */
record JoinStory(
    String id,
    List<Integer> pictures,
    List<Correction> corrections,
    List<Example> examples,
    Set<Place> givenUp) {

  /**
   * A moment of it.
   *
   * @param images how many have come
   * @param words how many corrections have come
   * @param told how many examples were given
   */
  private record Moment(int images, int words, int told, State state) {

    static final Moment FIRST = new Moment(0, 0, 0, State.NEW);

    Moment afterImage(State then) {
      return new Moment(images + 1, words, told, then);
    }

    Moment afterWord(State then) {
      return new Moment(images, words + 1, told, then);
    }

    Moment afterExample() {
      return new Moment(images, words, told + 1, state);
    }
  }

  /**
   * What the join knows of the image.
   *
   * @param picture the last one, or null
   * @param bears the word that it bears, or null
   * @param waits the place of the correction that waits, among the corrections, or -1
   */
  private record State(
      @Nullable Integer picture,
      @Nullable Word bears,
      List<String> votes,
      int waits,
      List<String> waitingVotes) {

    static final State NEW = new State(null, null, List.of(), -1, List.of());

    State waiting(int word, String vote) {
      return new State(picture, bears, votes, word, with(waitingVotes, vote));
    }

    State notWaiting() {
      return new State(picture, bears, votes, -1, List.of());
    }

    State withdrawn() {
      return new State(picture, null, List.of(), -1, List.of());
    }

    State bearing(Word word, String vote) {
      return new State(picture, word, with(votes, vote), waits, waitingVotes);
    }

    /** The image comes, with the word that waited for it, if one did. */
    State seen(int image, @Nullable Word waited) {
      List<String> all = votes;
      for (String vote : waitingVotes) {
        all = with(all, vote);
      }
      return new State(image, waited == null ? bears : waited, all, -1, List.of());
    }

    Lesson lesson() {
      return new Lesson(bears, picture, votes.size() > 1 ? votes : List.of());
    }

    /** The last word of everybody, oldest first. */
    private static List<String> with(List<String> votes, String vote) {
      String labeller = vote.substring(0, vote.lastIndexOf('=') + 1);
      List<String> all = new ArrayList<>(votes);
      all.removeIf(one -> one.startsWith(labeller));
      all.add(vote);
      return all;
    }
  }

  @Override
  public String toString() {
    return "%s had pictures %s, corrections %s, examples %s"
        .formatted(
            id,
            pictures,
            corrections.stream().map(c -> c.at() + " " + c.word()).toList(),
            examples.stream().map(e -> e.at() + " " + e.lesson()).toList());
  }

  /** What is wrong, if anything is. */
  Optional<Finding> finding() {
    return isExplained() ? Optional.empty() : Optional.of(guess());
  }

  private boolean isExplained() {
    Deque<Moment> open = new ArrayDeque<>(List.of(Moment.FIRST));
    Set<Moment> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      Moment moment = open.pop();
      if (isEnd(moment)) {
        return true;
      }
      for (Moment next : next(moment)) {
        if (seen.add(next)) {
          open.push(next);
        }
      }
    }
    return false;
  }

  private boolean isEnd(Moment moment) {
    return moment.images() == pictures.size()
        && moment.words() == corrections.size()
        && moment.told() == examples.size()
        && moment.state().waits() < 0;
  }

  private List<Moment> next(Moment moment) {
    List<Moment> next = new ArrayList<>();
    State state = moment.state();
    if (state.waits() >= 0 && givenUp.contains(corrections.get(state.waits()).at())) {
      next.add(new Moment(moment.images(), moment.words(), moment.told(), state.notWaiting()));
    }
    if (moment.images() < pictures.size()) {
      image(moment).ifPresent(next::add);
    }
    if (moment.words() < corrections.size()) {
      correction(moment, corrections.get(moment.words())).ifPresent(next::add);
    }
    return next;
  }

  private Optional<Moment> image(Moment moment) {
    State before = moment.state();
    Word waited = before.waits() < 0 ? null : corrections.get(before.waits()).word();
    State after = before.seen(pictures.get(moment.images()), waited);
    Moment then = moment.afterImage(after);
    return after.bears() == null ? Optional.of(then) : tells(then, after.lesson());
  }

  private Optional<Moment> correction(Moment moment, Correction correction) {
    State before = moment.state();
    Word word = correction.word();
    if (word == null) {
      return tells(moment.afterWord(before.withdrawn()), null);
    }
    String vote = word.labeller() + "=" + word.label();
    if (before.picture() == null) {
      return Optional.of(moment.afterWord(before.waiting(moment.words(), vote)));
    }
    Word bears = before.bears() == null ? word : keeping(word, before.bears());
    if (before.bears() != null && isSame(bears, before.bears())) {
      return Optional.of(moment.afterWord(before));
    }
    State after = before.bearing(bears, vote);
    return tells(moment.afterWord(after), after.lesson());
  }

  /** The reason for which somebody was asked stays, unless another is given; so does a check. */
  private static Word keeping(Word word, Word before) {
    return new Word(
        word.label(),
        word.labeller(),
        word.at(),
        word.asked() == null ? before.asked() : word.asked(),
        word.checked() || (before.checked() && before.label().equals(word.label())));
  }

  private static boolean isSame(Word one, Word other) {
    return one.label().equals(other.label())
        && Objects.equals(one.labeller(), other.labeller())
        && Objects.equals(one.asked(), other.asked())
        && one.checked() == other.checked();
  }

  private Optional<Moment> tells(Moment moment, @Nullable Lesson lesson) {
    boolean fits =
        moment.told() < examples.size()
            && Objects.equals(examples.get(moment.told()).lesson(), lesson);
    return fits ? Optional.of(moment.afterExample()) : Optional.empty();
  }

  /** Which promise is broken, as far as one can tell. */
  private Finding guess() {
    for (Example example : examples) {
      Optional<String> wrong =
          example.lesson() == null ? Optional.empty() : wrong(example.lesson());
      if (wrong.isPresent()) {
        return new Finding(
            Kind.WRONG_JOIN, "example %s of %s: %s".formatted(example.at(), id, wrong.get()));
      }
    }
    List<Integer> order = examples.stream().map(this::source).filter(i -> i >= 0).toList();
    for (int i = 1; i < order.size(); i++) {
      if (order.get(i) < order.get(i - 1)) {
        return new Finding(Kind.OUT_OF_ORDER, "examples of %s".formatted(this));
      }
    }
    return new Finding(
        mostlyTooMany(order) ? Kind.DOUBLED : Kind.LOST,
        "no order of images and corrections gives these examples: %s".formatted(this));
  }

  private Optional<String> wrong(Lesson lesson) {
    if (!pictures.contains(lesson.picture())) {
      return Optional.of("no image of it has the embedding of picture " + lesson.picture());
    }
    return corrections.stream().map(Correction::word).anyMatch(word -> isWord(word, lesson))
        ? Optional.empty()
        : Optional.of("nobody said " + lesson.word());
  }

  private static boolean isWord(@Nullable Word word, Lesson lesson) {
    return word != null
        && word.label().equals(lesson.word().label())
        && Objects.equals(word.labeller(), lesson.word().labeller())
        && word.at().equals(lesson.word().at());
  }

  /** Which correction an example bears, or -1. */
  private int source(Example example) {
    for (int i = 0; i < corrections.size(); i++) {
      if (example.lesson() != null && isWord(corrections.get(i).word(), example.lesson())) {
        return i;
      }
    }
    return -1;
  }

  /** A correction makes one example, and each image one of the word that it bears. */
  private boolean mostlyTooMany(List<Integer> order) {
    long removals = examples.stream().filter(example -> example.lesson() == null).count();
    long withdrawals = corrections.stream().filter(c -> c.word() == null).count();
    return removals > withdrawals
        || order.size() > order.stream().distinct().count() + Math.max(0, pictures.size() - 1);
  }
}
