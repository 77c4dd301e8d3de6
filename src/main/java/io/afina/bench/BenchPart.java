package io.afina.bench;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.DecodingEmbedder;
import io.afina.backbone.Embedder;
import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.model.Head;
import io.afina.picture.PictureDecoder;
import io.afina.picture.tensor.PictureTensor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The parts of a classifier that are measured alone. */
public enum BenchPart {
  /** Encoded picture to tensor. */
  DECODE("A") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      PictureDecoder decoder = decoder(config, backbone(config));
      return new Work(
          new Closer(), index -> decoder.decodeToTensor(samples.get(index % samples.size()), null));
    }
  },
  /** Tensor to embedding. */
  ENGINE("B") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) throws Exception {
      Closer closer = new Closer();
      BackboneModel model = model(config, closer);
      // A tensor belongs to one thread: each infers on its own, again and again.
      Queue<PictureTensor> decoded = new ConcurrentLinkedQueue<>();
      for (int thread = 0; thread < threads; thread++) {
        decoded.add(
            decoder(config, model.backbone())
                .decodeToTensor(samples.get(thread % samples.size()), null));
      }
      ThreadLocal<PictureTensor> tensors = ThreadLocal.withInitial(decoded::remove);
      ThreadLocal<Embedder> embedders = embedders(model, closer);
      return new Work(closer, index -> embedders.get().embed(tensors.get()));
    }
  },
  /** Decoding and inference, one after the other in the same thread. */
  BOTH("C") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Closer closer = new Closer();
      DecodingEmbedder pictures =
          closer.own(
              new DecodingEmbedder(
                  config, model(config, closer), new BatchMeters(new SimpleMeterRegistry())));
      return new Work(closer, index -> pictures.embed(samples.get(index % samples.size()), null));
    }
  },
  /** Scoring an embedding with another head, as the challenger does. */
  HEAD("F") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Head head = BenchHead.of(backbone(config));
      float[] embedding = new float[head.card().inputs()];
      Arrays.fill(embedding, 1);
      return new Work(new Closer(), index -> head.score(embedding).top(1));
    }
  },
  /** The pipeline of DJL's manual, in one thread. */
  TEXTBOOK("E") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Closer closer = new Closer();
      TextbookClassifier textbook = closer.own(new TextbookClassifier(backbone(config)));
      return new Work(closer, index -> textbook.classify(samples.get(index % samples.size())));
    }
  };

  private final String letter;

  BenchPart(String letter) {
    this.letter = letter;
  }

  /** The letter of the command's description. */
  public String letter() {
    return letter;
  }

  /** The name in reports. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The threads of this part, where the others have so many: a first program has one. */
  int threads(int others) {
    return this == TEXTBOOK ? 1 : others;
  }

  /** Prepares the work for a number of threads. */
  public abstract Work work(AfinaConfig config, List<byte[]> samples, int threads) throws Exception;

  /**
   * Work that several threads repeat.
   *
   * @param closer what the work needs, closed with it
   * @param step does it once
   */
  public record Work(Closer closer, Step step) implements AutoCloseable {

    @Override
    public void close() {
      closer.close();
    }
  }

  /** Does the work to the sample of an index, counted round. */
  @FunctionalInterface
  public interface Step {
    void run(int index) throws Exception;
  }

  private static Backbone backbone(AfinaConfig config) {
    return new BackboneResolver(config.backbone()).resolve(config.backbone().address());
  }

  private static BackboneModel model(AfinaConfig config, Closer closer) {
    return closer.own(
        BackboneModel.load(
            backbone(config), config.backbone().engineThreads(), config.backbone().device()));
  }

  private static PictureDecoder decoder(AfinaConfig config, Backbone backbone) {
    return new PictureDecoder(config.pictures(), backbone.card().input());
  }

  private static ThreadLocal<Embedder> embedders(BackboneModel model, Closer closer) {
    return ThreadLocal.withInitial(() -> closer.own(model.newEmbedder()));
  }
}
