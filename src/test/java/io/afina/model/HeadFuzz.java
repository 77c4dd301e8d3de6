package io.afina.model;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.SafeTensors;
import io.afina.event.TrainingExample;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes are on {@code models} or {@code training}: they are read or refused. */
class HeadFuzz {

  static Stream<byte[]> seeds() {
    Head head = Heads.identity(3, "ant", "bee");
    Head known =
        new Head(
            head.card(),
            head.layers(),
            new Centroids(2, new float[] {1, 0, 0, 1}, new float[] {0, 0.1f, 1}));
    return Stream.of(
        Heads.file(head),
        Heads.file(known),
        Heads.file(Heads.forms(3, "ant", "bee").get(1)),
        Heads.file(Heads.forms(3, "ant", "bee").get(2)),
        TOPICS
            .training()
            .values()
            .serializer()
            .serialize(
                TOPICS.training().name(),
                new TrainingExample(
                    "bee",
                    "mia",
                    Instant.EPOCH,
                    new Embedding(Heads.BACKBONE, new float[] {1, 0.5f}))));
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldBeReadOrRefused(byte[] bytes) {
    example(bytes);
    head(bytes);
    try {
      SafeTensors file = SafeTensors.parse(bytes);
      SafeTensors again = SafeTensors.parse(file.toBytes());
      assertThat(again.metadata()).isEqualTo(file.metadata());
      assertThat(again.tensors()).hasSameSizeAs(file.tensors());
      head(withItsHash(file).toBytes());
    } catch (MalformedRecordException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void head(byte[] bytes) {
    try {
      Head head = HeadFile.read(bytes);
      assertThat(Heads.file(head)).isNotEmpty();
      Scores scores = head.score(new float[head.card().inputs()]);
      assertThat(scores.top(1)).hasSize(1);
    } catch (HeadRefusedException e) {
      assertThat(e.why()).isNotBlank();
    }
  }

  private static void example(byte[] bytes) {
    try {
      TrainingExample example =
          TOPICS.training().values().deserializer().deserialize(TOPICS.training().name(), bytes);
      assertThat(example.label()).isNotNull();
    } catch (MalformedRecordException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** No mutation gets past a SHA-256: it is made anew, so that what is behind it is reached. */
  private static SafeTensors withItsHash(SafeTensors file) {
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put("sha256", HeadFile.sha256(file.require("card"), file.tensors()));
    return new SafeTensors(metadata, file.tensors());
  }
}
