package io.afina.event;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.TrainingExample.Vote;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingExampleSerdeTest {

  @Test
  void shouldRefuseAnEmbeddingFromWhichNoHeadCanLearn() {
    for (float[] values : List.of(new float[0], new float[] {1, Float.NaN}, new float[] {1e9f})) {
      assertThatThrownBy(() -> read(write(example(values))))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("without numbers, or with one that is not finite");
    }
    assertThat(read(write(example(new float[] {1, 2}))).votes()).hasSize(1);
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
