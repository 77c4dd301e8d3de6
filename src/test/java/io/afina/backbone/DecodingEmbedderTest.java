package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.PictureEmbedder.Embedded;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import io.afina.metrics.BatchMeters;
import io.afina.replay.LabelledPicture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DecodingEmbedderTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void shouldGiveTheSameInBatchesAsOneByOne() throws Exception {
    // given
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 8).stream().map(picture -> picture.bytes().get()).toList();
    try (BackboneModel model = BackboneModel.load(new BackboneResolver().resolve(null), 1, "cpu");
        DecodingEmbedder alone = embedder(model, 1);
        DecodingEmbedder batches = embedder(model, 4)) {
      // when
      List<CompletableFuture<Embedded>> together = new ArrayList<>();
      for (byte[] picture : pictures) {
        together.add(batches.submit(picture, null));
      }

      // then
      for (int i = 0; i < pictures.size(); i++) {
        float[] values = PictureEmbedder.await(together.get(i)).embedding().values();
        assertThat(
                ParityTest.cosine(values, alone.embed(pictures.get(i), null).embedding().values()))
            .isGreaterThan(0.9999);
      }
      assertThat(alone.batchSize()).isOne();
      assertThat(batches.batchSize()).isEqualTo(4);
      assertThat(meters.get("afina.image.batch").summary().max()).isGreaterThan(1);
    }
  }

  @Test
  void shouldRefuseAPictureBeforeItIsInABatch() {
    try (BackboneModel model = BackboneModel.load(new BackboneResolver().resolve(null), 1, "cpu");
        DecodingEmbedder batches = embedder(model, 4)) {
      assertThatThrownBy(() -> batches.submit(new byte[] {1, 2, 3}, null))
          .isInstanceOfSatisfying(
              UnusableRecordException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.NOT_A_PICTURE));
    }
  }

  private DecodingEmbedder embedder(BackboneModel model, int batch) {
    return new DecodingEmbedder(
        ConfigLoader.defaults()
            .set("classifier.batchSize", batch)
            .set("classifier.batchWait", "1s")
            .load(),
        model,
        new BatchMeters(meters));
  }
}
