package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.afina.event.Prediction;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.UnusableRecordException;
import io.afina.http.Requests;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.labelling.security.UserRole;
import io.afina.picture.PictureRendering;
import io.afina.picture.PictureRendering.Shown;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives open review items to Label Studio in its JSON format (labelstud.io, "Label Studio JSON
 * format of annotated tasks").
 */
record LabelStudioApi(ReviewQueue queue, PictureSource pictures, PictureRendering rendering) {

  private static final int MOST_TASKS = 500;
  private static final long MOST_BYTES = 50_000_000;
  private static final String CHOICES = "choices";

  record Result(
      @Nullable @JsonProperty("from_name") String from,
      @Nullable @JsonProperty("to_name") String to,
      @Nullable String type,
      @Nullable Value value) {}

  record Value(@Nullable List<String> choices) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Task(TaskData data, @Nullable List<Prelabel> predictions) {}

  record TaskData(
      String image, @JsonProperty("afina_id") String id, ReviewReason reason, double uncertainty) {}

  record Prelabel(
      @JsonProperty("model_version") String version, double score, List<Result> result) {}

  List<Route> routes() {
    return List.of(new Route(GET, "/api/label-studio/tasks", UserRole.REVIEWER, this::tasks));
  }

  /** Lists open review items as tasks; with {@code pictures=inline} each holds its picture. */
  void tasks(Context ctx) {
    int count =
        (int)
            Requests.number(
                "count", Objects.requireNonNullElse(ctx.queryParam("count"), "100"), 1, MOST_TASKS);
    boolean inline = "inline".equals(ctx.queryParam("pictures"));
    List<Task> tasks = new ArrayList<>();
    long bytes = 0;
    for (QueuedItem item : queue.first(count)) {
      String image =
          inline
              ? inline(item).orElse("")
              : "%s://%s%s"
                  .formatted(
                      ctx.scheme(),
                      ctx.host(),
                      ItemsApi.pictureAt(item.review().prediction().image()));
      bytes += image.length();
      if (!image.isEmpty() && bytes < MOST_BYTES) {
        tasks.add(task(item, image));
      }
    }
    ctx.header("Content-Disposition", "attachment; filename=\"tasks.json\"");
    Requests.answer(ctx, tasks);
  }

  private Optional<String> inline(QueuedItem item) {
    Prediction.Position at = item.review().prediction().image();
    return pictures.read(new RecordId(at.partition(), at.offset())).flatMap(this::dataUri);
  }

  private Optional<String> dataUri(byte[] picture) {
    try {
      Shown shown = rendering.shown(picture);
      String base64 = Base64.getEncoder().encodeToString(shown.bytes());
      return Optional.of("data:%s;base64,%s".formatted(shown.mediaType(), base64));
    } catch (UnusableRecordException e) {
      return Optional.empty();
    }
  }

  private static Task task(QueuedItem item, String image) {
    Prediction prediction = item.review().prediction();
    List<Prelabel> prelabels =
        prediction.label() == null || prediction.confidence() == null
            ? null
            : List.of(
                new Prelabel(
                    String.valueOf(prediction.head()),
                    prediction.confidence(),
                    List.of(
                        new Result(
                            "label", "image", CHOICES, new Value(List.of(prediction.label()))))));
    return new Task(
        new TaskData(image, item.image(), item.review().reason(), item.review().uncertainty()),
        prelabels);
  }
}
