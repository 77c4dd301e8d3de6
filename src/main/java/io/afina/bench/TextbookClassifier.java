package io.afina.bench;

import ai.djl.Application;
import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.afina.backbone.Backbone;
import io.afina.backbone.EngineFailureException;
import io.afina.backbone.card.BackboneCard;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.tensor.PictureInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * Classifies as the first program after DJL's manual would: a picture by {@link ImageFactory}, the
 * transforms as tensor operations, {@link ImageClassificationTranslator}, everything at its
 * default. Only there to be measured against. It belongs to one thread.
 */
public final class TextbookClassifier implements AutoCloseable {

  private final ZooModel<Image, Classifications> model;
  private final Predictor<Image, Classifications> predictor;

  /**
   * Loads a backbone; its numbers are called classes, one a number.
   *
   * @throws AfinaException when it cannot be loaded
   */
  public TextbookClassifier(Backbone backbone) {
    try {
      model = criteria(backbone).loadModel();
      predictor = model.newPredictor();
    } catch (IOException | ModelNotFoundException | MalformedModelException e) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "DJL cannot load the backbone %s: %s".formatted(backbone.file(), e),
          e);
    }
  }

  /** The most likely class of a picture. */
  public String classify(byte[] picture) {
    try {
      Image image = ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(picture));
      return predictor.predict(image).best().getClassName();
    } catch (IOException | TranslateException e) {
      throw new EngineFailureException("DJL cannot classify a picture: " + e, e);
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }

  private static Criteria<Image, Classifications> criteria(Backbone backbone) {
    return Criteria.builder()
        .optApplication(Application.CV.IMAGE_CLASSIFICATION)
        .setTypes(Image.class, Classifications.class)
        .optModelPath(backbone.file())
        .optEngine(backbone.card().engine().djlName())
        .optTranslator(translator(backbone.card()))
        .build();
  }

  private static ImageClassificationTranslator translator(BackboneCard card) {
    PictureInput input = card.input();
    int side = input.side();
    return ImageClassificationTranslator.builder()
        .addTransform(new Resize(input.resize().size()))
        .addTransform(new CenterCrop(side, side))
        .addTransform(new ToTensor())
        .addTransform(new Normalize(input.mean(), input.std()))
        .optApplySoftmax(true)
        .optSynset(IntStream.range(0, card.embeddingSize()).mapToObj(i -> "n" + i).toList())
        .build();
  }
}
