package io.afina.labelling.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.feed.GalleryImage.Place;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GalleryTest {

  private final Gallery gallery = new Gallery(3);

  @Test
  void shouldShowTheNewestFirstWhateverOrderTheyComeIn() {
    gallery.predicted("b", prediction(2, "bee"));
    gallery.predicted("c", prediction(3, "ant"));
    gallery.predicted("a", prediction(1, "bee"));

    assertThat(ids()).containsExactly("c", "b", "a");
    assertThat(gallery.after(new Place(3, "c")))
        .extracting(GalleryImage::image)
        .containsExactly("b", "a");
  }

  @Test
  void shouldForgetTheOldestAndRememberWhatPeopleWereAskedAboutForLonger() {
    gallery.predicted("asked", prediction(1, "bee"));
    gallery.asked("asked", new ReviewItem(prediction(1, "bee"), ReviewReason.AUDIT, 0.5, null));
    for (int i = 2; i <= 6; i++) {
      gallery.predicted("n" + i, prediction(i, "bee"));
    }

    assertThat(ids()).containsExactly("n6", "n5", "n4", "asked");
    assertThat(gallery.changes()).isEqualTo(7);
  }

  @Test
  void shouldForgetByBytesToo() {
    gallery.predicted("x".repeat(1400), prediction(1, "bee"));
    gallery.predicted("b", prediction(2, "bee"));

    assertThat(ids()).containsExactly("b");
  }

  @Test
  void shouldTakeTheLastPredictionOfAnImage() {
    gallery.predicted("a", prediction(5, "bee"));
    gallery.predicted("a", prediction(4, "ant"));

    assertThat(gallery.after(Place.FIRST))
        .singleElement()
        .satisfies(image -> assertThat(image.seen()).extracting("label").isEqualTo("bee"));
  }

  @Test
  void shouldSayWhatCouldNotBeUsedUntilALaterPredictionSaysThatItCould() {
    gallery.predicted("a", prediction(1, "bee"));
    gallery.unusable("a", deadLetter(2), null);
    gallery.unusable("b", deadLetter(3), new Position(0, 7, 3));
    gallery.predicted("b", prediction(4, "bee"));

    List<GalleryImage> images = gallery.after(Place.FIRST);
    assertThat(images).extracting(GalleryImage::image).containsExactly("b", "a");
    assertThat(images.get(0).unusable()).isNull();
    assertThat(images.get(1).unusable()).isNotNull();
    assertThat(images.get(1).picture()).isEqualTo(new Position(0, 1, 1));
  }

  private List<String> ids() {
    return gallery.after(Place.FIRST).stream().map(GalleryImage::image).toList();
  }

  private static DeadLetter deadLetter(long at) {
    return new DeadLetter(
        "corrections", 0, at, at, Stage.JOIN, Reason.NO_IMAGE, "no image came", Instant.EPOCH);
  }

  private static Prediction prediction(long at, @Nullable String label) {
    return new Prediction(
        label,
        0.7,
        List.of(new Score("bee", 0.7)),
        0.4,
        0.6,
        1L,
        "ab".repeat(32),
        new Position(0, at, at),
        new Timings(1, 1, 1),
        null,
        null);
  }
}
