package io.afina.backbone.card;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.lifecycle.AfinaException;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureInput.Colours;
import io.afina.picture.tensor.PictureInput.Layout;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.ResizeRule.Mode;
import java.util.List;

/**
 * Reads {@code preprocessor_config.json} of Hugging Face's Transformers, as its image processors
 * understand it ({@code image_processing_*.py}); what is left out has their defaults.
 */
final class PreprocessorConfig {

  private static final double WHITE = 255;
  private static final int LARGEST = 4_096;

  /** ConvNeXt crops below this size, and squashes from it on. */
  private static final int SQUASHED_FROM = 384;

  /** Processors that take a size that is one number for the shorter side; others squash to it. */
  private static final List<String> BY_SHORTER_SIDE =
      List.of(
          "CLIP", "ConvNext", "MobileNet", "MobileViT", "Levit", "PoolFormer", "EfficientFormer");

  private PreprocessorConfig() {}

  /**
   * What the network wants to see.
   *
   * @throws AfinaException when it is something that Afina does not do
   */
  static PictureInput read(CardFields fields) {
    float[] mean = {0, 0, 0};
    float[] std = {1, 1, 1};
    if (isOn(fields, "do_normalize", fields.has("image_mean"))) {
      mean = fields.threeNumbers("image_mean", each -> true, "3 numbers");
      std = fields.threeNumbers("image_std", each -> each > 0, "3 numbers above 0");
    }
    double factor = 1;
    if (isOn(fields, "do_rescale", true)) {
      factor = fields.has("rescale_factor") ? fields.between("rescale_factor", 1e-6, 1) : 1 / WHITE;
    }
    double offset = isOn(fields, "rescale_offset", false) ? 1 : 0;
    for (int c = 0; c < mean.length; c++) {
      mean[c] = (float) ((mean[c] + offset) / (WHITE * factor));
      std[c] = (float) (std[c] / (WHITE * factor));
    }
    return new PictureInput(
        resize(fields),
        mean,
        std,
        isOn(fields, "do_flip_channel_order", false) ? Colours.BGR : Colours.RGB,
        Layout.NCHW);
  }

  private static boolean isOn(CardFields fields, String key, boolean otherwise) {
    JsonNode value = fields.at(key);
    return (value.isMissingNode() || value.isNull()) ? otherwise : fields.bool(key);
  }

  private static ResizeRule resize(CardFields fields) {
    if (!isOn(fields, "do_resize", true)) {
      throw fields.wrong("do_resize", "true: Afina resizes every picture to a square");
    }
    JsonNode size = fields.at("size");
    ResizeFilter filter = filter(fields);
    if (fields.has("crop_pct") && !fields.at("crop_pct").isNull()) {
      return cropped(fields, side(fields, size.isInt() ? "size" : "size.shortest_edge"), filter);
    }
    if (size.isInt() ? isByShorterSide(fields) : size.has("shortest_edge")) {
      int shorter = side(fields, size.isInt() ? "size" : "size.shortest_edge");
      return rule(fields, Mode.SHORTER_SIDE, shorter, crop(fields, 0), filter);
    }
    if (size.has("longest_edge") && size.size() == 1) {
      int longer = side(fields, "size.longest_edge");
      int square = isOn(fields, "do_pad", false) ? padded(fields, longer) : crop(fields, 0);
      return rule(fields, Mode.LONGER_SIDE, longer, square, filter);
    }
    int height = side(fields, size.isInt() ? "size" : "size.height");
    int width = side(fields, size.isInt() ? "size" : "size.width");
    if (height != width) {
      throw fields.wrong("size", "as high as wide: Afina prepares squares only");
    }
    return rule(fields, Mode.SQUASH, height, crop(fields, height), filter);
  }

  private static ResizeFilter filter(CardFields fields) {
    JsonNode number = fields.at("resample");
    if (number.isMissingNode()) {
      return ResizeFilter.BILINEAR;
    }
    return ResizeFilter.ofPillow(number.asInt(-1))
        .orElseThrow(() -> fields.wrong("resample", "1 (Lanczos), 2 (bilinear) or 3 (bicubic)"));
  }

  /** ConvNeXt's way. */
  private static ResizeRule cropped(CardFields fields, int side, ResizeFilter filter) {
    int shorter = (int) (side / fields.between("crop_pct", 0.1, 1));
    return side < SQUASHED_FROM
        ? rule(fields, Mode.SHORTER_SIDE, shorter, side, filter)
        : rule(fields, Mode.SQUASH, side, side, filter);
  }

  private static boolean isByShorterSide(CardFields fields) {
    String type =
        fields.at("image_processor_type").asText() + fields.at("feature_extractor_type").asText();
    return BY_SHORTER_SIDE.stream().anyMatch(type::contains);
  }

  private static int side(CardFields fields, String key) {
    return fields.positive(key, LARGEST);
  }

  /** The side of the centre, or what it is where none is cut out; 0 if it has to be. */
  private static int crop(CardFields fields, int otherwise) {
    boolean isCropped = isOn(fields, "do_center_crop", fields.has("crop_size"));
    if (!isCropped) {
      if (otherwise == 0) {
        throw fields.wrong(
            "do_center_crop",
            "true: without it pictures are of any shape, and Afina prepares squares only");
      }
      return otherwise;
    }
    if (fields.at("crop_size").isInt()) {
      return side(fields, "crop_size");
    }
    int height = side(fields, "crop_size.height");
    if (height != side(fields, "crop_size.width")) {
      throw fields.wrong("crop_size", "as high as wide: Afina prepares squares only");
    }
    return height;
  }

  private static int padded(CardFields fields, int longer) {
    return fields.has("pad_size.height") ? side(fields, "pad_size.height") : longer;
  }

  private static ResizeRule rule(
      CardFields fields, Mode mode, int size, int crop, ResizeFilter filter) {
    if (crop > size && mode != Mode.LONGER_SIDE) {
      throw fields.wrong("crop_size", "at most size, %d".formatted(size));
    }
    return new ResizeRule(mode, size, filter, crop, 0);
  }
}
