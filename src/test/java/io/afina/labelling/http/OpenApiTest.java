package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem.ReviewReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds {@code openapi.json} and the records of the API together; LabelServerIT, the routes. */
class OpenApiTest {

  private static final String SCHEMAS = "/components/schemas/";
  private static final String BODY = "/requestBody/content/application~1json/schema";
  private static final String OK = "/responses/200/content/application~1json/schema";

  /** The records that are read and written, by where the document has their schemas. */
  private static final Map<String, Class<?>> RECORDS =
      Map.ofEntries(
          Map.entry(SCHEMAS + "Session", SessionApi.SessionView.class),
          Map.entry(SCHEMAS + "Item", ItemsApi.ItemView.class),
          Map.entry(SCHEMAS + "Item/properties/top/items", Prediction.Score.class),
          Map.entry(SCHEMAS + "Undone", ItemsApi.UndoResponse.class),
          Map.entry(SCHEMAS + "WebhookResponse", LabelStudioWebhook.WebhookResponse.class),
          Map.entry("/paths/~1api~1session/post" + BODY, SessionApi.LoginRequest.class),
          Map.entry("/paths/~1api~1items/post" + BODY, ItemsApi.TakeRequest.class),
          Map.entry("/paths/~1api~1items/post" + OK, ItemsApi.ItemViews.class),
          Map.entry("/paths/~1api~1answers/post" + BODY, ItemsApi.AnswerRequest.class),
          Map.entry("/paths/~1api~1passes/post" + BODY, ItemsApi.PassRequest.class),
          Map.entry("/paths/~1api~1undo/post" + BODY, ItemsApi.UndoRequest.class),
          Map.entry("/paths/~1api~1answers~1change/post" + BODY, AnswersApi.ChangeRequest.class),
          Map.entry(SCHEMAS + "AnswersPage", AnswersApi.AnswersPage.class),
          Map.entry(SCHEMAS + "Answered", AnswersApi.AnsweredView.class),
          Map.entry(SCHEMAS + "GalleryPage", GalleryApi.GalleryPage.class),
          Map.entry(SCHEMAS + "GalleryImage", GalleryApi.GalleryView.class),
          Map.entry(SCHEMAS + "GalleryImage/properties/unusable", GalleryApi.UnusableView.class),
          Map.entry(SCHEMAS + "Said", AnswersApi.Said.class),
          Map.entry(SCHEMAS + "Tile", GridApi.Tile.class),
          Map.entry("/paths/~1api~1grids/post" + BODY, GridApi.GridRequest.class),
          Map.entry("/paths/~1api~1grids/post" + OK, GridApi.Grid.class),
          Map.entry("/paths/~1api~1grids~1answers/post" + BODY, GridApi.AnswerRequest.class),
          Map.entry("/paths/~1api~1grids~1answers/post" + OK, GridApi.Answered.class),
          Map.entry("/paths/~1api~1labellers/get" + OK, AnswersApi.LabellerCounts.class),
          Map.entry("/paths/~1api~1labels/get" + OK, ItemsApi.Labels.class),
          Map.entry(SCHEMAS + "Label", LabelViews.LabelView.class),
          Map.entry(SCHEMAS + "Label/properties/pictures/items", LabelViews.Shown.class),
          Map.entry("/paths/~1api~1labels~1all/get" + OK, LabelViews.LabelViewList.class),
          Map.entry("/paths/~1api~1labels~1rename/post" + BODY, LabelsApi.RenameRequest.class),
          Map.entry("/paths/~1api~1labels~1merge/post" + BODY, LabelsApi.MergeRequest.class),
          Map.entry("/paths/~1api~1labels~1retire/post" + BODY, LabelsApi.RetireRequest.class),
          Map.entry("/paths/~1api~1labels~1describe/post" + BODY, LabelsApi.DescribeRequest.class),
          Map.entry("/paths/~1api~1labels~1undo/post" + BODY, LabelsApi.UndoRequest.class),
          Map.entry("/paths/~1api~1models/get" + OK, ModelsApi.Models.class),
          Map.entry("/paths/~1api~1models~1promote/post" + BODY, ModelsApi.PromoteRequest.class),
          Map.entry("/paths/~1api~1models~1rollback/post" + BODY, ModelsApi.WhyRequest.class),
          Map.entry("/paths/~1api~1corrections/post" + OK, BulkApi.Sent.class));

  private final JsonNode document = document();

  @Test
  void shouldDescribeTheFieldsOfEveryRecord() {
    RECORDS.forEach(
        (schema, type) ->
            assertThat(names(document.at(schema).get("properties")))
                .as(schema)
                .containsExactlyInAnyOrderElementsOf(
                    Arrays.stream(type.getRecordComponents()).map(c -> c.getName()).toList()));
  }

  @Test
  void shouldListEveryReason() {
    List<String> reasons = new ArrayList<>();
    document.at(SCHEMAS + "Item/properties/reason/enum").forEach(r -> reasons.add(r.asText()));
    assertThat(reasons)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ReviewReason.values()).map(ReviewReason::text).toList());
  }

  @Test
  void shouldReferToNothingThatIsMissing() {
    List<String> references = document.findValuesAsText("$ref");
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            to -> assertThat(document.at(to.substring(1)).isMissingNode()).as(to).isFalse());
  }

  @Test
  void shouldAskForALoginWhereTheRoleDoes() {
    assertThat(document.get("security")).isNotEmpty();
    for (JsonNode path : document.get("paths")) {
      for (JsonNode operation : path) {
        assertThat(operation.has("security"))
            .as(operation.get("summary").asText())
            .isEqualTo(operation.get("x-role").asText().equals("anyone"));
      }
    }
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static JsonNode document() {
    try (InputStream in =
        Objects.requireNonNull(LabelServer.class.getResourceAsStream("openapi.json"))) {
      return new JsonMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
