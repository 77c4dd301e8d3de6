package io.afina.bench;

import io.afina.backbone.Backbone;
import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import io.afina.picture.PictureDecoder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Simulates inference: decodes, and then sleeps where the backbone would run. More classifiers than
 * cores can be measured, as far as everything around the engine goes. Every picture has the same
 * embedding.
 */
public final class SimulatedEngine implements PictureEmbedder {

  private static final double NANOS_PER_MILLI = 1e6;

  private final PictureDecoder decoder;
  private final Embedding embedding;
  private final Duration time;

  public SimulatedEngine(AfinaConfig config, Backbone backbone, Duration time) {
    this.decoder = new PictureDecoder(config.pictures(), backbone.card().input());
    this.embedding = new Embedding(backbone.id(), new float[backbone.card().embeddingSize()]);
    this.time = time;
  }

  @Override
  public Embedded embed(byte @Nullable [] value, Headers headers) throws UnusableRecordException {
    long start = System.nanoTime();
    decoder.decodeToTensor(Objects.requireNonNull(value, "a bench publishes pictures"), null);
    long decoded = System.nanoTime();
    long end = decoded + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return new Embedded(
        embedding, (decoded - start) / NANOS_PER_MILLI, time.toNanos() / NANOS_PER_MILLI);
  }
}
