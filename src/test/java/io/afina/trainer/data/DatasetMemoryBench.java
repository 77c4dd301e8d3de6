package io.afina.trainer.data;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the heap that examples take beside their values, run by hand ({@code
 * src/docs/sizing.md}): first with the embedding of one backbone, then, as in an upgrade, written
 * again with a second one, then written again with the second one alone.
 */
final class DatasetMemoryBench {

  private static final int EXAMPLES = 100_000;
  private static final int WIDTH = 384;

  private final Dataset dataset = new Dataset();
  private final long before = heap();

  private DatasetMemoryBench() {}

  /** Runs it, with {@code -Xmx1g}. */
  public static void main(String[] args) {
    DatasetMemoryBench bench = new DatasetMemoryBench();
    bench.write("one backbone", null, "a");
    bench.write("two backbones", Instant.EPOCH, "a", "b");
    bench.write("the second alone", Instant.EPOCH, "b");
  }

  private void write(String what, @Nullable Instant joined, String... backbones) {
    for (int n = 0; n < EXAMPLES; n++) {
      List<Embedding> embeddings =
          IntStream.range(0, backbones.length)
              // Each record that is read has a text of its own.
              .mapToObj(b -> new Embedding(backbones[b].repeat(64), new float[WIDTH]))
              .toList();
      TrainingExample example =
          new TrainingExample(
              "label " + n % 10, "mia", Instant.EPOCH, embeddings, null, List.of(), joined, null);
      dataset.apply("image-" + n, example, 0, n);
    }
    long heap = heap() - before;
    long values = (long) EXAMPLES * backbones.length * WIDTH * Short.BYTES;
    System.out.printf(
        "%s: %d MB, values %d MB, besides %d bytes an example; %d examples%n",
        what, heap >> 20, values >> 20, (heap - values) / EXAMPLES, dataset.size());
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
