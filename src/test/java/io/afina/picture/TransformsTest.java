package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Shared;
import io.afina.backbone.PillowSquare;
import io.afina.config.ConfigLoader;
import io.afina.picture.tensor.PictureInput;
import java.nio.file.Files;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Photographs by five resize rules, beside what Pillow makes of them. */
class TransformsTest {

  static Set<String> rules() {
    return PillowSquare.RULES.keySet();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldMakeThePixelsThatPillowMakes(String rule) throws Exception {
    PictureInput input =
        new PictureInput(PillowSquare.rule(rule), new float[] {0, 0, 0}, new float[] {1, 1, 1});
    PictureDecoder decoder = new PictureDecoder(ConfigLoader.defaults().load().pictures(), input);
    for (String picture : PillowSquare.PICTURES) {
      PillowSquare pillow = PillowSquare.read(rule, picture);
      float[] tensor =
          decoder.decode(
              Files.readAllBytes(Shared.require("photos/bench/" + picture + ".jpg")), null);
      double difference = difference(pillow, tensor);
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
