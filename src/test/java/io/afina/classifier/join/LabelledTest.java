package io.afina.classifier.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.TrainingExample.Vote;
import io.afina.model.Heads;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of images that have a label. */
class LabelledTest extends StraysTestBase {

  private static final String NEWER = "cd".repeat(32);
  private static final String ANT = "{\"label\":\"ant\",\"labeller\":\"ben\"}";
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, 1, 2, 3};

  private TestOutputTopic<String, byte[]> pictures;

  @BeforeEach
  void open() {
    pictures =
        driver.createOutputTopic("pictures", new StringDeserializer(), new ByteArrayDeserializer());
  }

  @Test
  void shouldMoveTheLabelsThatAnEarlierVersionKeptForATime() {
    // given
    for (int i = 0; i < 1_100; i++) {
      hadLabel("old-" + i);
    }

    // when
    for (int step = 0; step < 3; step++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }

    // then
    try (KeyValueIterator<?, Joined> left = joined().all()) {
      assertThat(left.hasNext()).isFalse();
    }
    driver.advanceWallClockTime(Duration.ofDays(400));
    Labelled moved = driver.<String, Labelled>getKeyValueStore(Nodes.LABELLED).get("old-1099");
    assertThat(moved.label().correction().label()).isEqualTo("bee");
    assertThat(moved.embeddings()).hasSize(1);
  }

  @Test
  void shouldKnowTheVotesThatAnEarlierVersionKeptWhenALabelIsChanged() {
    // given
    hadLabel(home);

    // when: before anything else moved
    corrections.pipeInput(bytes(home), bytes(ANT));

    // then
    TrainingExample example = training.readValue();
    assertThat(example.label()).isEqualTo("ant");
    assertThat(example.embedding().values()).containsExactly(1, 2);
    assertThat(example.votes()).extracting(Vote::label).containsExactly("bee", "ant");
    assertThat(example.image()).isNull();
  }

  @Test
  void shouldSayWhereThePictureOfAnExampleIs() {
    // when
    images.pipeInput(bytes("elsewhere"), bytes("3 4"));
    images.pipeInput(bytes(home), bytes("1 2"));
    corrections.pipeInput(bytes(home), bytes(BEE));
    images.pipeInput(bytes(away), bytes("1 2"));
    corrections.pipeInput(bytes(away), bytes(BEE));

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::image)
        .containsExactly(new ImagePlace(0, 1), new ImagePlace(0, 2));
  }

  @Test
  void shouldKeepThePictureOfALabelledImageOnce() {
    // given
    ImagePlace place = labelled();

    // when
    stray(new Stray.Reduced(JPEG, place, 7));
    stray(new Stray.Reduced(JPEG, place, 7));
    corrections.pipeInput(bytes(home), bytes(ANT));
    stray(new Stray.Reduced(JPEG, place, 7));

    // then
    TestRecord<String, byte[]> kept = pictures.readRecord();
    assertThat(kept.key()).isEqualTo(home);
    assertThat(kept.value()).isEqualTo(JPEG);
    assertThat(kept.headers().lastHeader("image").value()).isEqualTo(Json.write(place));
    assertThat(pictures.isEmpty()).isTrue();
    assertThat(training.readValuesToList())
        .extracting(example -> Objects.requireNonNull(example.image()).kept())
        .containsExactly(false, true);
  }

  @Test
  void shouldKeepNoPictureOfWhatHasNoLabelOrIsAnotherImage() {
    // given
    ImagePlace place = labelled();

    // when
    stray(new Stray.Reduced(JPEG, new ImagePlace(place.partition(), place.offset() + 1), 7));
    corrections.pipeInput(new TestRecord<>(bytes(home), null));
    stray(new Stray.Reduced(JPEG, place, 7));

    // then: only that there is none
    assertThat(pictures.readKeyValuesToList())
        .singleElement()
        .satisfies(record -> assertThat(record.value).isNull());
  }

  @Test
  void shouldKeepThePictureAnewOnceItsImageIsAnotherOrItsLabelCameBack() {
    // given
    ImagePlace place = labelled();
    stray(new Stray.Reduced(JPEG, place, 7));

    // when: withdrawn and back; then another image of that id
    corrections.pipeInput(new TestRecord<>(bytes(home), null));
    corrections.pipeInput(bytes(home), bytes(BEE));
    stray(new Stray.Reduced(JPEG, place, 7));
    images.pipeInput(bytes(home), bytes("2 1"));
    stray(new Stray.Reduced(JPEG, place, 7));
    stray(new Stray.Reduced(JPEG, new ImagePlace(0, 1), 7));

    // then
    assertThat(pictures.readValuesToList()).containsExactly(JPEG, null, JPEG, JPEG);
  }

  @Test
  void shouldAddTheEmbeddingOfAnotherBackboneAndDropTheEarlierOne() {
    // given
    ImagePlace place = labelled();
    Embedding newer = new Embedding(NEWER, new float[] {5});
    training.readValue();

    // when
    stray(new Stray.Embedded(newer, place, 7));
    stray(new Stray.Embedded(newer, place, 7));
    stray(new Stray.Embedded(newer, new ImagePlace(0, 99), 7));
    stray(new Stray.Dropped(Heads.BACKBONE, 7));
    stray(new Stray.Dropped(NEWER, 7));

    // then
    List<TrainingExample> examples = training.readValuesToList();
    assertThat(examples)
        .extracting(example -> example.embeddings().stream().map(Embedding::backbone).toList())
        .containsExactly(List.of(Heads.BACKBONE, NEWER), List.of(NEWER));
    assertThat(examples)
        .allSatisfy(example -> assertThat(example.label()).isEqualTo("bee"))
        .extracting(TrainingExample::joined)
        .containsOnly(START);
    corrections.pipeInput(bytes(home), bytes(ANT));
    assertThat(training.readValue().joined()).isNull();
  }

  /** An image at home that has just got its label, and where it is. */
  private ImagePlace labelled() {
    images.pipeInput(bytes(home), bytes("1 2"));
    corrections.pipeInput(bytes(home), bytes(BEE));
    return new ImagePlace(0, 0);
  }

  private void stray(Stray stray) {
    fromElsewhere.pipeInput(bytes(home), stray.toBytes());
  }

  private WindowStore<String, Joined> joined() {
    return driver.getWindowStore(Nodes.JOINED);
  }

  private void hadLabel(String id) {
    Correction bee = new Correction("bee", "mia", null, null);
    long at = START.minusSeconds(60).toEpochMilli();
    joined().put(id, Joined.of(bee, at, Votes.NONE.with(bee, at)), at);
    Embedding embedding = new Embedding(Heads.BACKBONE, new float[] {1, 2});
    driver
        .<String, TracedEmbedding>getWindowStore(Nodes.EMBEDDINGS)
        .put(id, new TracedEmbedding(embedding, SpanContext.getInvalid(), null), at);
  }
}
