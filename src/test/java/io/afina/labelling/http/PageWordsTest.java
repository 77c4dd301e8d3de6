package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Json;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.WebAssets;
import io.afina.model.Verdict.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The words of the page: all of them in both languages, also of refusals, and none that only
 * engineers know.
 */
class PageWordsTest {

  private static final List<String> LANGUAGES = List.of("en", "es");

  /** The API's terms; the table in the documentation has the words that the page uses instead. */
  private static final Pattern TERMS =
      Pattern.compile(
          "\\b(heads?|champion|challenger|alias(es)?|audit|holdout|embeddings?|backbones?|dead letters?|recall|precision|recipe|campeón|aspirante|auditoría|exhaustividad|cartas muertas|red base|receta)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PROBLEM =
      Pattern.compile("Problem\\.(?:of|later)\\(\\s*[\\w.()]+,\\s*\"([a-z-]+)\"");

  /** What only programs are told: uploads, webhooks, malformed parameters. */
  private static final Set<String> FOR_PROGRAMS =
      Set.of(
          "bad-authorization",
          "bad-item",
          "bad-note",
          "bad-page",
          "bad-parameter",
          "bad-rows",
          "bad-token",
          "busy",
          "needs-token",
          "no-choice",
          "too-large",
          "wrong-content-type");

  @Test
  void shouldHaveEveryTextInBothLanguages() {
    assertThat(words("en").keySet()).isEqualTo(words("es").keySet());
    for (String language : LANGUAGES) {
      for (ReviewReason reason : ReviewReason.values()) {
        assertThat(words(language)).containsKey("reason." + reason.text());
      }
      for (Reason reason : Reason.values()) {
        assertThat(words(language)).containsKey("unusable." + reason.text());
      }
      for (Decision decision : Decision.values()) {
        assertThat(words(language)).containsKey("verdict." + decision.text());
      }
    }
  }

  @Test
  void shouldUseNoTermOfTheApiWherePeopleRead() {
    for (String language : LANGUAGES) {
      words(language)
          .forEach(
              (key, text) ->
                  assertThat(TERMS.matcher(text).find())
                      .as(language + " " + key + ": " + text)
                      .isFalse());
    }
  }

  @Test
  void shouldSayEveryRefusalInTheLanguageOfThePage() {
    Set<String> types = new TreeSet<>();
    for (String folder : List.of("labelling", "http")) {
      sources(Path.of("src/main/java/io/afina", folder))
          .map(PROBLEM::matcher)
          .flatMap(Matcher::results)
          .forEach(found -> types.add(found.group(1)));
    }
    assertThat(types).hasSizeGreaterThan(30).contains("taken", "out-of-touch");
    types.removeAll(FOR_PROGRAMS);
    assertThat(words("es").keySet())
        .containsAll(types.stream().map("problem."::concat).toList())
        .contains("problem.unreachable");
  }

  private static Map<String, String> words(String language) {
    JsonNode tree =
        Json.read(WebAssets.bytes(LabelServer.class, "page/" + language + ".json"), JsonNode.class);
    Map<String, String> words = new TreeMap<>();
    tree.properties().forEach(entry -> words.put(entry.getKey(), entry.getValue().asText()));
    return words;
  }

  private static Stream<String> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(PageWordsTest::text)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
