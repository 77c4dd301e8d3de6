package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Shared;
import io.afina.backbone.PillowSquare;
import io.afina.config.ConfigLoader;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.ResizeRule.Mode;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Photographs by five resize rules, beside what Pillow makes of them. */
class TransformsTest {

  private static final Map<String, ResizeRule> RULES =
      Map.of(
          "shorter-256-bilinear-crop-224", new ResizeRule(256, 224),
          "shorter-256-bicubic-crop-224",
              new ResizeRule(Mode.SHORTER_SIDE, 256, ResizeFilter.BICUBIC, 224, 0),
          "squash-256-bilinear",
              new ResizeRule(Mode.SQUASH, 256, ResizeFilter.BILINEAR, 256, 0),
          "squash-224-bicubic", new ResizeRule(Mode.SQUASH, 224, ResizeFilter.BICUBIC, 224, 0),
          "longest-224-bilinear-pad-0",
              new ResizeRule(Mode.LONGER_SIDE, 224, ResizeFilter.BILINEAR, 224, 0));

  @ParameterizedTest
  @CsvSource({
    "shorter-256-bilinear-crop-224",
    "shorter-256-bicubic-crop-224",
    "squash-256-bilinear",
    "squash-224-bicubic",
    "longest-224-bilinear-pad-0"
  })
  void shouldMakeThePixelsThatPillowMakes(String rule) throws Exception {
    PictureInput input =
        new PictureInput(RULES.get(rule), new float[] {0, 0, 0}, new float[] {1, 1, 1});
    PictureDecoder decoder = new PictureDecoder(ConfigLoader.defaults().load().pictures(), input);
    for (String picture :
        new String[] {"n01677366", "n02088094", "n02497673", "n03459775", "n03976657"}) {
      PillowSquare pillow = PillowSquare.read(rule, picture);
      float[] tensor =
          decoder.decode(
              Files.readAllBytes(Shared.require("photos/bench/" + picture + ".jpg")), null);
      double difference = difference(pillow, tensor);
      System.out.printf("%s %s %.3f%n", rule, picture, difference);
      assertThat(difference).as("steps of 255, %s", picture).isLessThan(1);
    }
  }

  private static double difference(PillowSquare pillow, float[] tensor) {
    int side = pillow.side();
    double sum = 0;
    for (int i = 0; i < tensor.length; i++) {
      int number = pillow.colour(i / (side * side), i % side, i / side % side);
      sum += Math.abs(255 * tensor[i] - number);
    }
    return sum / tensor.length;
  }
}
