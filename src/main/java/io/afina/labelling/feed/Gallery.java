package io.afina.labelling.feed;

import io.afina.event.DeadLetter;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.ReviewItem;
import io.afina.labelling.feed.GalleryImage.Place;
import io.afina.labelling.feed.GalleryImage.Unusable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the newest images, and the newest that people were asked about, which would else be
 * forgotten with the stream that passes: so many of each, and no more than 1,024 bytes for each on
 * average. Safe for any thread.
 */
public final class Gallery {

  private static final long AVERAGE_BYTES = 1024;

  private final Shelf asked;
  private final Shelf others;
  private long changes;

  /**
   * @param images of each kind, at most
   */
  public Gallery(int images) {
    asked = new Shelf(images);
    others = new Shelf(images);
  }

  /** A prediction. */
  public synchronized void predicted(String image, Prediction prediction) {
    put(GalleryImage.of(image, prediction), false);
  }

  /** A review item, whoever is asked. */
  public synchronized void asked(String image, ReviewItem item) {
    put(GalleryImage.of(image, item.prediction()), true);
  }

  /**
   * A dead letter.
   *
   * @param picture where it is, if an image event could not be used
   */
  public synchronized void unusable(String image, DeadLetter why, @Nullable Position picture) {
    Unusable unusable = new Unusable(why.timestamp(), picture, why.reason(), why.error());
    put(new GalleryImage(image, null, unusable), false);
  }

  /** The images after a place, the newest first. */
  public synchronized List<GalleryImage> after(Place place) {
    List<GalleryImage> all = new ArrayList<>(asked.after(place));
    all.addAll(others.after(place));
    all.sort(Comparator.comparing(GalleryImage::place));
    return all;
  }

  /** How often anything came. */
  public synchronized long changes() {
    return changes;
  }

  private void put(GalleryImage fresh, boolean isAsked) {
    GalleryImage askedBefore = asked.remove(fresh.image());
    GalleryImage otherBefore = others.remove(fresh.image());
    GalleryImage before = askedBefore == null ? otherBefore : askedBefore;
    Shelf shelf = isAsked || askedBefore != null ? asked : others;
    shelf.add(before == null ? fresh : before.with(fresh));
    changes++;
  }

  /** Images by id and by time; forgets the oldest. */
  private static final class Shelf {

    private final int most;
    private final Map<String, Place> places = new HashMap<>();
    private final TreeMap<Place, GalleryImage> images = new TreeMap<>();
    private long bytes;

    Shelf(int most) {
      this.most = most;
    }

    List<GalleryImage> after(Place place) {
      return List.copyOf(images.tailMap(place, false).values());
    }

    void add(GalleryImage image) {
      places.put(image.image(), image.place());
      images.put(image.place(), image);
      bytes += image.bytes();
      while (images.size() > most || bytes > most * AVERAGE_BYTES) {
        remove(images.lastKey().image());
      }
    }

    @Nullable GalleryImage remove(String id) {
      Place place = places.remove(id);
      GalleryImage image = place == null ? null : images.remove(place);
      if (image != null) {
        bytes -= image.bytes();
      }
      return image;
    }
  }
}
