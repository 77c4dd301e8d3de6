package io.afina.backbone;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.afina.picture.PictureDecoder;
import io.afina.picture.tensor.PictureTensor;
import java.util.List;

/**
 * Computes the embeddings of decoded pictures. It belongs to one thread, and is closed before the
 * {@link BackboneModel} that made it.
 */
public final class Embedder implements EmbeddingBatcher.Engine {

  private final Backbone backbone;
  private final Predictor<PictureBatch, float[][]> predictor;

  Embedder(Backbone backbone, Predictor<PictureBatch, float[][]> predictor) {
    this.backbone = backbone;
    this.predictor = predictor;
  }

  /** The backbone that computes the embeddings. */
  public Backbone backbone() {
    return backbone;
  }

  /**
   * The embedding of one picture.
   *
   * @param picture as {@link PictureDecoder} gives it
   * @return as many numbers as the card says, all finite
   * @throws EngineFailureException when the engine fails or a number is not finite
   */
  public float[] embed(float[] picture) {
    return embed(List.of(picture))[0];
  }

  /**
   * The embedding of one picture, taken from where the decoder put it.
   *
   * @throws EngineFailureException when the engine fails or a number is not finite
   */
  public float[] embed(PictureTensor picture) {
    return embed(PictureBatch.of(picture))[0];
  }

  /**
   * The embeddings of several pictures, computed as one batch.
   *
   * @throws EngineFailureException when the engine fails or a number is not finite
   */
  public float[][] embed(List<float[]> pictures) {
    if (pictures.isEmpty()) {
      return new float[0][];
    }
    return embed(PictureBatch.of(pictures, backbone.card().input().numbers()));
  }

  @Override
  public void close() {
    predictor.close();
  }

  /**
   * The embeddings of several pictures, taken from where they are.
   *
   * @throws EngineFailureException when the engine fails or a number is not finite
   */
  @Override
  public float[][] embed(PictureBatch pictures) {
    float[][] embeddings = run(pictures);
    for (float[] embedding : embeddings) {
      requireFinite(embedding);
    }
    return embeddings;
  }

  private float[][] run(PictureBatch pictures) {
    try {
      return predictor.predict(pictures);
    } catch (TranslateException | RuntimeException e) {
      throw new EngineFailureException(
          "the backbone %s failed: %s".formatted(backbone.card().name(), e), e);
    }
  }

  private void requireFinite(float[] embedding) {
    for (float number : embedding) {
      if (!Float.isFinite(number)) {
        throw new EngineFailureException(
            "the backbone %s gave %s in an embedding".formatted(backbone.card().name(), number));
      }
    }
  }
}
