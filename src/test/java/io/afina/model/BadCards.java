package io.afina.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.afina.decide.Acceptance;
import io.afina.decide.Acceptance.OfLabel;
import io.afina.decide.Acceptance.Point;
import io.afina.event.Json;
import io.afina.event.SafeTensors;
import io.afina.model.Disagreement.Dissent;
import io.afina.model.Measures.Bin;
import io.afina.model.Measures.Confusion;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.Measures.Mistake;
import io.afina.model.Race.Entrant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A head with a full card, and files of it in whose cards one field is missing or wrong. */
public final class BadCards {

  public static final long VERSION = 4;

  /** Fields that a head may lack: there is none, or it is older than they are. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "acceptance",
          "acceptance.threshold",
          "acceptance.labels.0.threshold",
          "parent",
          "measures",
          "training.disagreement",
          "training.leftOut",
          "training.recipe",
          "training.race",
          "training.young",
          "measures.reliability",
          "measures.mistakes");

  private static final HeadRecipe DENSE = new HeadRecipe(HeadRecipe.Form.DENSE, 0.1, 0);

  private static final String OFFSET = "training.offsets.";
  private static final String YOUNG = "training.young.";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private BadCards() {}

  /** Head files that must be refused; the key is the path of the field and what is wrong. */
  public static Map<String, byte[]> bad() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    paths()
        .forEach(
            (path, value) -> {
              if (!OPTIONAL.contains(path)) {
                if (!path.startsWith(OFFSET) && !path.startsWith(YOUNG)) {
                  files.put(path + " missing", file(path, null));
                }
                files.put(path + " null", file(path, JSON.nullNode()));
              }
              wrong(path, value)
                  .forEach((what, found) -> files.put(path + what, file(path, found)));
            });
    return files;
  }

  /** Head files that must be taken, each without a field that a head may lack. */
  public static Map<String, byte[]> lackingWhatMayLack() {
    Map<String, byte[]> files = new TreeMap<>();
    OPTIONAL.forEach(path -> files.put(path, file(path, null)));
    return files;
  }

  /** The head itself. */
  public static Head good() {
    Head plain = Heads.identity(VERSION, "ant", "bee");
    HeadCard card =
        new HeadCard(
            VERSION,
            3L,
            Heads.BACKBONE,
            2,
            List.of("ant", "bee"),
            1.5,
            new HeadCard.Training(
                40,
                Map.of(0, 30L, 1, 20L),
                0.9,
                0.2,
                17,
                "cpu",
                0.5,
                new Disagreement(
                    3, 2, 1, List.of(new Dissent("mia", 3, 1)), List.of(new Dissent("ant", 3, 1))),
                new LeftOut(2, 9, List.of("cat", "dog")),
                DENSE,
                new Race(30, List.of(new Entrant(DENSE, 0.4, 0.8, 0.1)), DENSE),
                Map.of("ant", 1)),
            measures(),
            new Verdict(Verdict.Decision.PROMOTED, "for a test"),
            Instant.parse("2026-01-01T00:00:00Z"));
    return new Head(card.with(acceptance()), plain.layers());
  }

  private static Acceptance acceptance() {
    return new Acceptance(
        0.95,
        0.8,
        List.of(new OfLabel("ant", 0.99, 0.9)),
        0.7,
        200,
        "for a test",
        List.of(new Point(0.8, 150, 148)));
  }

  private static Measures measures() {
    return new Measures(
        Method.HOLDOUT,
        10,
        0.9,
        0.9,
        0.5,
        0.3,
        0.02,
        0.1,
        List.of(new LabelMeasures("ant", 5, 0.8, 1)),
        List.of(new Confusion("ant", "bee", 1)),
        List.of(new Bin(10, 0.8, 0.9)),
        List.of(new Mistake("image-7", "ant", "bee", 0.9)));
  }

  /** What is none of its form. */
  private static Map<String, JsonNode> wrong(String path, JsonNode value) {
    Map<String, JsonNode> wrong = new LinkedHashMap<>();
    wrong.put(" true", JSON.booleanNode(true));
    wrong.put(" a list of a list", JSON.arrayNode().add(JSON.arrayNode()));
    if (!value.isTextual() || isParsed(path)) {
      wrong.put(" NaN", JSON.textNode("NaN"));
    }
    if (!value.isNumber()) {
      wrong.put(" a number", JSON.numberNode(7));
    } else {
      if (!path.equals("training.seed")) {
        wrong.put(" negative", JSON.numberNode(-1));
      }
      if (!isEndless(path)) {
        wrong.put(" too large", JSON.numberNode(Double.MAX_VALUE));
      }
    }
    return wrong;
  }

  private static boolean isParsed(String path) {
    return path.endsWith("recipe.form")
        || Set.of("created", "verdict.decision", "measures.method", "training.race.winner.form")
            .contains(path);
  }

  /** Fractions without an upper end. */
  private static boolean isEndless(String path) {
    return path.matches(".*\\.(seconds|logLoss|loss|strength)");
  }

  /** Every field of the card by its path, those in lists and maps too. */
  static Map<String, JsonNode> paths() {
    Map<String, JsonNode> paths = new LinkedHashMap<>();
    collect("", card(), paths);
    return paths;
  }

  private static void collect(String path, JsonNode node, Map<String, JsonNode> paths) {
    if ((!path.isEmpty() && !path.matches(".*\\.[0-9]+")) || path.startsWith(OFFSET)) {
      paths.put(path, node);
    }
    String start = path.isEmpty() ? "" : path + ".";
    node.properties().forEach(field -> collect(start + field.getKey(), field.getValue(), paths));
    for (int n = 0; node.isArray() && n < node.size(); n++) {
      collect(start + n, node.get(n), paths);
    }
  }

  private static ObjectNode card() {
    try {
      return (ObjectNode) JsonMapper.builder().build().readTree(Json.write(good().card()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The head's file with another value at a path of its card, or with none; the hash is right. */
  static byte[] file(String path, @Nullable JsonNode value) {
    ObjectNode card = card();
    int dot = path.lastIndexOf('.');
    JsonNode parent = dot < 0 ? card : card.at("/" + path.substring(0, dot).replace('.', '/'));
    String name = path.substring(dot + 1);
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(name), value);
    } else if (value == null) {
      ((ObjectNode) parent).remove(name);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
    SafeTensors file = SafeTensors.parse(Heads.file(good()));
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put("card", card.toString());
    metadata.put("sha256", HeadFile.sha256(card.toString(), file.tensors()));
    return new SafeTensors(metadata, file.tensors()).toBytes();
  }
}
