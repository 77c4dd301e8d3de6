package io.afina.chaos.check;

import io.afina.event.DeadLetter.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What readers of committed records saw on the topics, each in the order of its partitions, and
 * what the publishers were told.
 *
 * @param acknowledged where the brokers said that they put which record of the plan
 * @param replies what the labelling page said to those who answered
 */
public record History(
    List<Image> images,
    List<Prediction> predictions,
    List<Question> questions,
    List<Correction> corrections,
    List<Example> examples,
    List<Letter> letters,
    List<Head> heads,
    List<Move> moves,
    List<Acknowledged> acknowledged,
    List<Reply> replies) {

  public History {
    images = List.copyOf(images);
    predictions = List.copyOf(predictions);
    questions = List.copyOf(questions);
    corrections = List.copyOf(corrections);
    examples = List.copyOf(examples);
    letters = List.copyOf(letters);
    heads = List.copyOf(heads);
    moves = List.copyOf(moves);
    acknowledged = List.copyOf(acknowledged);
    replies = List.copyOf(replies);
  }

  /**
   * An image event.
   *
   * @param id null where the key is none
   * @param bytes a hash of its key, value and headers
   * @param number in the plan; -1 for none
   */
  public record Image(Place at, @Nullable String id, String bytes, long number) {}

  /**
   * A prediction.
   *
   * @param image where its image event is
   */
  public record Prediction(
      Place at, String id, Place image, @Nullable Long head, @Nullable String label) {}

  /**
   * A review item.
   *
   * @param image where its image event is
   */
  public record Question(Place at, String id, Place image) {}

  /**
   * A record on corrections.
   *
   * @param word what was said; null withdraws
   * @param timestamp milliseconds since 1970
   * @param number in the plan; -1 for one that came through the labelling page
   */
  public record Correction(
      Place at,
      @Nullable String id,
      @Nullable Word word,
      long timestamp,
      String bytes,
      long number) {}

  /**
   * What somebody said.
   *
   * @param at when, which tells corrections of one image apart
   * @param asked why they were asked, or null
   * @param checked whether they were shown that the label looks wrong
   */
  public record Word(
      String label,
      @Nullable String labeller,
      Instant at,
      @Nullable String asked,
      boolean checked) {

    /** One that nobody has checked. */
    public Word(String label, @Nullable String labeller, Instant at, @Nullable String asked) {
      this(label, labeller, at, asked, false);
    }
  }

  /** A record on training; null removes the example. */
  public record Example(Place at, String id, @Nullable Lesson lesson) {}

  /**
   * What a training example says.
   *
   * @param picture whose embedding it has
   * @param votes the last word of everybody, as {@code labeller=label}
   */
  public record Lesson(Word word, int picture, List<String> votes) {

    public Lesson {
      votes = List.copyOf(votes);
    }
  }

  /**
   * A dead letter.
   *
   * @param of where the record was, on that topic
   * @param bytes a hash as that of the record, without the headers that say why
   */
  public record Letter(
      Place at, String topic, Place of, Reason reason, Instant setAside, String bytes) {}

  /**
   * A head.
   *
   * @param stranger whether somebody wrote it who is no trainer
   * @param says what it answers to each picture, where it does not hesitate
   * @param learned the next offset of every partition of training when it was trained
   */
  public record Head(
      Place at,
      long version,
      boolean stranger,
      Map<Integer, String> says,
      Map<Integer, Long> learned) {

    public Head {
      says = Map.copyOf(says);
      learned = Map.copyOf(learned);
    }
  }

  /** A move of the champion's alias. */
  public record Move(Place at, @Nullable Long version, boolean stranger) {}

  public record Acknowledged(String topic, Place at, long number) {}

  /**
   * An answer that was given to the labelling page.
   *
   * @param accepted whether the page said that it is kept; if not, nobody knows
   */
  public record Reply(String id, String label, String labeller, boolean accepted) {}
}
