package io.afina.trainer;

import io.afina.backbone.EngineDevice;
import io.afina.backbone.card.BackboneEngine;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Measures the training of every form of head on one device beside another, run by hand ({@code
 * src/docs/benchmarks.md} says how): the same embeddings, of ten labels that can be told apart.
 */
final class DeviceBench {

  private static final int WIDTH = 1280;
  private static final int LABELS = 10;
  private static final int RUNS = 2;
  private static final int HIDDEN = 1024;
  private static final List<HeadRecipe> RECIPES =
      List.of(
          new HeadRecipe(Form.DENSE, 1, 0),
          new HeadRecipe(Form.KERNEL, 10, 0),
          new HeadRecipe(Form.HIDDEN, 10, 10));

  private DeviceBench() {}

  /**
   * Runs it.
   *
   * @param args how many examples, then devices: {@code 100000 cpu gpu:0}
   */
  public static void main(String[] args) {
    ExampleSet all = examples(Integer.parseInt(args[0]));
    System.out.printf("%,d examples x %d, %d labels%n", all.size(), all.width(), LABELS);
    for (int n = 1; n < args.length; n++) {
      HeadTraining training =
          new HeadTraining(
              HIDDEN, 17, EngineDevice.of(BackboneEngine.PYTORCH, "the device", args[n]));
      training.warmUp();
      for (HeadRecipe recipe : RECIPES) {
        measure(training, recipe, all);
      }
    }
  }

  private static void measure(HeadTraining training, HeadRecipe recipe, ExampleSet all) {
    for (int run = 1; run <= RUNS; run++) {
      long start = System.nanoTime();
      TrainedLayers trained = training.train(recipe, all, Optional.empty(), Optional.empty());
      System.out.printf(
          "%-6s %-26s run %d: %7.2f s, right in %.2f %%%n",
          trained.device(),
          recipe.text(),
          run,
          (System.nanoTime() - start) / 1e9,
          100 * trained.accuracy());
    }
  }

  private static ExampleSet examples(int count) {
    Random random = new Random(17);
    float[][] centres = new float[LABELS][];
    for (int label = 0; label < LABELS; label++) {
      centres[label] = noise(random, new float[WIDTH], 1);
    }
    Dataset dataset = new Dataset();
    for (int n = 0; n < count; n++) {
      float[] values = noise(random, centres[n % LABELS].clone(), 3);
      dataset.apply(
          "image-" + n,
          new TrainingExample(
              "label " + n % LABELS, null, Instant.EPOCH, new Embedding("", values)),
          n % 12,
          n);
    }
    return dataset.examples(1).orElseThrow();
  }

  /** Non-negative, as embeddings after a ReLU are. */
  private static float[] noise(Random random, float[] values, double much) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.max(0, values[i] + much * random.nextGaussian());
    }
    return values;
  }
}
