package io.afina.backbone.card;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.lifecycle.AfinaException;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.ResizeRule.Mode;
import java.util.Optional;

/**
 * Reads {@code config.json} of timm, whose {@code pretrained_cfg} says how pictures are prepared
 * (its {@code transforms_imagenet_eval}).
 */
final class PretrainedConfig {

  private static final String NESTED = "pretrained_cfg";
  private static final double CROP = 0.875;

  private PretrainedConfig() {}

  /** Whether a configuration is timm's. */
  static boolean isOne(CardFields fields) {
    return fields.has(NESTED) || (fields.has("input_size") && fields.has("interpolation"));
  }

  /** Where it has it: older ones have it at the top. */
  static String prefix(CardFields fields) {
    return fields.has(NESTED) ? NESTED + "." : "";
  }

  /**
   * What the network wants to see.
   *
   * @throws AfinaException when it is something that Afina does not do
   */
  static PictureInput read(CardFields fields, String prefix) {
    return new PictureInput(
        resize(fields, prefix),
        fields.threeNumbers(prefix + "mean", each -> true, "3 numbers"),
        fields.threeNumbers(prefix + "std", each -> each > 0, "3 numbers above 0"));
  }

  private static ResizeRule resize(CardFields fields, String prefix) {
    JsonNode size = fields.at(prefix + "input_size");
    int side = size.path(1).asInt();
    if (size.size() != 3 || size.path(0).asInt() != 3 || side < 1 || side != size.path(2).asInt()) {
      throw fields.wrong(
          prefix + "input_size", "[3, N, N]: Afina prepares squares of three colours only");
    }
    String crop = prefix + "crop_pct";
    int resized = (int) (side / (fields.has(crop) ? fields.between(crop, 0.1, 1) : CROP));
    String mode = prefix + "crop_mode";
    ResizeFilter filter =
        fields.of(prefix + "interpolation", ResizeFilter::named, "bilinear, bicubic or lanczos");
    return new ResizeRule(
        fields.has(mode)
            ? fields.of(mode, PretrainedConfig::mode, "center or squash")
            : Mode.SHORTER_SIDE,
        resized,
        filter,
        side,
        0);
  }

  private static Optional<Mode> mode(String word) {
    return switch (word) {
      case "center" -> Optional.of(Mode.SHORTER_SIDE);
      case "squash" -> Optional.of(Mode.SQUASH);
      default -> Optional.empty();
    };
  }
}
