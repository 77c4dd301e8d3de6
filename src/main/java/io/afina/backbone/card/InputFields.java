package io.afina.backbone.card;

import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureInput.Colours;
import io.afina.picture.tensor.PictureInput.Layout;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.ResizeRule.Mode;
import java.util.Arrays;
import java.util.Optional;

/** Reads what a card says of the tensor that a network takes. */
final class InputFields {

  private static final float WHITE = 255;
  private static final int LARGEST = 4_096;
  private static final double SMALLEST_FRACTION = 0.1;
  static final String SCALED = "x / 255";
  private static final String AS_IT_IS = "x";

  private InputFields() {}

  static PictureInput read(CardFields card) {
    Layout layout = card.of("input.layout", text -> named(Layout.values(), text), "NCHW or NHWC");
    Colours colours = card.of("input.colour", text -> named(Colours.values(), text), "RGB or BGR");
    String scale =
        card.of(
            "input.scale",
            text -> Optional.of(text).filter(s -> s.equals(SCALED) || s.equals(AS_IT_IS)),
            "\"x / 255\", or \"x\" where mean and std are in steps of 255");
    ResizeRule resize = resize(card);
    float[] mean = card.threeNumbers("input.mean", each -> true, "3 numbers");
    float[] std = card.threeNumbers("input.std", each -> each > 0, "3 numbers above 0");
    if (scale.equals(AS_IT_IS)) {
      divide(mean);
      divide(std);
    }
    return new PictureInput(resize, mean, std, colours, layout);
  }

  private static <E extends Enum<E>> Optional<E> named(E[] values, String name) {
    return Arrays.stream(values).filter(value -> value.name().equals(name)).findFirst();
  }

  private static void divide(float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] /= WHITE;
    }
  }

  private static ResizeRule resize(CardFields card) {
    if (card.isText("input.resize")) {
      ResizeRule rule =
          card.of(
              "input.resize",
              ResizeRule::parse,
              "of the form \"shorter side to 256, bilinear with antialias, then the centre 224\", or an object with mode, size and filter");
      requireSide(card, "input.width", rule.crop());
      requireSide(card, "input.height", rule.crop());
      return rule;
    }
    int side = card.positive("input.width", LARGEST);
    requireSide(card, "input.height", side);
    Mode mode =
        card.of(
            "input.resize.mode",
            Mode::named,
            "shorter-side, shorter-side-rounded, longer-side or squash");
    int size = size(card, side);
    if (size < side && mode != Mode.LONGER_SIDE) {
      throw card.wrong("input.resize.size", "at least input.width, %d".formatted(side));
    }
    return new ResizeRule(
        mode,
        size,
        card.of("input.resize.filter", ResizeFilter::named, "bilinear, bicubic or lanczos"),
        side,
        card.has("input.resize.padding") ? padding(card) : 0);
  }

  private static void requireSide(CardFields card, String key, int side) {
    if (!card.at(key).isInt() || card.at(key).intValue() != side) {
      throw card.wrong(
          key,
          "%d: Afina prepares squares only, of the side that the resize ends with".formatted(side));
    }
  }

  /** As timm does it: the whole number below side / fraction. */
  private static int size(CardFields card, int side) {
    return card.has("input.resize.cropFraction")
        ? (int) (side / card.between("input.resize.cropFraction", SMALLEST_FRACTION, 1))
        : card.positive("input.resize.size", LARGEST);
  }

  private static int padding(CardFields card) {
    float[] colour =
        card.threeNumbers(
            "input.resize.padding",
            each -> each >= 0 && each <= WHITE && each == Math.rint(each),
            "3 whole numbers from 0 to 255: red, green, blue");
    return (int) colour[0] << 16 | (int) colour[1] << 8 | (int) colour[2];
  }
}
