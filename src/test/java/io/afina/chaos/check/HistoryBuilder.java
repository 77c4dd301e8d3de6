package io.afina.chaos.check;

import io.afina.chaos.check.History.Acknowledged;
import io.afina.chaos.check.History.Correction;
import io.afina.chaos.check.History.Example;
import io.afina.chaos.check.History.Head;
import io.afina.chaos.check.History.Image;
import io.afina.chaos.check.History.Lesson;
import io.afina.chaos.check.History.Letter;
import io.afina.chaos.check.History.Move;
import io.afina.chaos.check.History.Prediction;
import io.afina.chaos.check.History.Question;
import io.afina.chaos.check.History.Reply;
import io.afina.chaos.check.History.Word;
import io.afina.event.DeadLetter.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history written by hand, on topics of one partition. A record's bytes are its image id; every
 * head says ant.
 */
public final class HistoryBuilder {

  private final List<Image> images = new ArrayList<>();
  private final List<Prediction> predictions = new ArrayList<>();
  private final List<Question> questions = new ArrayList<>();
  private final List<Correction> corrections = new ArrayList<>();
  private final List<Example> examples = new ArrayList<>();
  private final List<Letter> letters = new ArrayList<>();
  private final List<Head> heads = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private final List<Reply> replies = new ArrayList<>();

  public HistoryBuilder image(String id, long number) {
    images.add(new Image(place(images.size()), id, id, number));
    return this;
  }

  /** By no head. */
  public HistoryBuilder predicted(String id, long image) {
    return predicted(id, image, null, null);
  }

  HistoryBuilder predicted(String id, long image, @Nullable Long head, @Nullable String label) {
    predictions.add(new Prediction(place(predictions.size()), id, place(image), head, label));
    return this;
  }

  HistoryBuilder asked(String id, long image) {
    questions.add(new Question(place(questions.size()), id, place(image)));
    return this;
  }

  Correction said(String id, long number, String label, String labeller) {
    long timestamp = corrections.size();
    return correction(id, number, new Word(label, labeller, Instant.ofEpochMilli(timestamp), null));
  }

  Correction withdrawn(String id, long number) {
    return correction(id, number, null);
  }

  HistoryBuilder taught(String id, Word word, int picture) {
    examples.add(new Example(place(examples.size()), id, new Lesson(word, picture, List.of())));
    return this;
  }

  HistoryBuilder letter(String topic, long offset, String bytes, Reason reason) {
    return letter(topic, offset, bytes, reason, Duration.ZERO);
  }

  HistoryBuilder letter(String topic, long offset, String bytes, Reason reason, Duration setAside) {
    letters.add(
        new Letter(
            place(letters.size()),
            topic,
            place(offset),
            reason,
            Instant.EPOCH.plus(setAside).plusMillis(offset),
            bytes));
    return this;
  }

  /** The next version, which has learned so many examples. */
  HistoryBuilder head(long learned) {
    return head(heads.size() + 1, learned);
  }

  HistoryBuilder headAgain(long version) {
    return head(version, 0);
  }

  HistoryBuilder promoted(long version) {
    moves.add(new Move(place(moves.size()), version, false));
    return this;
  }

  HistoryBuilder promotedByAStranger(long version) {
    moves.add(new Move(place(moves.size()), version, true));
    return this;
  }

  HistoryBuilder acknowledged(String topic, long number) {
    acknowledged.add(new Acknowledged(topic, place(0), number));
    return this;
  }

  HistoryBuilder reply(String id, String label, String labeller, boolean accepted) {
    replies.add(new Reply(id, label, labeller, accepted));
    return this;
  }

  public History build() {
    return new History(
        images,
        predictions,
        questions,
        corrections,
        examples,
        letters,
        heads,
        moves,
        acknowledged,
        replies);
  }

  private Correction correction(String id, long number, @Nullable Word word) {
    Correction correction =
        new Correction(place(corrections.size()), id, word, corrections.size(), id, number);
    corrections.add(correction);
    return correction;
  }

  private HistoryBuilder head(long version, long learned) {
    Map<Integer, String> says = Map.of(1, "ant", 2, "ant");
    heads.add(new Head(place(heads.size()), version, false, says, Map.of(0, learned)));
    return this;
  }

  private static Place place(long offset) {
    return new Place(0, offset);
  }
}
