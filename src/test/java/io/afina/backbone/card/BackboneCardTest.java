package io.afina.backbone.card;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.tensor.ResizeRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackboneCardTest {

  static final String CARD =
      """
      { "name": "n", "engine": "PyTorch", "licence": "MIT", "colour of the cover": "blue",
        "input": { "layout": "NCHW", "width": 112, "height": 112, "colour": "RGB",
                   "resize": "shorter side to 128, bilinear with antialias, then the centre 112",
                   "scale": "x / 255", "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 1] },
        "embeddingSize": 512,
        "sha256": "422cd0902fae57a555d8b29422b919a38ef21d323ab23fb35f580eb741a4b2a7" }
      """;

  @Test
  void shouldReadACardAndIgnoreWhatItDoesNotKnow() {
    BackboneCard card = read(CARD);
    assertThat(card.name()).isEqualTo("n");
    assertThat(card.engine()).isEqualTo(BackboneEngine.PYTORCH);
    assertThat(card.licence()).isEqualTo("MIT");
    assertThat(card.embeddingSize()).isEqualTo(512);
    assertThat(card.sha256()).startsWith("422cd0902f");
    assertThat(card.input().resize()).isEqualTo(new ResizeRule(128, 112));
    assertThat(card.input().mean()).containsExactly(0.1f, 0.2f, 0.3f);
    assertThat(card.input().std()).containsExactly(0.4f, 0.5f, 1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'\"name\": \"n\"', '\"name\": 3', name",
        "'\"name\": \"n\"', '\"name\": \" \"', name",
        "'\"name\"', '\"title\"', name",
        "PyTorch, TensorFlow, engine",
        "'\"licence\"', '\"license\"', licence",
        "'\"input\"', '\"output\"', input.layout",
        "NCHW, CHWN, input.layout",
        "RGB, GRB, input.colour",
        "'x / 255', 'x / 127.5 - 1', input.scale",
        "bilinear, bicubic, input.resize",
        "'side to 128', 'side to 100', input.resize",
        "'\"width\": 112', '\"width\": 224', input.width",
        "'\"height\": 112', '\"height\": 224', input.height",
        "'[0.1, 0.2, 0.3]', '[0.1, 0.2]', input.mean",
        "'[0.1, 0.2, 0.3]', '[0.1, 0.2, \"0.3\"]', input.mean",
        "'[0.1, 0.2, 0.3]', '0.1', input.mean",
        "'[0.4, 0.5, 1]', '[0.4, 0.5, 0]', input.std",
        "'[0.4, 0.5, 1]', '[0.4, 0.5, 1e99]', input.std",
        "'512', '0', embeddingSize",
        "'512', '512.5', embeddingSize",
        "422cd0902, 422CD0902, sha256"
      })
  void shouldRefuseAWrongFieldByFileAndKey(String right, String wrong, String key) {
    assertThat(CARD).contains(right);
    assertThatThrownBy(() -> read(CARD.replace(right, wrong)))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BACKBONE))
        .hasMessageContainingAll("the card x.pt.json has ", " as " + key + ": it must be ");
  }

  @ParameterizedTest
  @CsvSource({"[]", "{", "null", "''"})
  void shouldRefuseWhatIsNoJsonObject(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(AfinaException.class)
        .hasMessageStartingWith("the card x.pt.json is not a JSON object");
  }

  private static BackboneCard read(String json) {
    return BackboneCard.read("x.pt.json", json.getBytes(UTF_8));
  }
}
