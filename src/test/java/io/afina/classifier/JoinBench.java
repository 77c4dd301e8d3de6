package io.afina.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.ConfigLoader;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * Measures what an image without a label costs beside decoding and embedding: processor time in the
 * topology with its stores, whose embeddings have 512 numbers.
 */
final class JoinBench {

  private static final int ROUNDS = 6;
  private static final int IMAGES = 10_000;

  private JoinBench() {}

  public static void main(String[] args) throws Exception {
    Path state = Files.createTempDirectory("afina-bench-");
    Properties properties = new Properties();
    properties.put("application.id", "bench");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 512, TrustedKeys.anybody());
    byte[] picture = "1 ".repeat(512).getBytes(UTF_8);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            ClassifierTopology.build(
                ConfigLoader.defaults().load(),
                Homes.among(1),
                new TextEmbedder(),
                heads,
                new SimpleMeterRegistry(),
                Traces.off()),
            properties,
            Instant.now())) {
      var images =
          driver.createInputTopic("images", new ByteArraySerializer(), new ByteArraySerializer());
      for (int round = 0; round < ROUNDS; round++) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < IMAGES; i++) {
          images.pipeInput(("image-" + round + "-" + i).getBytes(UTF_8), picture);
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        System.out.printf("round %d: %.1f µs an image%n", round, nanos / 1e3 / IMAGES);
      }
    }
    Utils.delete(state.toFile());
  }
}
