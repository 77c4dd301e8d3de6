package io.afina.backbone;

import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.picture.PictureDecoder;
import io.afina.picture.PictureTensor;
import io.afina.source.PictureSources;
import io.afina.source.PictureSources.EncodedPicture;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches pictures that are elsewhere, decodes them and runs the backbone on them. The calling
 * thread fetches and decodes; the backbone runs in the same thread, each with an embedder of its
 * own, or in batches over the threads where that pays.
 */
public final class DecodingEmbedder implements PictureEmbedder, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DecodingEmbedder.class);
  private static final double NANOS_PER_HUNDREDTH = 1e4;
  private static final int GPU_BATCH = 64;

  private final Closer closer = new Closer();
  private final BackboneModel model;
  private final PictureSources sources;
  private final PictureDecoder decoder;
  private final Function<PictureTensor, float[]> engine;
  private final int attempts;
  private CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Loads nothing; the caller keeps and later closes what it passes in. */
  public DecodingEmbedder(
      AfinaConfig config, BackboneModel model, PictureSources sources, BatchMeters meters) {
    this.model = model;
    this.sources = sources;
    this.decoder = new PictureDecoder(config.pictures(), model.backbone().card().input());
    this.attempts = config.classifier().engineAttempts();
    this.engine = engine(config.classifier(), meters);
  }

  private Function<PictureTensor, float[]> engine(ClassifierConfig config, BatchMeters meters) {
    int batch = batchSize(config);
    LOG.atInfo()
        .addKeyValue("name", model.backbone().card().name())
        .addKeyValue("device", model.device())
        .addKeyValue("batch", batch)
        .log("backbone loaded");
    if (batch > 1) {
      EmbeddingBatcher batcher =
          closer.own(
              new EmbeddingBatcher(model.newEmbedder(), batch, config.batchWait(), meters::took));
      ended = batcher.ended();
      return picture -> batcher.embed(picture.toArray());
    }
    ThreadLocal<Embedder> embedders =
        ThreadLocal.withInitial(() -> closer.own(model.newEmbedder()));
    return picture -> {
      meters.took(1);
      return embedders.get().embed(picture);
    };
  }

  /** Measured: a GPU wants batches, and a CPU runs one picture faster than its share of a batch. */
  private int batchSize(ClassifierConfig config) {
    if (config.batchSize() > 0) {
      return config.batchSize();
    }
    return model.device().startsWith("gpu") ? GPU_BATCH : 1;
  }

  /** Completes when no batch is computed any more, exceptionally when that is a failure. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public Embedded embed(byte @Nullable [] value, Headers headers) throws UnusableRecordException {
    EncodedPicture picture = sources.read(value, headers);
    long start = System.nanoTime();
    PictureTensor tensor = decoder.decodeToTensor(picture.bytes(), picture.contentType());
    long decoded = System.nanoTime();
    float[] values = infer(tensor);
    return new Embedded(
        new Embedding(model.backbone().id(), values),
        millis(start, decoded),
        millis(decoded, System.nanoTime()));
  }

  /**
   * An engine that fails may be out of memory for a moment: it is asked again before the picture is
   * set aside.
   */
  private float[] infer(PictureTensor tensor) throws UnusableRecordException {
    EngineFailureException last = null;
    for (int attempt = 1; attempt <= attempts; attempt++) {
      try {
        return engine.apply(tensor);
      } catch (EngineFailureException e) {
        LOG.atWarn()
            .addKeyValue("attempt", attempt)
            .addKeyValue("of", attempts)
            .addKeyValue("why", e.getMessage())
            .log("engine failed");
        last = e;
      }
    }
    throw new UnusableRecordException(
        Stage.EMBED,
        Reason.ENGINE_FAILURE,
        "the engine failed %d times: %s"
            .formatted(attempts, last == null ? "" : last.getMessage()));
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
