package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter;
import io.afina.event.Prediction.Position;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.GalleryImage;
import io.afina.labelling.http.GalleryFilter.Show;
import io.afina.labelling.http.GalleryFilter.Shown;
import io.afina.labelling.queue.AnswerIndex.Asked;
import io.afina.labelling.queue.Answers;
import io.afina.labelling.queue.Answers.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GalleryFilterTest {

  private static final Position PLACE = new Position(0, 1, 1);
  private static final Shown PLAIN = shown("bee", 0.6, null);
  private static final Shown RIGHT = shown("bee", 0.9, ReviewReason.AUDIT, "mia:bee");
  private static final Shown WRONG = shown("bee", 0.7, ReviewReason.UNCERTAIN, "mia:Wasp");
  private static final Shown DISPUTED = shown("ant", 0.4, null, "mia:bee", "ben:ant");
  private static final Shown UNUSABLE =
      new Shown(
          new GalleryImage(
              "u",
              null,
              new GalleryImage.Unusable(2, null, DeadLetter.Reason.EMPTY, "has no value")),
          null,
          null);
  private static final List<Shown> ALL = List.of(PLAIN, RIGHT, WRONG, DISPUTED, UNUSABLE);

  @Test
  void shouldTellKindsApart() {
    assertThat(of(Show.ALL)).isEqualTo(ALL);
    assertThat(of(Show.LABELLED)).containsExactly(RIGHT, WRONG, DISPUTED);
    assertThat(of(Show.UNLABELLED)).containsExactly(PLAIN, UNUSABLE);
    assertThat(of(Show.DISPUTED)).containsExactly(DISPUTED);
    assertThat(of(Show.CORRECTED)).containsExactly(WRONG);
    assertThat(of(Show.UNUSABLE)).containsExactly(UNUSABLE);
  }

  @Test
  void shouldFindACellOfTheConfusionMatrixInAnySpelling() {
    assertThat(wanted(new GalleryFilter(Show.ALL, "wasp", "BEE", null, null, 0, 1)))
        .containsExactly(WRONG);
  }

  @Test
  void shouldTakeTheWordOfTheLabellerWhoIsNamedAndElseTheLastOne() {
    assertThat(wanted(new GalleryFilter(Show.ALL, "bee", null, "mia", null, 0, 1)))
        .containsExactly(RIGHT, DISPUTED);
    assertThat(wanted(new GalleryFilter(Show.ALL, "bee", null, null, null, 0, 1)))
        .containsExactly(RIGHT);
    assertThat(wanted(new GalleryFilter(Show.ALL, null, null, "ben", null, 0, 1)))
        .containsExactly(DISPUTED);
  }

  @Test
  void shouldFindByConfidenceAndByTheReasonForWhichPeopleWereAsked() {
    assertThat(wanted(new GalleryFilter(Show.ALL, null, null, null, null, 0.6, 0.8)))
        .containsExactly(PLAIN, WRONG);
    assertThat(wanted(new GalleryFilter(Show.ALL, null, null, null, ReviewReason.AUDIT, 0, 1)))
        .containsExactly(RIGHT);
  }

  private static List<Shown> of(Show show) {
    return wanted(new GalleryFilter(show, null, null, null, null, 0, 1));
  }

  private static List<Shown> wanted(GalleryFilter filter) {
    return ALL.stream().filter(shown -> filter.wants(shown, LabelTable.EMPTY)).toList();
  }

  /** Answers are labeller:label, the last one last. */
  private static Shown shown(
      String predicted, double confidence, @Nullable ReviewReason reason, String... answers) {
    GalleryImage image =
        new GalleryImage("a", new GalleryImage.Seen(PLACE, predicted, confidence, 1L), null);
    List<Answer> all =
        List.of(answers).stream()
            .map(each -> each.split(":", 2))
            .map(each -> new Answer(each[1], each[0], 1))
            .toList();
    return new Shown(
        image,
        all.isEmpty() ? null : new Answers(all),
        reason == null ? null : new Asked(predicted, 1, reason, PLACE, null));
  }
}
