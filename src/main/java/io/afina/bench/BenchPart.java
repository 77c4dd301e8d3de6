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
import io.afina.picture.PictureTensor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What of a classifier can be measured alone. */
public enum BenchPart {
  /** Encoded picture to tensor. */
  DECODE("A") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Backbone backbone = backbone(config);
      PictureDecoder decoder = decoder(config, backbone);
      ThreadLocal<PictureTensor> tensors =
          ThreadLocal.withInitial(() -> new PictureTensor(backbone.card().input()));
      return Work.of(
          new Closer(),
          index -> decoder.decode(samples.get(index % samples.size()), null, tensors.get()));
    }
  },
  /** Tensor to embedding. */
  ENGINE("B") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) throws Exception {
      Closer closer = new Closer();
      BackboneModel model = model(config, closer);
      PictureDecoder decoder = decoder(config, model.backbone());
      // A tensor belongs to one thread: each infers on its own, again and again.
      Queue<PictureTensor> decoded = new ConcurrentLinkedQueue<>();
      for (int thread = 0; thread < threads; thread++) {
        PictureTensor tensor = new PictureTensor(model.backbone().card().input());
        decoder.decode(samples.get(thread % samples.size()), null, tensor);
        decoded.add(tensor);
      }
      ThreadLocal<PictureTensor> tensors = ThreadLocal.withInitial(decoded::remove);
      ThreadLocal<Embedder> embedders = embedders(model, closer);
      return Work.of(closer, index -> embedders.get().embed(tensors.get()));
    }
  },
  /** One after the other in the same thread. */
  BOTH("C") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Closer closer = new Closer();
      DecodingEmbedder pictures =
          closer.own(
              new DecodingEmbedder(
                  config, model(config, closer), new BatchMeters(new SimpleMeterRegistry())));
      return Work.of(closer, index -> pictures.embed(samples.get(index % samples.size()), null));
    }
  },
  /** One head more on an embedding, as the challenger is. */
  HEAD("F") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Head head = BenchHead.of(backbone(config));
      float[] embedding = new float[head.card().inputs()];
      Arrays.fill(embedding, 1);
      return Work.of(new Closer(), index -> head.score(embedding).top(1));
    }
  },
  /** As DJL's manual has it, by one thread. */
  TEXTBOOK("E") {
    @Override
    public Work work(AfinaConfig config, List<byte[]> samples, int threads) {
      Closer closer = new Closer();
      TextbookClassifier textbook = closer.own(new TextbookClassifier(backbone(config)));
      return Work.of(closer, index -> textbook.classify(samples.get(index % samples.size())));
    }
  };

  private final String letter;

  BenchPart(String letter) {
    this.letter = letter;
  }

  /** As the command's description calls it. */
  public String letter() {
    return letter;
  }

  /** As reports call it. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many threads do it when so many do the others: somebody's first program has one. */
  int threads(int others) {
    return this == TEXTBOOK ? 1 : others;
  }

  /** Makes ready to do it in so many threads. */
  public abstract Work work(AfinaConfig config, List<byte[]> samples, int threads) throws Exception;

  /** Something to be done again and again, by several threads. */
  public interface Work extends AutoCloseable {

    /** Does it to the sample of this index, counted round. */
    void run(int index) throws Exception;

    @Override
    void close();

    /** What the closer owns is closed with it. */
    static Work of(Closer closer, Step step) {
      return new Work() {
        @Override
        public void run(int index) throws Exception {
          step.run(index);
        }

        @Override
        public void close() {
          closer.close();
        }
      };
    }
  }

  /** One time. */
  interface Step {
    void run(int index) throws Exception;
  }

  private static Backbone backbone(AfinaConfig config) {
    return new BackboneResolver().resolve(config.backbone().address());
  }

  private static BackboneModel model(AfinaConfig config, Closer closer) {
    return closer.own(BackboneModel.load(backbone(config), config.backbone().engineThreads()));
  }

  private static PictureDecoder decoder(AfinaConfig config, Backbone backbone) {
    return new PictureDecoder(config.pictures(), backbone.card().input());
  }

  private static ThreadLocal<Embedder> embedders(BackboneModel model, Closer closer) {
    return ThreadLocal.withInitial(() -> closer.own(model.newEmbedder()));
  }
}
