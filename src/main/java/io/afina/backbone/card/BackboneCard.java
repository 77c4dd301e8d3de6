package io.afina.backbone.card;

import io.afina.event.RecordLimits;
import io.afina.lifecycle.AfinaException;
import io.afina.picture.tensor.PictureInput;

/**
 * The description of a backbone's file, from the JSON file beside it. Fields that are not listed
 * here are for people and ignored.
 *
 * @param name for people
 * @param engine what runs the file
 * @param licence of the weights
 * @param input what the network wants to see
 * @param output which output is the embedding, and what is made of it
 * @param embeddingSize how many numbers it gives
 * @param sha256 of the file, in lower-case hex
 */
public record BackboneCard(
    String name,
    BackboneEngine engine,
    String licence,
    PictureInput input,
    EmbeddingOutput output,
    int embeddingSize,
    String sha256) {

  /**
   * Reads a card.
   *
   * @param source how messages call it: the file's path
   * @throws AfinaException when it is no JSON object, a field is missing, or a value is one that
   *     Afina cannot honour; the message names the file and the key
   */
  public static BackboneCard read(String source, byte[] json) {
    CardFields card = CardFields.read(source, json);
    return new BackboneCard(
        card.text("name"),
        card.of("engine", BackboneEngine::named, "PyTorch or OnnxRuntime"),
        card.text("licence"),
        InputFields.read(card),
        output(card),
        card.positive("embeddingSize", RecordLimits.WIDEST.dimensions()),
        card.matching("sha256", "[0-9a-f]{64}", "64 digits of lower-case hex"));
  }

  private static EmbeddingOutput output(CardFields card) {
    return new EmbeddingOutput(
        card.has("output.name") ? card.text("output.name") : null,
        card.has("output.pooling")
            ? card.of("output.pooling", Pooling::named, "cls, mean, gem or none")
            : Pooling.VECTOR,
        card.has("output.prefixTokens")
            ? card.whole("output.prefixTokens", 0, RecordLimits.WIDEST.dimensions())
            : 0,
        card.has("output.unitLength") && card.bool("output.unitLength"));
  }
}
