package io.afina.classifier;

import io.afina.backbone.PictureEmbedder;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import io.afina.model.Heads;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes numbers as text for pictures: they are their own embedding. */
public final class TextEmbedder implements PictureEmbedder {

  @Override
  public Embedded embed(byte[] picture, @Nullable String contentType)
      throws UnusableRecordException {
    String[] words = new String(picture, StandardCharsets.UTF_8).split(" ", -1);
    float[] values = new float[words.length];
    try {
      for (int i = 0; i < words.length; i++) {
        values[i] = Float.parseFloat(words[i]);
      }
    } catch (NumberFormatException e) {
      throw new UnusableRecordException(Stage.DECODE, Reason.NOT_A_PICTURE, "no numbers");
    }
    return new Embedded(new Embedding(Heads.BACKBONE, values), 1, 2);
  }
}
