package io.afina.classifier;

import io.afina.backbone.PictureEmbedder;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import io.afina.model.Heads;
import io.afina.source.PictureSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Takes numbers as text for pictures: they are their own embedding. */
public record TextEmbedder(PictureSources sources) implements PictureEmbedder {

  /** One that fetches nothing. */
  public TextEmbedder() {
    this(new PictureSources(ConfigLoader.defaults().load().pictures(), new SimpleMeterRegistry()));
  }

  @Override
  public Embedded embed(byte @Nullable [] value, Headers headers) throws UnusableRecordException {
    byte[] picture = sources.read(value, headers).bytes();
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
