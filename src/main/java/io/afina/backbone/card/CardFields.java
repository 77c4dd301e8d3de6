package io.afina.backbone.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads the fields of a card, and refuses wrong ones by file and key. */
record CardFields(String source, JsonNode json) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static CardFields read(String source, byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json.isObject()) {
        return new CardFields(source, json);
      }
    } catch (IOException e) {
      throw new AfinaException(ExitCode.BACKBONE, notJson(source), e);
    }
    throw new AfinaException(ExitCode.BACKBONE, notJson(source));
  }

  String text(String key) {
    return of(key, text -> text.isBlank() ? Optional.empty() : Optional.of(text), "a text");
  }

  String matching(String key, String regex, String wanted) {
    return of(key, text -> Optional.of(text).filter(t -> t.matches(regex)), wanted);
  }

  <T> T of(String key, Function<String, Optional<T>> parser, String wanted) {
    JsonNode value = at(key);
    return Optional.of(value)
        .filter(JsonNode::isTextual)
        .flatMap(text -> parser.apply(text.textValue()))
        .orElseThrow(() -> wrong(key, wanted));
  }

  int positive(String key, int most) {
    return whole(key, 1, most);
  }

  int whole(String key, int least, int most) {
    JsonNode value = at(key);
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw wrong(key, "a whole number from %d to %,d".formatted(least, most));
    }
    return value.intValue();
  }

  void only(String key, String known) {
    if (!at(key).asText().equals(known)) {
      throw wrong(key, known);
    }
  }

  boolean has(String key) {
    return !at(key).isMissingNode();
  }

  boolean isText(String key) {
    return at(key).isTextual();
  }

  boolean bool(String key) {
    if (!at(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return at(key).booleanValue();
  }

  double between(String key, double least, double most) {
    double value = at(key).isNumber() ? at(key).doubleValue() : Double.NaN;
    if (!(value >= least && value <= most)) {
      throw wrong(key, "a number from %s to %s".formatted(least, most));
    }
    return value;
  }

  float[] threeNumbers(String key, Predicate<Float> allowed, String wanted) {
    JsonNode array = at(key);
    float[] numbers = new float[3];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.path(i).floatValue();
      if (array.size() != 3
          || !array.path(i).isNumber()
          || !Float.isFinite(numbers[i])
          || !allowed.test(numbers[i])) {
        throw wrong(key, wanted);
      }
    }
    return numbers;
  }

  JsonNode at(String key) {
    return json.at("/" + key.replace('.', '/'));
  }

  AfinaException wrong(String key, String wanted) {
    JsonNode value = at(key);
    return new AfinaException(
        ExitCode.BACKBONE,
        "the card %s has %s as %s: it must be %s"
            .formatted(source, value.isMissingNode() ? "nothing" : value, key, wanted));
  }

  private static String notJson(String source) {
    return "the card %s is not a JSON object: write it as src/docs/backbones.md shows"
        .formatted(source);
  }
}
