package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.Gallery;
import io.afina.labelling.feed.GalleryImage;
import io.afina.labelling.feed.GalleryImage.Place;
import io.afina.labelling.feed.GalleryImage.Seen;
import io.afina.labelling.http.AnswersApi.Said;
import io.afina.labelling.http.GalleryFilter.Shown;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Answers;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.User;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lists the newest images with what was predicted and what people say, the newest first.
 *
 * @param reading whether the gallery does not yet know all that it will
 */
record GalleryApi(
    Gallery gallery, AnswerIndex answers, Supplier<LabelTable> table, BooleanSupplier reading) {

  private static final int MOST_OF_A_PAGE = 100;
  private static final Pattern PLACE = Pattern.compile("(\\d{1,18})-(.+)", Pattern.DOTALL);

  /**
   * A page of images.
   *
   * @param next the {@code before} of the next page, or null when this is the last
   * @param reading whether more will be known in a moment
   * @param reasons for which people may be asked
   */
  record GalleryPage(
      List<GalleryView> images, @Nullable String next, boolean reading, List<String> reasons) {}

  /**
   * An image.
   *
   * @param picture where it is, if anything tells
   * @param predicted the label, if there was a head
   * @param said what people say, the last one last
   * @param reason why people were asked, if they were
   * @param disputed whether labellers disagree
   */
  record GalleryView(
      String image,
      Instant at,
      @Nullable String picture,
      @Nullable String predicted,
      @Nullable Double confidence,
      @Nullable Long head,
      List<Said> said,
      @Nullable ReviewReason reason,
      boolean disputed,
      @Nullable UnusableView unusable) {}

  record UnusableView(String reason, String error) {}

  List<Route> routes() {
    return List.of(new Route(GET, "/api/gallery", UserRole.LABELLER, this::list));
  }

  void list(Context ctx) {
    User user = AccessFilter.user(ctx);
    GalleryFilter filter = GalleryFilter.of(ctx);
    boolean names = user.role().includes(UserRole.REVIEWER);
    if (!names && filter.labeller() != null && !filter.labeller().equals(user.name())) {
      throw Problem.of(403, "wrong-role", "only reviewers see what others said");
    }
    String text = Objects.requireNonNullElse(ctx.queryParam("count"), "48");
    int count = (int) Requests.number("count", text, 1, MOST_OF_A_PAGE);
    LabelTable now = table.get();
    List<Shown> found = new ArrayList<>();
    for (GalleryImage image : gallery.after(place(ctx.queryParam("before")))) {
      Shown shown = shown(image);
      if (filter.wants(shown, now) && found.size() <= count) {
        found.add(shown);
      }
    }
    List<Shown> page = found.subList(0, Math.min(count, found.size()));
    Requests.answer(
        ctx,
        new GalleryPage(
            page.stream().map(shown -> view(shown, now, names, user.name())).toList(),
            found.size() > count ? text(page.get(count - 1).image().place()) : null,
            reading.getAsBoolean(),
            Arrays.stream(ReviewReason.values()).map(ReviewReason::text).toList()));
  }

  private Shown shown(GalleryImage image) {
    return new Shown(
        image,
        answers.answers(image.image()).orElse(null),
        answers.lastAsked(image.image()).orElse(null));
  }

  private static GalleryView view(Shown shown, LabelTable table, boolean names, String user) {
    GalleryImage image = shown.image();
    Seen seen = image.seen();
    String label = seen == null ? null : seen.label();
    Answers answers = shown.answers();
    return new GalleryView(
        image.image(),
        Instant.ofEpochMilli(image.place().at()),
        image.picture() == null ? null : ItemsApi.pictureAt(image.picture()),
        label == null ? null : table.name(label),
        seen == null || label == null ? null : seen.confidence(),
        seen == null ? null : seen.head(),
        answers == null
            ? List.of()
            : answers.all().stream()
                .map(each -> AnswersApi.said(each, names || user.equals(each.labeller())))
                .toList(),
        shown.asked() == null ? null : shown.asked().reason(),
        answers != null && answers.isDisputed(table),
        image.unusable() == null
            ? null
            : new UnusableView(image.unusable().reason().text(), image.unusable().error()));
  }

  private static String text(Place place) {
    return place.at() + "-" + place.image();
  }

  private static Place place(@Nullable String text) {
    if (text == null) {
      return Place.FIRST;
    }
    Matcher parts = PLACE.matcher(text);
    if (!parts.matches()) {
      throw Problem.of(400, "bad-parameter", "before must be the next of a page");
    }
    return new Place(Long.parseLong(parts.group(1)), parts.group(2));
  }
}
