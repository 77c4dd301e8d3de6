package io.afina.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.afina.picture.PictureInput;

/**
 * Translates between pictures, tensors and embeddings for DJL. Every tensor lives in the context's
 * manager, which the predictor closes after each call.
 */
record PictureTranslator(PictureInput input)
    implements NoBatchifyTranslator<PictureBatch, float[][]> {

  /** Engines take memory outside the heap without a copy. */
  @Override
  public NDList processInput(TranslatorContext context, PictureBatch pictures) {
    Shape shape = new Shape(pictures.size(), 3, input.side(), input.side());
    return new NDList(context.getNDManager().create(pictures.numbers(), shape, DataType.FLOAT32));
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList outputs) {
    NDArray output = outputs.singletonOrThrow();
    return split(output.toFloatArray(), Math.toIntExact(output.getShape().get(0)));
  }

  private static float[][] split(float[] numbers, int parts) {
    if (parts == 1) {
      return new float[][] {numbers};
    }
    int size = numbers.length / parts;
    float[][] split = new float[parts][size];
    for (int i = 0; i < parts; i++) {
      System.arraycopy(numbers, i * size, split[i], 0, size);
    }
    return split;
  }
}
