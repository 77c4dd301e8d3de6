package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.label.name.LabelName;
import io.afina.labelling.LabellingService;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.AnswerIndex.Answered;
import io.afina.labelling.queue.Answers.Answer;
import io.afina.labelling.queue.LabellerCount;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.User;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists what labellers said, and where they disagree, and lets them change what they said
 * themselves. All as far back as {@code labelling.history} goes.
 */
record AnswersApi(
    LabellingService labelling, AnswerIndex answers, ImageIdLimit ids, int bodyLimit) {

  private static final int MOST_OF_A_PAGE = 200;
  private static final int MOST = 20_000;

  /**
   * @param label null takes back what was said
   */
  record ChangeRequest(@Nullable String image, @Nullable String label) {}

  /** What somebody said; without a labeller where who asks may not know. */
  record Said(String label, @Nullable String labeller, Instant at) {}

  /**
   * @param picture where it is, if somebody was asked about it
   * @param said what the labeller whose answers these are said last; null in a disagreement
   * @param others what others said, the last one last
   */
  record AnsweredView(
      String image,
      @Nullable String picture,
      @Nullable ReviewReason reason,
      @Nullable String predicted,
      @Nullable Said said,
      List<Said> others) {}

  /**
   * A page of answers.
   *
   * @param answers the last first
   * @param next the {@code from} of the next page, or null when this is the last
   */
  record AnswersPage(List<AnsweredView> answers, @Nullable Integer next) {}

  record LabellerCounts(List<LabellerCount> labellers) {}

  List<Route> routes() {
    return List.of(
        new Route(GET, "/api/answers", UserRole.LABELLER, this::list),
        new Route(POST, "/api/answers/change", UserRole.LABELLER, this::change),
        new Route(GET, "/api/disagreements", UserRole.REVIEWER, this::disagreements),
        new Route(GET, "/api/labellers", UserRole.REVIEWER, this::labellers));
  }

  /** Lists what a labeller said; a reviewer may name another. */
  void list(Context ctx) {
    User user = AccessFilter.user(ctx);
    String labeller = Objects.requireNonNullElse(ctx.queryParam("labeller"), user.name());
    boolean reviewer = user.role().includes(UserRole.REVIEWER);
    if (!labeller.equals(user.name()) && !reviewer) {
      throw Problem.of(403, "wrong-role", "only reviewers see what others said");
    }
    Predicate<Answered> wanted = wanted(ctx, labeller);
    page(ctx, answers.by(labeller, wanted), labeller, reviewer);
  }

  /** Lists the images on which labellers disagree, and the reviewer has said nothing. */
  void disagreements(Context ctx) {
    page(ctx, answers.disputed(AccessFilter.user(ctx).name()), null, true);
  }

  /** Counts what each labeller did, by name. */
  void labellers(Context ctx) {
    Requests.answer(ctx, new LabellerCounts(answers.labellers()));
  }

  /** Changes what the labeller said of an image; a reviewer may speak of any. */
  void change(Context ctx) {
    ChangeRequest request = Requests.json(ctx, bodyLimit, ChangeRequest.class);
    User user = AccessFilter.user(ctx);
    String label = request.label() == null ? null : ItemsApi.label(request.label());
    labelling.change(
        user.name(),
        ImagesApi.id(ids, request.image()),
        label,
        user.role().includes(UserRole.REVIEWER));
    ctx.status(204);
  }

  private static Predicate<Answered> wanted(Context ctx, String labeller) {
    String label = ctx.queryParam("label");
    Predicate<Answered> labelled =
        image -> label == null || LabelName.same(own(image, labeller).label(), label);
    return labelled.and(
        switch (Objects.requireNonNullElse(ctx.queryParam("show"), "all")) {
          case "all" -> image -> true;
          case "disputed" -> image -> hasOther(image, labeller);
          case "corrected" -> image -> isCorrected(image, labeller);
          default ->
              throw Problem.of(400, "bad-parameter", "show must be all, disputed or corrected");
        });
  }

  /** Whether somebody else says something else. */
  private static boolean hasOther(Answered image, String labeller) {
    String label = own(image, labeller).label();
    return image.answers().all().stream().anyMatch(a -> !LabelName.same(a.label(), label));
  }

  /** Whether the head said something else. */
  private static boolean isCorrected(Answered image, String labeller) {
    return image.asked() != null
        && image.asked().predicted() != null
        && !LabelName.same(image.asked().predicted(), own(image, labeller).label());
  }

  private static Answer own(Answered image, String labeller) {
    return image.answers().all().stream()
        .filter(answer -> answer.who().equals(labeller))
        .findFirst()
        .orElse(image.answers().last());
  }

  private static void page(
      Context ctx, List<Answered> all, @Nullable String labeller, boolean names) {
    int from = number(ctx, "from", "0", MOST);
    int count = number(ctx, "count", "50", MOST_OF_A_PAGE);
    int begin = Math.min(from, all.size());
    int end = Math.min(all.size(), begin + count);
    Requests.answer(
        ctx,
        new AnswersPage(
            all.subList(begin, end).stream().map(image -> view(image, labeller, names)).toList(),
            end < all.size() ? end : null));
  }

  private static AnsweredView view(Answered image, @Nullable String labeller, boolean names) {
    AnswerIndex.Asked asked = image.asked();
    return new AnsweredView(
        image.image(),
        asked == null ? null : ItemsApi.pictureAt(asked.picture()),
        asked == null ? null : asked.reason(),
        asked == null ? null : asked.predicted(),
        labeller == null ? null : said(own(image, labeller), names),
        image.answers().all().stream()
            .filter(answer -> !answer.who().equals(labeller))
            .map(answer -> said(answer, names))
            .toList());
  }

  static Said said(Answer answer, boolean names) {
    return new Said(
        answer.label(), names ? answer.labeller() : null, Instant.ofEpochMilli(answer.at()));
  }

  private static int number(Context ctx, String name, String otherwise, int most) {
    return (int)
        Requests.number(name, Objects.requireNonNullElse(ctx.queryParam(name), otherwise), 0, most);
  }
}
