package io.afina.model;

import io.afina.model.layer.Dense;
import io.afina.event.Prediction.Score;
import io.afina.event.SafeTensors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A dense head on embeddings of 1280 numbers: asked, written and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HeadBenchmark {

  private static final int INPUTS = 1280;

  @Param({"10", "1000"})
  private int labels;

  private float[] embedding;
  private Head head;
  private byte[] file;

  @Setup
  public void make() {
    Random random = new Random(17);
    embedding = numbers(random, INPUTS);
    HeadCard card =
        new HeadCard(
            1,
            null,
            "ab".repeat(32),
            INPUTS,
            IntStream.range(0, labels).mapToObj(n -> "label " + n).toList(),
            1,
            new HeadCard.Training(10, Map.of(0, 10L), 0.5, 0, 17, "cpu", 0.1, null),
            null,
            new Verdict(Verdict.Decision.PROMOTED, "for a benchmark"),
            Instant.EPOCH);
    head =
        new Head(
            card,
            List.of(
                Dense.ofRows(
                    INPUTS, labels, numbers(random, INPUTS * labels), numbers(random, labels))));
    file = HeadFile.write(head, Optional.empty());
  }

  @Benchmark
  public List<Score> score() {
    return head.score(embedding).top(5);
  }

  @Benchmark
  public byte[] writeFile() {
    return HeadFile.write(head, Optional.empty());
  }

  @Benchmark
  public Head readFile() throws HeadRefusedException {
    return HeadFile.read(file);
  }

  /** The safetensors form alone, without the hash and the layers. */
  @Benchmark
  public SafeTensors readSafeTensors() {
    return SafeTensors.parse(file);
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
