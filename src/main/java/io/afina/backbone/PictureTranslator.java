package io.afina.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.afina.backbone.card.EmbeddingOutput;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureInput.Layout;

/**
 * Translates between pictures, tensors and embeddings for DJL. Every tensor lives in the context's
 * manager, which the predictor closes after each call.
 */
record PictureTranslator(PictureInput input, EmbeddingOutput output)
    implements NoBatchifyTranslator<PictureBatch, float[][]> {

  /** Engines take memory outside the heap without a copy. */
  @Override
  public NDList processInput(TranslatorContext context, PictureBatch pictures) {
    return tensor(input, context, pictures);
  }

  static NDList tensor(PictureInput input, TranslatorContext context, PictureBatch pictures) {
    return new NDList(
        context
            .getNDManager()
            .create(pictures.numbers(), new Shape(input.shape(pictures.size())), DataType.FLOAT32));
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList outputs) {
    NDArray chosen = NamedOutput.choose(outputs, output.name());
    return output.embeddings(
        chosen.toFloatArray(), chosen.getShape().getShape(), input.layout() == Layout.NHWC);
  }
}
