package io.afina.keeper;

import io.afina.backbone.PictureEmbedder;
import io.afina.classifier.join.KeptPicture;
import io.afina.classifier.join.Stray;
import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.UnusableRecordException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Embeds kept pictures with a backbone; the join keeps what that gave of the image itself.
 *
 * @param backbone by its hash
 * @param embedder of the backbone, while it is loaded
 */
record ReEmbedder(String backbone, Supplier<Optional<PictureEmbedder>> embedder) implements Work {

  static final String NAME = "embed";
  private static final String JPEG = "image/jpeg";

  @Override
  public Outcome take(ConsumerRecord<String, byte[]> record, BiConsumer<String, Stray> home) {
    if (record.value() == null) {
      return Outcome.NOTHING;
    }
    try {
      KeptPicture picture = KeptPicture.of(record);
      Embedding embedding = loaded().embed(picture.jpeg(), JPEG).embedding();
      home.accept(
          record.key(), new Stray.Embedded(embedding, picture.image(), System.currentTimeMillis()));
      return Outcome.SENT;
    } catch (MalformedRecordException e) {
      return Outcome.MALFORMED;
    } catch (UnusableRecordException e) {
      return Outcome.UNUSABLE;
    }
  }

  private PictureEmbedder loaded() {
    return embedder
        .get()
        .orElseThrow(
            () -> new IllegalStateException("backbone %.12s is not loaded".formatted(backbone)));
  }
}
