package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.inference.Backbone;
import io.afina.inference.BackboneModel;
import io.afina.inference.Backbones;
import io.afina.inference.Embedder;
import io.afina.inference.EngineFailureException;
import io.afina.inference.PictureDecoder;
import io.afina.inference.UnusablePictureException;
import io.afina.lifecycle.Closer;
import io.afina.model.HeadFollower;
import io.afina.model.HeadSlot;
import io.afina.model.ModelLog;
import io.afina.model.SwapResult;
import io.afina.stream.ClassifierRunner;
import io.afina.stream.PictureEmbedder;
import io.afina.stream.UnusableRecordException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The role that classifies, wired: backbone, heads and streams, closed in reverse. */
final class Classifier implements AutoCloseable {

  private final Closer closer = new Closer();
  private final Backbone backbone;
  private final HeadFollower follower;
  private final ClassifierRunner runner;

  /** Starts it; {@code report} is told of every head that is swapped in or refused. */
  Classifier(AfinaConfig config, Consumer<SwapResult> report) {
    try {
      backbone = new Backbones().resolve(config.backbone().address());
      BackboneModel model =
          closer.own(BackboneModel.load(backbone, config.backbone().engineThreads()));
      HeadSlot heads = new HeadSlot(backbone.id(), backbone.card().embeddingSize());
      follower = closer.own(new HeadFollower(ModelLog.open(config), heads, report));
      Pictures pictures = closer.own(new Pictures(config, model));
      runner = closer.own(new ClassifierRunner(config, pictures, heads));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  Backbone backbone() {
    return backbone;
  }

  CompletableFuture<Void> running() {
    return runner.running();
  }

  CompletableFuture<?> ended() {
    return CompletableFuture.anyOf(runner.ended(), follower.ended());
  }

  @Override
  public void close() {
    closer.close();
  }

  /** Decoder and backbone as the topology wants them; every thread gets an embedder of its own. */
  private static final class Pictures implements PictureEmbedder, AutoCloseable {

    private static final double NANOS_PER_HUNDREDTH = 1e4;

    private final Closer closer = new Closer();
    private final BackboneModel model;
    private final PictureDecoder decoder;
    private final ThreadLocal<Embedder> embedders;

    Pictures(AfinaConfig config, BackboneModel model) {
      this.model = model;
      this.decoder = new PictureDecoder(config.pictures(), model.backbone().card());
      this.embedders = ThreadLocal.withInitial(() -> closer.own(model.newEmbedder()));
    }

    @Override
    public Embedded embed(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      long start = System.nanoTime();
      float[] tensor = decode(picture, contentType);
      long decoded = System.nanoTime();
      float[] values = infer(tensor);
      return new Embedded(
          new Embedding(model.backbone().id(), values),
          millis(start, decoded),
          millis(decoded, System.nanoTime()));
    }

    /** Rounded to hundredths, which is all that the clock and the reader can tell apart. */
    private static double millis(long from, long to) {
      return Math.round((to - from) / NANOS_PER_HUNDREDTH) / 100.0;
    }

    private float[] decode(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      try {
        return decoder.decode(picture, contentType);
      } catch (UnusablePictureException e) {
        throw new UnusableRecordException(Stage.DECODE, e.reason(), e.sentence());
      }
    }

    private float[] infer(float[] tensor) throws UnusableRecordException {
      try {
        return embedders.get().embed(tensor);
      } catch (EngineFailureException e) {
        throw new UnusableRecordException(
            Stage.EMBED, Reason.ENGINE_FAILURE, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void close() {
      closer.close();
    }
  }
}
