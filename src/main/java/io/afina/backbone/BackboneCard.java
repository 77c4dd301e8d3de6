package io.afina.backbone;

import io.afina.event.RecordLimits;
import io.afina.lifecycle.AfinaException;
import io.afina.picture.PictureInput;
import io.afina.picture.ResizeRule;

/**
 * The description of a backbone's file, from the JSON file beside it. Fields that are not listed
 * here are for people and ignored.
 *
 * @param name for people
 * @param engine what runs the file
 * @param licence of the weights
 * @param input what the network wants to see
 * @param embeddingSize how many numbers it gives
 * @param sha256 of the file, in lower-case hex
 */
public record BackboneCard(
    String name,
    BackboneEngine engine,
    String licence,
    PictureInput input,
    int embeddingSize,
    String sha256) {

  /**
   * Reads a card.
   *
   * @param source how messages call it: the file's path
   * @throws AfinaException when it is no JSON object, a field is missing, or a value is one that
   *     Afina cannot honour; the message names the file and the key
   */
  static BackboneCard read(String source, byte[] json) {
    CardFields card = CardFields.read(source, json);
    return new BackboneCard(
        card.text("name"),
        card.of("engine", BackboneEngine::named, "PyTorch or OnnxRuntime"),
        card.text("licence"),
        input(card),
        card.positive("embeddingSize", RecordLimits.WIDEST.dimensions()),
        card.matching("sha256", "[0-9a-f]{64}", "64 digits of lower-case hex"));
  }

  private static PictureInput input(CardFields card) {
    card.only("input.layout", "NCHW");
    card.only("input.colour", "RGB");
    card.only("input.scale", "x / 255");
    ResizeRule resize =
        card.of(
            "input.resize",
            ResizeRule::parse,
            "of the form \"shorter side to 256, bilinear with antialias, then the centre 224\"");
    card.only("input.width", Integer.toString(resize.crop()));
    card.only("input.height", Integer.toString(resize.crop()));
    return new PictureInput(
        resize,
        card.threeNumbers("input.mean", mean -> true, "3 numbers"),
        card.threeNumbers("input.std", std -> std > 0, "3 numbers above 0"));
  }
}
