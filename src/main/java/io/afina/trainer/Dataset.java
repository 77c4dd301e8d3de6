package io.afina.trainer;

import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.TrainingExample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every training example, by image id, in half precision: two bytes a value and about 150 bytes an
 * example besides. For one thread.
 */
final class Dataset {

  private final Map<String, Row> rows = new HashMap<>();
  private @Nullable String newestBackbone;

  /** An example as it is kept. */
  private record Row(String label, String backbone, short[] halves) {}

  /** Adds or replaces an example; null removes it. */
  void apply(String id, @Nullable TrainingExample example) {
    if (example == null) {
      rows.remove(id);
      return;
    }
    Embedding embedding = example.embedding();
    newestBackbone = embedding.backbone();
    rows.put(id, new Row(example.label(), embedding.backbone(), halves(embedding.values())));
  }

  int size() {
    return rows.size();
  }

  /**
   * The examples of the backbone that the newest example comes from, in the order of their ids, so
   * that the same examples always train the same head. Empty while there are fewer than two labels.
   */
  Optional<Matrix> matrix() {
    List<Map.Entry<String, Row>> chosen =
        rows.entrySet().stream()
            .filter(entry -> entry.getValue().backbone().equals(newestBackbone))
            .sorted(Map.Entry.comparingByKey())
            .toList();
    List<String> labels =
        chosen.stream().map(entry -> entry.getValue().label()).distinct().sorted().toList();
    if (labels.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(matrix(chosen.stream().map(Map.Entry::getValue).toList(), labels));
  }

  private static Matrix matrix(List<Row> rows, List<String> labels) {
    int width = rows.get(0).halves().length;
    float[] values = new float[rows.size() * width];
    int[] targets = new int[rows.size()];
    for (int r = 0; r < targets.length; r++) {
      Row row = rows.get(r);
      for (int i = 0; i < width; i++) {
        values[r * width + i] = Float16.toFloat(row.halves()[i]);
      }
      targets[r] = labels.indexOf(row.label());
    }
    return new Matrix(rows.get(0).backbone(), width, values, targets, labels);
  }

  private static short[] halves(float[] values) {
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = Float16.fromFloat(values[i]);
    }
    return halves;
  }

  /**
   * What training sees.
   *
   * @param width size of an embedding
   * @param values embeddings one after the other, {@code [rows, width]}
   * @param targets index into the labels, one a row
   * @param labels sorted
   */
  record Matrix(String backbone, int width, float[] values, int[] targets, List<String> labels) {
    int rows() {
      return targets.length;
    }
  }
}
