package io.afina.backbone.card;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeRule;

/** Writes a card as {@link BackboneCard#read} reads it. */
public final class CardWriter {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CardWriter() {}

  /** The card as JSON, for a file. */
  public static String write(BackboneCard card) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", card.name()).put("engine", card.engine().djlName());
    json.put("licence", card.licence());
    input(json.putObject("input"), card.input());
    if (!card.output().equals(EmbeddingOutput.VECTOR)) {
      output(json.putObject("output"), card.output());
    }
    json.put("embeddingSize", card.embeddingSize()).put("sha256", card.sha256());
    return json.toPrettyString() + "\n";
  }

  private static void input(ObjectNode json, PictureInput input) {
    json.put("layout", input.layout().name());
    json.put("width", input.side()).put("height", input.side());
    json.put("colour", input.colours().name());
    ResizeRule rule = input.resize();
    ObjectNode resize = json.putObject("resize");
    resize.put("mode", rule.mode().word()).put("size", rule.size());
    resize.put("filter", rule.filter().word());
    if (rule.mode() == ResizeRule.Mode.LONGER_SIDE) {
      ArrayNode padding = resize.putArray("padding");
      for (int shift = 16; shift >= 0; shift -= Byte.SIZE) {
        padding.add(rule.padding() >>> shift & 0xff);
      }
    }
    json.put("scale", InputFields.SCALED);
    numbers(json.putArray("mean"), input.mean());
    numbers(json.putArray("std"), input.std());
  }

  private static void output(ObjectNode json, EmbeddingOutput output) {
    if (output.name() != null) {
      json.put("name", output.name());
    }
    if (output.pooling() != Pooling.VECTOR) {
      json.put("pooling", output.pooling().word());
    }
    if (output.prefixTokens() > 0) {
      json.put("prefixTokens", output.prefixTokens());
    }
    if (output.unitLength()) {
      json.put("unitLength", true);
    }
  }

  private static void numbers(ArrayNode json, float[] numbers) {
    for (float number : numbers) {
      json.add(number);
    }
  }
}
