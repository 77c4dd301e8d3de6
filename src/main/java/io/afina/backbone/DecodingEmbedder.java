package io.afina.backbone;

import io.afina.config.AfinaConfig;
import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.picture.PictureDecoder;
import io.afina.picture.tensor.PictureTensor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes pictures and runs the backbone on them. The calling thread decodes; the backbone runs in
 * the same thread, each with an engine of its own, or in batches over the threads where that pays.
 */
public final class DecodingEmbedder implements PictureEmbedder, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DecodingEmbedder.class);
  private static final double NANOS_PER_HUNDREDTH = 1e4;
  private static final int GPU_BATCH = 64;

  private final Closer closer = new Closer();
  private final String backbone;
  private final PictureDecoder decoder;
  private final EngineAttempts attempts;
  private final BatchMeters meters;
  private final int batchSize;
  private final ThreadLocal<EmbeddingBatcher.Engine> engines;
  private final @Nullable EmbeddingBatcher batcher;

  /** Runs a backbone; its batch is that of the configuration, or what fits its device. */
  public DecodingEmbedder(AfinaConfig config, BackboneModel model, BatchMeters meters) {
    this(config, model.backbone(), model::newEmbedder, batchSize(config, model), meters);
    LOG.atInfo()
        .addKeyValue("name", model.backbone().card().name())
        .addKeyValue("device", model.device())
        .addKeyValue("batch", batchSize)
        .log("backbone loaded");
  }

  /**
   * Runs engines.
   *
   * @param backbone that they have, or seem to have
   * @param engines gives one for a thread
   * @param batchSize pictures that one takes at once, at most
   */
  public DecodingEmbedder(
      AfinaConfig config,
      Backbone backbone,
      Supplier<EmbeddingBatcher.Engine> engines,
      int batchSize,
      BatchMeters meters) {
    this.backbone = backbone.id();
    this.decoder =
        new PictureDecoder(config.pictures(), backbone.card().input(), meters::contradicted);
    this.attempts = new EngineAttempts(config.classifier().engineAttempts());
    this.meters = meters;
    this.batchSize = batchSize;
    this.engines = ThreadLocal.withInitial(() -> closer.own(engines.get()));
    this.batcher =
        batchSize == 1
            ? null
            : closer.own(
                new EmbeddingBatcher(
                    engines.get(),
                    backbone.card().input(),
                    batchSize,
                    config.classifier().batchWait(),
                    attempts.most(),
                    meters::took));
  }

  /** Measured: a GPU wants batches, and a CPU runs one picture faster than its share of a batch. */
  private static int batchSize(AfinaConfig config, BackboneModel model) {
    int size = config.classifier().batchSize();
    if (size > 0) {
      return size;
    }
    return model.device().startsWith("gpu") ? GPU_BATCH : 1;
  }

  /** Completes when no batch is computed any more, exceptionally when that is a failure. */
  public CompletableFuture<Void> ended() {
    return batcher == null ? new CompletableFuture<>() : batcher.ended();
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public Embedded embed(byte[] picture, @Nullable String contentType)
      throws UnusableRecordException {
    return PictureEmbedder.await(submit(picture, contentType));
  }

  @Override
  public CompletableFuture<Embedded> submit(byte[] picture, @Nullable String contentType)
      throws UnusableRecordException {
    long start = System.nanoTime();
    PictureTensor tensor = decoder.decodeToTensor(picture, contentType);
    long decoded = System.nanoTime();
    CompletableFuture<float[]> values =
        batcher == null ? CompletableFuture.completedFuture(infer(tensor)) : batcher.submit(tensor);
    return values.thenApply(
        numbers ->
            new Embedded(
                new Embedding(backbone, numbers),
                millis(start, decoded),
                millis(decoded, System.nanoTime())));
  }

  private float[] infer(PictureTensor tensor) throws UnusableRecordException {
    meters.took(1);
    PictureBatch picture = PictureBatch.of(tensor);
    return attempts.run(() -> engines.get().embed(picture)[0]);
  }

  /** Rounded to hundredths, which is all that the clock and the reader can tell apart. */
  private static double millis(long from, long to) {
    return Math.round((to - from) / NANOS_PER_HUNDREDTH) / 100.0;
  }

  @Override
  public void close() {
    closer.close();
  }
}
