package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/**
 * What an earlier version wrote is read: of each topic and store a value as its processes left it
 * there, from before backbones could be replaced.
 */
class EarlierRecordsTest {

  /** Numbers of an embedding by the bundled backbone. */
  private static final int NUMBERS = 512;

  @Test
  void shouldReadPredictionsAndWhatPeopleAreAsked() {
    // when
    Prediction prediction = read(TOPICS.predictions());
    ReviewItem item = read(TOPICS.review());

    // then
    assertThat(prediction.backbone()).startsWith("6e5a253c375f");
    assertThat(prediction.image().offset()).isNotNegative();
    assertThat(item.prediction().backbone()).isEqualTo(prediction.backbone());
    assertThat(item.vector()).as("items had no embedding").isEmpty();
  }

  @Test
  void shouldReadLabelsAndWhatIsLearnedFromThem() {
    // when
    TrainingExample example = read(TOPICS.training());

    // then
    assertThat(example.embeddings()).hasSize(1);
    assertThat(example.embedding().values()).hasSize(NUMBERS);
    assertThat(example.image()).as("examples did not know where their image was").isNull();
    assertThat(read(TOPICS.corrections()).label()).isNotBlank();
  }

  @Test
  void shouldReadTheStoresOfClassifiers() {
    // when
    TracedEmbedding embedding = read("embeddings", StoreSerdes.embedding());
    Joined joined = read("joined", StoreSerdes.json(Joined.class));
    Pending waiting = read("waiting", StoreSerdes.pending());

    // then
    assertThat(embedding.embedding().values()).hasSize(NUMBERS);
    assertThat(embedding.place()).isNull();
    assertThat(joined.correction().label()).isNotBlank();
    assertThat(waiting.correction().label()).isEqualTo("bee");
  }

  private static <V> V read(Topic<?, V> topic) {
    return read(topic.name(), topic.values());
  }

  private static <V> V read(String name, Serde<V> serde) {
    String file = "earlier/%s.value".formatted(name);
    try (InputStream in = EarlierRecordsTest.class.getResourceAsStream(file)) {
      byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
      return Objects.requireNonNull(serde.deserializer().deserialize(name, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
