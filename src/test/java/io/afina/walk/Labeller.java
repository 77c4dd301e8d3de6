package io.afina.walk;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.labelling.http.Client;
import java.util.function.UnaryOperator;

/** Answers what a labelling page asks, rightly. */
public final class Labeller {

  private final Client page;
  private final UnaryOperator<String> label;
  private int answers;

  /**
   * @param address of the page, without users
   * @param label what is on the picture of an id
   */
  public Labeller(String address, UnaryOperator<String> label) {
    page = Client.open(address);
    this.label = label;
  }

  /** Answers two questions, if there are so many. */
  public void answer() {
    JsonNode items = page.json("POST", "/api/items", "{\"page\": \"p\", \"count\": 2}");
    for (JsonNode item : items.get("items")) {
      String answer =
          "{\"page\": \"p\", \"item\": %s, \"label\": \"%s\"}"
              .formatted(item.get("item"), label.apply(item.get("image").asText()));
      if (page.send("POST", "/api/answers", answer).statusCode() == 204) {
        answers++;
      }
    }
  }

  /** How many answers were taken. */
  public int answers() {
    return answers;
  }
}
