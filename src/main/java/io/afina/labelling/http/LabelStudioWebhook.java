package io.afina.labelling.http;

import static io.javalin.http.HandlerType.POST;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.afina.event.Correction;
import io.afina.event.Withdrawal;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.CorrectionSender;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.AnnotationIndex;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.User;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes annotations from Label Studio by its webhook (labelstud.io, "Webhook event format
 * reference"): one that is made or changed is a correction, one that is deleted or cancelled
 * withdraws it. Events may come twice and late.
 */
final class LabelStudioWebhook {

  private final CorrectionSender sender;
  private final AnswerIndex answers;
  private final AnnotationIndex annotations;
  private final ImageIdLimit ids;
  private final int bodyLimit;

  LabelStudioWebhook(
      CorrectionSender sender,
      AnswerIndex answers,
      AnnotationIndex annotations,
      ImageIdLimit ids,
      int bodyLimit) {
    this.sender = sender;
    this.answers = answers;
    this.annotations = annotations;
    this.ids = ids;
    this.bodyLimit = bodyLimit;
  }

  /**
   * @param annotations the one that was made or changed, or those that were deleted
   */
  record Event(
      @Nullable String action,
      @JsonAlias("annotation") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @Nullable List<Annotation> annotations,
      @Nullable EventTask task) {}

  /**
   * @param author the number of who made it, or an object that has their {@code email}
   * @param authorName of who made it: names, email and number
   */
  record Annotation(
      long id,
      @JsonProperty("was_cancelled") boolean cancelled,
      @JsonProperty("completed_by") @Nullable JsonNode author,
      @JsonProperty("created_username") @Nullable String authorName,
      @JsonProperty("updated_at") @Nullable Instant updated,
      @Nullable List<LabelStudioApi.Result> result) {}

  record EventTask(@Nullable EventData data) {}

  record EventData(@Nullable @JsonProperty("afina_id") String id) {}

  /** What came of an event; nothing where it changes nothing. */
  record WebhookResponse(@Nullable String image, @Nullable String label) {}

  List<Route> routes() {
    return List.of(new Route(POST, "/api/label-studio/webhook", UserRole.LABELLER, this::take));
  }

  /** Takes an event; one at a time, for what is decided of one the next must know. */
  synchronized void take(Context ctx) {
    User user = AccessFilter.user(ctx);
    if (!user.isProgram()) {
      throw Problem.of(
          403, "needs-token", "a webhook needs a bearer token: afina label --add-token NAME");
    }
    Event event = Requests.json(ctx, bodyLimit, Event.class);
    List<Annotation> all =
        Objects.requireNonNullElse(event.annotations(), List.<Annotation>of()).stream()
            .filter(Objects::nonNull)
            .toList();
    WebhookResponse done =
        switch (Objects.requireNonNullElse(event.action(), "")) {
          case "ANNOTATION_CREATED" -> label(user, all, event.task(), true);
          case "ANNOTATION_UPDATED" -> label(user, all, event.task(), false);
          case "ANNOTATIONS_DELETED" ->
              all.stream()
                  .map(
                      each ->
                          withdraw(new AnnotationIndex.Key(user.name(), each.id()), each.updated()))
                  .reduce(null, (one, other) -> other == null ? one : other);
          default -> null;
        };
    if (done == null) {
      ctx.status(202);
    }
    Requests.answer(ctx, done == null ? new WebhookResponse(null, null) : done);
  }

  private @Nullable WebhookResponse label(
      User user, List<Annotation> all, @Nullable EventTask task, boolean created) {
    if (all.isEmpty()) {
      return null;
    }
    Annotation annotation = all.get(0);
    AnnotationIndex.Key key = new AnnotationIndex.Key(user.name(), annotation.id());
    AnnotationIndex.State known = annotations.find(key).orElse(null);
    if (known != null && known.isNewerThan(annotation.updated(), created)) {
      return null;
    }
    if (annotation.cancelled()) {
      return withdraw(key, annotation.updated());
    }
    String image = image(task);
    String label = ItemsApi.label(choice(annotation));
    Instant updated = annotation.updated();
    Correction correction =
        new Correction(
            label,
            author(annotation).orElse(user.name()),
            Instant.now(),
            key.note(updated),
            answers.reason(image).orElse(null));
    sender.send(image, correction);
    annotations.put(key, new AnnotationIndex.State(image, updated, correction, false));
    return new WebhookResponse(image, label);
  }

  /** Withdraws what an annotation said, unless its author has said something else since. */
  private @Nullable WebhookResponse withdraw(AnnotationIndex.Key key, @Nullable Instant updated) {
    AnnotationIndex.State known = annotations.find(key).orElse(null);
    if (known == null || known.correction() == null) {
      return null;
    }
    Instant last = updated == null ? known.updated() : updated;
    boolean says = isSaid(known, known.correction());
    if (says) {
      String author = known.correction().labeller();
      sender.send(known.image(), new Withdrawal(author, Instant.now(), key.note(last)));
    }
    annotations.put(key, new AnnotationIndex.State(known.image(), last, null, true));
    return says ? new WebhookResponse(known.image(), null) : null;
  }

  private boolean isSaid(AnnotationIndex.State known, Correction correction) {
    return !known.arrived()
        || answers
            .answers(known.image())
            .flatMap(all -> all.of(correction.labeller()))
            .filter(answer -> answer.label().equals(correction.label()))
            .isPresent();
  }

  private String image(@Nullable EventTask task) {
    String id =
        Optional.ofNullable(task)
            .map(EventTask::data)
            .map(EventData::id)
            .filter(text -> !text.isBlank())
            .orElseThrow(
                () ->
                    Problem.of(
                        422, "no-image", "task.data.afina_id must be the image id of the task"));
    return ImagesApi.id(ids, id);
  }

  /** The email of who made the annotation, or their name; empty where it names nobody. */
  private static Optional<String> author(Annotation annotation) {
    JsonNode author = annotation.author();
    if (author != null && author.path("email").isTextual()) {
      return Optional.of(author.path("email").asText()).filter(email -> !email.isBlank());
    }
    String names =
        Objects.requireNonNullElse(annotation.authorName(), "").replaceFirst(",\\s*\\d+\\s*$", "");
    return Arrays.stream(names.strip().split("\\s+"))
        .filter(word -> word.contains("@"))
        .reduce((first, last) -> last)
        .or(() -> Optional.of(names.strip()).filter(name -> !name.isEmpty()));
  }

  private static @Nullable String choice(Annotation annotation) {
    return Objects.requireNonNullElse(annotation.result(), List.<LabelStudioApi.Result>of())
        .stream()
        .filter(Objects::nonNull)
        .map(LabelStudioApi.Result::value)
        .filter(Objects::nonNull)
        .map(LabelStudioApi.Value::choices)
        .filter(choices -> choices != null && choices.size() == 1 && !choices.contains(null))
        .map(choices -> choices.get(0))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                    422, "no-choice", "the annotation must have a result with exactly one choice"));
  }
}
