package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.chaos.check.History;
import io.afina.chaos.check.History.Correction;
import io.afina.chaos.check.History.Example;
import io.afina.chaos.check.History.Head;
import io.afina.chaos.check.History.Image;
import io.afina.chaos.check.History.Lesson;
import io.afina.chaos.check.History.Letter;
import io.afina.chaos.check.History.Move;
import io.afina.chaos.check.History.Prediction;
import io.afina.chaos.check.History.Question;
import io.afina.chaos.check.History.Word;
import io.afina.chaos.check.Place;
import io.afina.event.AliasRecord;
import io.afina.event.DeadLetter;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.ModelKey;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads every topic from its beginning, committed records only, and keeps of each record what the
 * checker needs. For one thread.
 */
final class Recorder implements AutoCloseable {

  /** The header by which the stranger says that a record of models is no trainer's. */
  static final String STRANGER = "chaos.stranger";

  /** Answers closer to each other than that may be the other way round elsewhere. */
  private static final double HESITATION = 0.01;

  private static final List<String> READ =
      List.of(
          TOPICS.images().name(),
          TOPICS.predictions().name(),
          TOPICS.review().name(),
          TOPICS.corrections().name(),
          TOPICS.training().name(),
          TOPICS.deadLetters().name(),
          TOPICS.models().name());

  private final Pictures pictures;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Image> images = new ArrayList<>();
  private final List<Prediction> predictions = new ArrayList<>();
  private final List<Question> questions = new ArrayList<>();
  private final List<Correction> corrections = new ArrayList<>();
  private final List<Example> examples = new ArrayList<>();
  private final List<Letter> letters = new ArrayList<>();
  private final List<Head> heads = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private int imageLetters;

  Recorder(Pictures pictures, String bootstrapServers) {
    this.pictures = pictures;
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        READ.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads what there is for so long, and says how much it was. */
  int read(Duration timeout) {
    var records = consumer.poll(timeout);
    records.forEach(this::note);
    return records.count();
  }

  /** How many image events have no outcome yet, if nothing is lost or doubled. */
  int underWay() {
    return images.size() - predictions.size() - imageLetters;
  }

  /** The highest version that anybody has written. */
  long newestHead() {
    return heads.stream().mapToLong(Head::version).max().orElse(0);
  }

  /** All of it so far. */
  History history(List<History.Acknowledged> acknowledged, List<History.Reply> replies) {
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

  @Override
  public void close() {
    consumer.close();
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    Place at = new Place(record.partition(), record.offset());
    switch (record.topic()) {
      case "images" ->
          images.add(
              new Image(
                  at, Fields.id(record), Fields.bytes(record), Fields.number(record.headers())));
      case "predictions" -> predictions.add(prediction(at, record));
      case "review" -> questions.add(question(at, record));
      case "corrections" ->
          corrections.add(
              new Correction(
                  at,
                  Fields.id(record),
                  word(record),
                  record.timestamp(),
                  Fields.bytes(record),
                  Fields.number(record.headers())));
      case "training" -> examples.add(new Example(at, Fields.id(record), lesson(record)));
      case "dead-letters" -> letters.add(letter(at, record));
      default -> model(at, record);
    }
  }

  private static Prediction prediction(Place at, ConsumerRecord<byte[], byte[]> record) {
    io.afina.event.Prediction said =
        TOPICS.predictions().values().deserializer().deserialize(record.topic(), record.value());
    return new Prediction(at, Fields.id(record), image(said), said.head(), said.label());
  }

  private static Question question(Place at, ConsumerRecord<byte[], byte[]> record) {
    ReviewItem item =
        TOPICS.review().values().deserializer().deserialize(record.topic(), record.value());
    return new Question(at, Fields.id(record), image(item.prediction()));
  }

  private static Place image(io.afina.event.Prediction said) {
    return new Place(said.image().partition(), said.image().offset());
  }

  /** What cannot be read says nothing; the plan knows which those are. */
  private static @Nullable Word word(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return null;
    }
    try {
      io.afina.event.Correction said = Json.read(record.value(), io.afina.event.Correction.class);
      boolean checked = said.asked() == ReviewReason.SUSPECT;
      return new Word(
          said.label(),
          said.labeller(),
          Objects.requireNonNullElseGet(said.at(), () -> Instant.ofEpochMilli(record.timestamp())),
          checked ? null : Fields.text(said.asked()),
          checked);
    } catch (MalformedRecordException e) {
      return null;
    }
  }

  private @Nullable Lesson lesson(ConsumerRecord<byte[], byte[]> record) {
    TrainingExample example =
        TOPICS.training().values().deserializer().deserialize(record.topic(), record.value());
    return example == null
        ? null
        : new Lesson(
            new Word(
                example.label(),
                example.labeller(),
                example.at(),
                Fields.text(example.asked()),
                example.checked()),
            pictures.of(example.embedding().values()),
            example.votes().stream().map(vote -> vote.labeller() + "=" + vote.label()).toList());
  }

  private Letter letter(Place at, ConsumerRecord<byte[], byte[]> record) {
    DeadLetter why = DeadLetter.from(record.headers());
    imageLetters += why.topic().equals(TOPICS.images().name()) ? 1 : 0;
    return new Letter(
        at,
        why.topic(),
        new Place(why.partition(), why.offset()),
        why.reason(),
        why.at(),
        Fields.bytes(record));
  }

  private void model(Place at, ConsumerRecord<byte[], byte[]> record) {
    boolean stranger = record.headers().lastHeader(STRANGER) != null;
    Optional<ModelKey> key =
        Optional.ofNullable(record.key()).map(Fields::utf8).flatMap(ModelKey::parse);
    if (key.isEmpty() || record.value() == null) {
      return;
    }
    if (key.get() instanceof ModelKey.Head head) {
      heads.add(head(at, head.version(), stranger, record.value()));
    } else if (key.get().equals(ModelKey.CHAMPION)) {
      moves.add(new Move(at, version(record.value()), stranger));
    }
  }

  private Head head(Place at, long version, boolean stranger, byte[] blob) {
    try {
      io.afina.model.Head head = HeadFile.read(blob);
      Map<Integer, String> says = new HashMap<>();
      for (int picture = 0; picture < Pictures.COUNT; picture++) {
        List<Score> top = head.score(pictures.embedding(picture)).top(2);
        double second = top.size() > 1 ? top.get(1).confidence() : 0;
        if (top.get(0).confidence() - second > HESITATION) {
          says.put(picture, top.get(0).label());
        }
      }
      return new Head(at, version, stranger, says, head.card().training().offsets());
    } catch (HeadRefusedException e) {
      return new Head(at, version, stranger, Map.of(), Map.of());
    }
  }

  private static @Nullable Long version(byte[] json) {
    try {
      return Json.readWhole(json, AliasRecord.class).version();
    } catch (MalformedRecordException e) {
      return null;
    }
  }
}
