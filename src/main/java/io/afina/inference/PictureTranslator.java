package io.afina.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;

/**
 * Pictures in, embeddings out, as plain floats. Every tensor lives in the context's manager, which
 * the predictor closes after each call.
 */
record PictureTranslator(BackboneCard.Input input)
    implements NoBatchifyTranslator<float[][], float[][]> {

  @Override
  public NDList processInput(TranslatorContext context, float[][] pictures) {
    Shape shape = new Shape(pictures.length, 3, input.side(), input.side());
    return new NDList(context.getNDManager().create(joined(pictures), shape));
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList outputs) {
    NDArray output = outputs.singletonOrThrow();
    return split(output.toFloatArray(), Math.toIntExact(output.getShape().get(0)));
  }

  private float[] joined(float[][] pictures) {
    float[] joined = new float[pictures.length * input.numbers()];
    for (int i = 0; i < pictures.length; i++) {
      System.arraycopy(pictures[i], 0, joined, i * input.numbers(), input.numbers());
    }
    return joined;
  }

  private static float[][] split(float[] numbers, int parts) {
    int size = numbers.length / parts;
    float[][] split = new float[parts][size];
    for (int i = 0; i < parts; i++) {
      System.arraycopy(numbers, i * size, split[i], 0, size);
    }
    return split;
  }
}
