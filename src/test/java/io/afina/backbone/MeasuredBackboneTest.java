package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.card.BackboneCard;
import io.afina.backbone.card.CardWriter;
import io.afina.backbone.card.Pooling;
import io.afina.lifecycle.AfinaException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredBackboneTest {

  @TempDir Path folder;

  @BeforeEach
  void writeAConfiguration() throws Exception {
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        { "size": { "height": 224, "width": 224 }, "resample": 3,
          "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }
        """);
  }

  @Test
  void shouldMeasureATransformerThatHasNoCard() throws Exception {
    Path file = Family.TRANSFORMER.network().write(folder.resolve("model.onnx"));
    BackboneCard card = new BackboneResolver().resolve(file.toString()).card();
    assertThat(card.output().name()).isNull();
    assertThat(card.output().pooling()).isEqualTo(Pooling.CLS);
    assertThat(card.embeddingSize()).isEqualTo(Family.CHANNELS);
    assertThat(card.sha256()).isEqualTo(Backbone.sha256(file));
  }

  @Test
  void shouldMeasureAMapOfFeatures() throws Exception {
    Path file = Family.SQUASHED.network().write(folder.resolve("model.onnx"));
    BackboneCard card = new BackboneResolver().resolve(file.toString()).card();
    assertThat(card.output().pooling()).isEqualTo(Pooling.MEAN);
    assertThat(card.embeddingSize()).isEqualTo(Family.CHANNELS);
  }

  @Test
  void shouldWriteACardThatSaysTheSame() throws Exception {
    Path file = Family.TRANSFORMER.network().write(folder.resolve("model.onnx"));
    Backbone measured = new BackboneResolver().resolve(file.toString());
    String json = CardWriter.write(measured.card());
    Files.writeString(Path.of(file + ".json"), json);
    Backbone read = new BackboneResolver().resolve(file.toString());
    assertThat(read.card()).usingRecursiveComparison().isEqualTo(measured.card());
    assertThat(json).contains("\"pooling\" : \"cls\"");
    assertThat(BackboneCard.read("x", json.getBytes(StandardCharsets.UTF_8)).name())
        .isEqualTo(measured.card().name());
  }

  @Test
  void shouldAskWhichOutputItIsWhereNoNameTells() throws Exception {
    Path file = Family.PADDED.network().write(folder.resolve("model.onnx"));
    assertThatThrownBy(() -> new BackboneResolver().resolve(file.toString()))
        .isInstanceOf(AfinaException.class)
        .hasMessageContainingAll("features [1, 16, 14, 14]", "write a card", "output.name");
  }
}
