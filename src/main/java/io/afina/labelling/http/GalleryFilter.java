package io.afina.labelling.http;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.Problem;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.GalleryImage;
import io.afina.labelling.feed.GalleryImage.Seen;
import io.afina.labelling.queue.AnswerIndex.Asked;
import io.afina.labelling.queue.Answers;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells which images of the gallery are wanted: those that fulfil all of it.
 *
 * @param label what people say it is
 * @param said what was predicted
 * @param labeller who has said something
 * @param reason why people were asked
 * @param least the lowest confidence, 0 to 1
 * @param most the highest confidence, 0 to 1
 */
record GalleryFilter(
    Show show,
    @Nullable String label,
    @Nullable String said,
    @Nullable String labeller,
    @Nullable ReviewReason reason,
    double least,
    double most) {

  /** Kinds of images. */
  enum Show {
    ALL,
    LABELLED,
    UNLABELLED,
    /** Labellers disagree. */
    DISPUTED,
    /** People say something else than the head. */
    CORRECTED,
    /** Something of it became a dead letter. */
    UNUSABLE
  }

  /**
   * An image with what people say of it and why they were asked, if they do and were.
   *
   * @param answers null when nobody says anything
   */
  record Shown(GalleryImage image, @Nullable Answers answers, @Nullable Asked asked) {}

  /**
   * Reads a filter from a request.
   *
   * @throws Problem 400 when a parameter is none of what it may be
   */
  static GalleryFilter of(Context ctx) {
    return new GalleryFilter(
        show(Objects.requireNonNullElse(ctx.queryParam("show"), "all")),
        label(ctx.queryParam("label")),
        label(ctx.queryParam("said")),
        ctx.queryParam("labeller"),
        reason(ctx.queryParam("reason")),
        share("least", Objects.requireNonNullElse(ctx.queryParam("least"), "0")),
        share("most", Objects.requireNonNullElse(ctx.queryParam("most"), "1")));
  }

  boolean wants(Shown shown, LabelTable table) {
    return isOfKind(shown, table)
        && (label == null || isLabelled(shown, label, table))
        && (said == null || isPredicted(shown, said, table))
        && (labeller == null || isAnsweredBy(shown.answers(), labeller))
        && (reason == null || isAskedFor(shown.asked(), reason))
        && isAsSure(shown.image().seen());
  }

  private boolean isOfKind(Shown shown, LabelTable table) {
    Answers answers = shown.answers();
    return switch (show) {
      case ALL -> true;
      case LABELLED -> answers != null;
      case UNLABELLED -> answers == null;
      case DISPUTED -> answers != null && answers.isDisputed(table);
      case CORRECTED -> answers != null && !isPredicted(shown, answers.last().label(), table);
      case UNUSABLE -> shown.image().unusable() != null;
    };
  }

  /** The last word counts, or the labeller's where it is one labeller's that are wanted. */
  private boolean isLabelled(Shown shown, String wanted, LabelTable table) {
    Answers answers = shown.answers();
    return answers != null
        && table.same(answers.of(labeller).orElseGet(answers::last).label(), wanted);
  }

  private static boolean isPredicted(Shown shown, String wanted, LabelTable table) {
    Seen seen = shown.image().seen();
    return seen != null && seen.label() != null && table.same(seen.label(), wanted);
  }

  /** Whether the confidence is wanted; where any is, an image without one is. */
  private boolean isAsSure(@Nullable Seen seen) {
    if (least == 0 && most == 1) {
      return true;
    }
    return seen != null
        && seen.label() != null
        && seen.confidence() >= least
        && seen.confidence() <= most;
  }

  private static boolean isAnsweredBy(@Nullable Answers answers, String labeller) {
    return answers != null && answers.of(labeller).isPresent();
  }

  private static boolean isAskedFor(@Nullable Asked asked, ReviewReason reason) {
    return asked != null && asked.reason() == reason;
  }

  private static @Nullable String label(@Nullable String text) {
    return text == null ? null : ItemsApi.label(text);
  }

  private static Show show(String text) {
    return List.of(Show.values()).stream()
        .filter(show -> show.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> bad("show", List.of(Show.values()).toString()));
  }

  private static @Nullable ReviewReason reason(@Nullable String text) {
    return text == null
        ? null
        : ReviewReason.parse(text)
            .orElseThrow(() -> bad("reason", List.of(ReviewReason.values()).toString()));
  }

  private static double share(String name, String text) {
    try {
      double share = Double.parseDouble(text);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // Falls through to the problem.
    }
    throw bad(name, "a number from 0 to 1");
  }

  private static Problem bad(String name, String right) {
    return Problem.of(400, "bad-parameter", "%s must be one of: %s".formatted(name, right));
  }
}
