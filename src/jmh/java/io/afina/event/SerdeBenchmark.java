package io.afina.event;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Records to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SerdeBenchmark {

  private static final Topics TOPICS = new Topics("");
  private static final String BACKBONE = "ab".repeat(32);

  private Prediction prediction;
  private byte[] predictionBytes;
  private TrainingExample example;
  private byte[] exampleBytes;

  @Setup
  public void make() {
    prediction =
        new Prediction(
            "bee",
            0.93,
            List.of(new Prediction.Score("bee", 0.93), new Prediction.Score("ant", 0.07)),
            0.86,
            0.25,
            17L,
            BACKBONE,
            new Prediction.Position(3, 141, 1_700_000_000_000L),
            new Prediction.Timings(1.25, 1.5, 9.75),
            null,
            0.4);
    predictionBytes = TOPICS.predictions().values().serializer().serialize("predictions", prediction);
    float[] embedding = new float[1280];
    Random random = new Random(17);
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] = (float) random.nextGaussian();
    }
    example =
        new TrainingExample("bee", "mia", Instant.EPOCH, new Embedding(BACKBONE, embedding));
    exampleBytes = TOPICS.training().values().serializer().serialize("training", example);
  }

  @Benchmark
  public byte[] writePrediction() {
    return TOPICS.predictions().values().serializer().serialize("predictions", prediction);
  }

  @Benchmark
  public Prediction readPrediction() {
    return TOPICS.predictions().values().deserializer().deserialize("predictions", predictionBytes);
  }

  @Benchmark
  public byte[] writeExample() {
    return TOPICS.training().values().serializer().serialize("training", example);
  }

  @Benchmark
  public TrainingExample readExample() {
    return TOPICS.training().values().deserializer().deserialize("training", exampleBytes);
  }
}
