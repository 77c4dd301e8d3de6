package io.afina.selection;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.Embedder;
import io.afina.backbone.EngineFailureException;
import io.afina.config.AfinaConfig;
import io.afina.demo.DrawnPictures;
import io.afina.event.UnusableRecordException;
import io.afina.picture.PictureDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a check found of a backbone.
 *
 * @param name of its card
 * @param picturesPerSecond decoded and embedded in one thread, by the median
 * @param batchCosine of embeddings in a batch to those of the same pictures alone, the least; null
 *     where it takes no batch
 * @param referenceCosine to embeddings of another implementation, the least; null without any
 * @param wrong a sentence each; empty for a backbone that works
 */
public record BackboneCheck(
    String name,
    String licence,
    int embeddingSize,
    double picturesPerSecond,
    @Nullable Double batchCosine,
    @Nullable Double referenceCosine,
    List<String> wrong) {

  /** Less is another network or another preparation; int8 gives 0.99. */
  private static final double SAME = 0.98;

  /** Less than this, and what a picture gets depends on the others of its batch. */
  private static final double INVARIANT = 0.999;

  /** More, and it tells different pictures hardly apart. */
  private static final double BLIND = 0.99999;

  private static final int PICTURES = 8;
  private static final int ROUNDS = 5;

  /**
   * Checks a backbone that loads.
   *
   * @param reference a JSON file with embeddings of another implementation, or null
   */
  public static BackboneCheck of(AfinaConfig config, BackboneModel model, @Nullable Path reference)
      throws UnusableRecordException {
    Backbone backbone = model.backbone();
    PictureDecoder decoder = new PictureDecoder(config.pictures(), backbone.card().input());
    List<String> wrong = new ArrayList<>();
    try (Embedder embedder = model.newEmbedder()) {
      List<float[]> pictures = drawn(decoder);
      float[][] alone = new float[PICTURES][];
      for (int n = 0; n < PICTURES; n++) {
        alone[n] = embedder.embed(pictures.get(n));
      }
      if (cosine(alone[0], alone[1]) > BLIND) {
        wrong.add(
            "it gives the same for different pictures: compare mean, std and scale of the card with its training");
      }
      Double batch = batch(embedder, pictures, alone, wrong);
      Double parity =
          reference == null
              ? null
              : parity(ReferenceEmbedding.read(reference), decoder, embedder, wrong);
      return new BackboneCheck(
          backbone.card().name(),
          backbone.card().licence(),
          backbone.card().embeddingSize(),
          speed(decoder, embedder),
          batch,
          parity,
          wrong);
    }
  }

  /** A line for everything that was checked, and what is wrong. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("%s, licence %s: loads and gives %d numbers".formatted(name, licence, embeddingSize));
    lines.add(String.format(Locale.ROOT, "%.0f pictures/s, one thread", picturesPerSecond));
    Optional.ofNullable(batchCosine)
        .ifPresent(cosine -> lines.add(line("in a batch as alone", cosine)));
    Optional.ofNullable(referenceCosine)
        .ifPresent(cosine -> lines.add(line("as the reference", cosine)));
    lines.addAll(wrong.isEmpty() ? List.of("nothing is wrong") : wrong);
    return lines;
  }

  private static String line(String what, double cosine) {
    return String.format(Locale.ROOT, "%s: cosine %.4f at least", what, cosine);
  }

  private static List<float[]> drawn(PictureDecoder decoder) throws UnusableRecordException {
    DrawnPictures drawing = new DrawnPictures(1);
    List<float[]> pictures = new ArrayList<>();
    for (int n = 0; n < PICTURES; n++) {
      pictures.add(decoder.decode(drawing.draw(n).jpeg(), null));
    }
    return pictures;
  }

  private static @Nullable Double batch(
      Embedder embedder, List<float[]> pictures, float[][] alone, List<String> wrong) {
    try {
      double least = least(embedder.embed(pictures), alone);
      if (least < INVARIANT) {
        wrong.add(
            String.format(
                Locale.ROOT,
                "a picture's embedding depends on the others of its batch (cosine %.4f): export it in evaluation mode, or set classifier.batchSize to 1",
                least));
      }
      return least;
    } catch (EngineFailureException e) {
      wrong.add(
          "it does not take %d pictures at once: export it with a batch of any size, or set classifier.batchSize to 1"
              .formatted(pictures.size()));
      return null;
    }
  }

  private static double parity(
      List<ReferenceEmbedding> references,
      PictureDecoder decoder,
      Embedder embedder,
      List<String> wrong)
      throws UnusableRecordException {
    double least = 1;
    for (ReferenceEmbedding reference : references) {
      float[] embedding = embedder.embed(decoder.decode(reference.picture(), null));
      if (embedding.length != reference.embedding().length) {
        wrong.add(
            "it gives %d numbers and the reference has %d: they are of different networks or outputs"
                .formatted(embedding.length, reference.embedding().length));
        return 0;
      }
      least = Math.min(least, cosine(embedding, reference.embedding()));
    }
    if (least < SAME) {
      wrong.add(
          String.format(
              Locale.ROOT,
              "its embeddings are not the reference's (cosine %.4f): compare the card's input and output with how the reference was made",
              least));
    }
    return least;
  }

  private static double speed(PictureDecoder decoder, Embedder embedder)
      throws UnusableRecordException {
    DrawnPictures drawing = new DrawnPictures(2);
    long[] nanos = new long[PICTURES * ROUNDS];
    for (int n = 0; n < nanos.length; n++) {
      byte[] jpeg = drawing.draw(n).jpeg();
      long start = System.nanoTime();
      embedder.embed(decoder.decodeToTensor(jpeg, null));
      nanos[n] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return 1e9 / nanos[nanos.length / 2];
  }

  private static double least(float[][] some, float[][] others) {
    double least = 1;
    for (int n = 0; n < some.length; n++) {
      least = Math.min(least, cosine(some[n], others[n]));
    }
    return least;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return aa == 0 && bb == 0 ? 1 : dot / Math.sqrt(aa * bb);
  }
}
