package io.afina.selection;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.Embedder;
import io.afina.config.PicturesConfig;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.PictureDecoder;
import io.afina.replay.LabelledPicture;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled pictures as a backbone sees them.
 *
 * @param examples in half precision, as the topic has them
 * @param picturesPerSecond by the median of the pictures: other work on the machine counts less
 * @param unusable pictures that could not be decoded
 */
record EmbeddedPictures(ExampleSet examples, double picturesPerSecond, int unusable) {

  private static final double NANOS = 1e9;

  /**
   * Decodes and embeds pictures, one after the other in this thread.
   *
   * @param step called after each picture
   */
  static EmbeddedPictures of(
      BackboneModel model, PicturesConfig limits, List<LabelledPicture> pictures, Runnable step) {
    PictureDecoder decoder = new PictureDecoder(limits, model.backbone().card().input());
    Dataset dataset = new Dataset();
    long[] nanos = new long[pictures.size()];
    int used = 0;
    try (Embedder embedder = model.newEmbedder()) {
      for (LabelledPicture picture : pictures) {
        byte[] bytes = picture.bytes().get();
        long start = System.nanoTime();
        try {
          float[] numbers = embedder.embed(decoder.decodeToTensor(bytes, null));
          nanos[used] = System.nanoTime() - start;
          Embedding embedding = new Embedding(model.backbone().id(), numbers);
          TrainingExample example =
              new TrainingExample(picture.label(), null, Instant.EPOCH, embedding);
          dataset.apply(picture.id(), example, 0, used++);
        } catch (UnusableRecordException e) {
          // Counted: what the classifier would set aside teaches nothing.
        }
        step.run();
      }
    }
    int unusable = pictures.size() - used;
    ExampleSet examples = dataset.examples(1).orElseThrow(() -> tooFew(unusable));
    long[] times = Arrays.copyOf(nanos, used);
    Arrays.sort(times);
    return new EmbeddedPictures(examples, NANOS / times[used / 2], unusable);
  }

  private static AfinaException tooFew(int unusable) {
    return new AfinaException(
        ExitCode.NOT_FOUND,
        "%d pictures cannot be decoded, and the others are of fewer than two labels: give other pictures"
            .formatted(unusable));
  }
}
