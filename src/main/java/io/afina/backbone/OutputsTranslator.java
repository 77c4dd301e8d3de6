package io.afina.backbone;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.afina.picture.tensor.PictureInput;
import java.util.List;

/** Tells which outputs a network has, and of what shapes. */
record OutputsTranslator(PictureInput input)
    implements NoBatchifyTranslator<PictureBatch, List<NamedOutput>> {

  @Override
  public NDList processInput(TranslatorContext context, PictureBatch pictures) {
    return PictureTranslator.tensor(input, context, pictures);
  }

  @Override
  public List<NamedOutput> processOutput(TranslatorContext context, NDList outputs) {
    return NamedOutput.all(outputs);
  }
}
