package io.afina.labelling.feed;

import io.afina.event.DeadLetter;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What was predicted of an image last, and why something of it could not be used since; at least
 * one of both.
 */
public record GalleryImage(String image, @Nullable Seen seen, @Nullable Unusable unusable) {

  /** Java's objects without the letters that they hold. */
  private static final int BARE_BYTES = 300;

  /**
   * A prediction.
   *
   * @param label null when there was no head
   * @param confidence of the label, 0 to 1; 0 without one
   */
  public record Seen(
      Position picture, @Nullable String label, double confidence, @Nullable Long head) {}

  /**
   * A dead letter.
   *
   * @param at of the record that could not be used, milliseconds since 1970
   * @param picture where it is, if that record was an image event
   */
  public record Unusable(
      long at, @Nullable Position picture, DeadLetter.Reason reason, String error) {}

  /** A place in the order of images, the newest first. */
  public record Place(long at, String image) implements Comparable<Place> {

    /** Before the newest. */
    public static final Place FIRST = new Place(Long.MAX_VALUE, "");

    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::at).reversed().thenComparing(Place::image);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  static GalleryImage of(String image, Prediction prediction) {
    Double confidence = prediction.confidence();
    return new GalleryImage(
        image,
        new Seen(
            prediction.image(),
            prediction.label(),
            confidence == null ? 0 : confidence,
            prediction.head()),
        null);
  }

  /** Where it is, if anything tells. */
  public @Nullable Position picture() {
    return seen != null ? seen.picture() : unusable == null ? null : unusable.picture();
  }

  /** Its place: by the last event of it. */
  public Place place() {
    return new Place(Math.max(seenAt(), unusableAt()), image);
  }

  /** The newest of both; what came after a dead letter was used, and ends it. */
  GalleryImage with(GalleryImage other) {
    Seen lastSeen = other.seenAt() >= seenAt() ? other.seen : seen;
    Unusable lastUnusable = other.unusableAt() >= unusableAt() ? other.unusable : unusable;
    boolean over =
        lastUnusable != null
            && lastSeen != null
            && lastSeen.picture().timestamp() >= lastUnusable.at();
    return new GalleryImage(image, lastSeen, over ? null : lastUnusable);
  }

  /** The memory that it takes at most, about. */
  long bytes() {
    int letters = image.length();
    letters += seen == null || seen.label() == null ? 0 : seen.label().length();
    letters += unusable == null ? 0 : unusable.error().length();
    return BARE_BYTES + (long) Character.BYTES * letters;
  }

  private long seenAt() {
    return seen == null ? -1 : Math.max(0, seen.picture().timestamp());
  }

  private long unusableAt() {
    return unusable == null ? -1 : Math.max(0, unusable.at());
  }
}
