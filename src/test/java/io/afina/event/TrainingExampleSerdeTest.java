package io.afina.event;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.SafeTensors.Tensor;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.TrainingExample.Vote;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingExampleSerdeTest {

  private static final ImagePlace PLACE =
      new ImagePlace(3, 141).at("s3://bucket/a%20b", "ab".repeat(32)).kept(true);

  @Test
  void shouldRefuseAnEmbeddingFromWhichNoHeadCanLearn() {
    for (float[] values : List.of(new float[0], new float[] {1, Float.NaN}, new float[] {1e9f})) {
      assertThatThrownBy(() -> read(write(example(values))))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("without numbers, or with one that is not finite");
    }
    TrainingExample read = read(write(example(new float[] {1, 2})));
    assertThat(read.votes()).hasSize(1);
    assertThat(read.joined()).isNull();
  }

  @Test
  void shouldKeepTheEmbeddingsOfSeveralBackbonesInTheirOrder() {
    // given
    TrainingExample example = example(embeddings("c", "a", "b"));

    // when
    TrainingExample read = read(write(example));

    // then
    assertThat(read.embeddings()).extracting(Embedding::backbone).containsExactly("c", "a", "b");
    assertThat(read.embedding().values()).containsExactly(1);
    assertThat(read.embedding("b").orElseThrow().values()).containsExactly(3);
    assertThat(read.embedding("d")).isEmpty();
    assertThat(read.joined()).isEqualTo(Instant.ofEpochSecond(7));
  }

  @Test
  void shouldRefuseMoreEmbeddingsThanThereMayBeAndTwoOfOneBackbone() {
    for (List<Embedding> wrong :
        List.of(List.<Embedding>of(), embeddings("a", "b", "c", "d"), embeddings("a", "a"))) {
      assertThatThrownBy(() -> example(wrong)).hasMessageContaining("1 to 3 different backbones");
    }
  }

  @Test
  void shouldCallARecordWithSuchEmbeddingsMalformed() {
    // given
    SafeTensors file = SafeTensors.parse(write(example(embeddings("a", "b", "c"))));
    Tensor tensor = file.tensor("embedding");

    // then
    for (String name : List.of("embedding/a", "embedding/d")) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
      tensors.put(name, tensor);
      assertThatThrownBy(() -> read(new SafeTensors(file.metadata(), tensors).toBytes()))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("different backbones");
    }
  }

  @Test
  void shouldRefuseAVoteForNoLabel() {
    for (String votes : List.of("[{\"labeller\": \"mia\"}]", "[null]")) {
      assertThatThrownBy(() -> read(withVotes(votes)))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("a vote for no label");
    }
  }

  private static TrainingExample example(float[] values) {
    return new TrainingExample(
        "bee",
        "mia",
        Instant.EPOCH,
        new Embedding("ab".repeat(32), values),
        null,
        List.of(new Vote("mia", "bee")));
  }

  private static TrainingExample example(List<Embedding> embeddings) {
    return new TrainingExample(
        "bee", null, Instant.EPOCH, embeddings, null, List.of(), Instant.ofEpochSecond(7), PLACE);
  }

  private static List<Embedding> embeddings(String... backbones) {
    return IntStream.range(0, backbones.length)
        .mapToObj(n -> new Embedding(backbones[n], new float[] {n + 1}))
        .toList();
  }

  private static byte[] withVotes(String votes) {
    SafeTensors file = SafeTensors.parse(write(example(new float[] {1, 2})));
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    assertThat(metadata).containsKey("votes");
    metadata.put("votes", votes);
    return new SafeTensors(metadata, file.tensors()).toBytes();
  }

  private static byte[] write(TrainingExample example) {
    return TOPICS.training().values().serializer().serialize(TOPICS.training().name(), example);
  }

  private static TrainingExample read(byte[] bytes) {
    return TOPICS.training().values().deserializer().deserialize(TOPICS.training().name(), bytes);
  }
}
