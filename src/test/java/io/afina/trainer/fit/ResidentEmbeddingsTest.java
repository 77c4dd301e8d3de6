package io.afina.trainer.fit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Heads;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read is what the dataset has, whether the device has a memory of its own or not. */
class ResidentEmbeddingsTest {

  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
  private final Dataset dataset = new Dataset();

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldFollowADatasetThatGrowsAndChanges(boolean copies) {
    try (ResidentEmbeddings resident = new ResidentEmbeddings(manager, copies)) {
      // given
      for (int n = 0; n < 1500; n++) {
        put("id-" + n, n);
      }
      assertSame(resident);

      // when: some go, others take their slots, more come
      for (int n = 0; n < 700; n += 7) {
        dataset.apply("id-" + n, null, 0, 0);
      }
      for (int n = 0; n < 1000; n++) {
        put("new-" + n, 3000 + n);
      }

      // then
      assertSame(resident);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReadAnotherDataset(boolean copies) {
    try (ResidentEmbeddings resident = new ResidentEmbeddings(manager, copies)) {
      // given
      put("a", 1);
      put("b", 2);
      assertSame(resident);

      // when
      Dataset other = new Dataset();
      other.apply("c", example("ant", 7), 0, 0);
      other.apply("d", example("bee", 8), 0, 0);

      // then
      assertThat(read(resident, other.examples(1).orElseThrow())).containsExactly(7, -7, 8, -8);
      assertSame(resident);
    }
  }

  private void assertSame(ResidentEmbeddings resident) {
    ExampleSet examples = dataset.examples(1).orElseThrow();
    float[] expected = new float[2 * examples.size()];
    for (int row = 0; row < examples.size(); row++) {
      examples.copy(row, expected, 2 * row);
    }
    assertThat(read(resident, examples)).containsExactly(expected);
  }

  private float[] read(ResidentEmbeddings resident, ExampleSet examples) {
    try (NDManager mine = manager.newSubManager()) {
      int[] rows = IntStream.range(0, examples.size()).toArray();
      NDArray halves = resident.rows(mine, examples, rows);
      return halves.toType(DataType.FLOAT32, true).toFloatArray();
    }
  }

  private void put(String id, int value) {
    dataset.apply(id, example(value % 2 == 0 ? "ant" : "bee", value), 0, 0);
  }

  private static TrainingExample example(String label, int value) {
    Embedding embedding = new Embedding(Heads.BACKBONE, new float[] {value, -value});
    return new TrainingExample(label, null, Instant.EPOCH, embedding);
  }
}
