package io.afina.dataset;

import io.afina.event.Correction;
import io.afina.event.MalformedRecordException;
import io.afina.labelling.feed.ImageIdLimit;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the indexes of a dataset say, each image once, and what is wrong with them. For one
 * thread.
 */
final class Contents {

  private static final int SHOWN_ERRORS = 20;

  private final DatasetFolder folder;
  private final ImageIdLimit ids;
  private final Instant now = Instant.now();
  private final Map<String, LabelledImage> images = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();

  Contents(DatasetFolder folder, ImageIdLimit ids) {
    this.folder = folder;
    this.ids = ids;
  }

  DatasetFolder folder() {
    return folder;
  }

  List<LabelledImage> images() {
    return List.copyOf(images.values());
  }

  /** The first of what is wrong, each with its place. */
  List<String> errors() {
    List<String> shown = new ArrayList<>(errors.subList(0, Math.min(SHOWN_ERRORS, errors.size())));
    if (errors.size() > SHOWN_ERRORS) {
      shown.add("and %d more".formatted(errors.size() - SHOWN_ERRORS));
    }
    return shown;
  }

  void wrong(String where, String what) {
    errors.add(where + ": " + what);
  }

  /**
   * Adds an image whose picture is a file of the dataset.
   *
   * @param where in the dataset this is said, for people
   * @param row without an id the path of the file is the image id
   * @param bases the folders that the file's name may be relative to
   */
  void add(String where, IndexRow row, List<Path> bases) {
    String name = row.file();
    Optional<Path> file = name == null ? Optional.empty() : folder.file(name, bases);
    if (file.isEmpty()) {
      wrong(where, "there is no file '%s' in the dataset".formatted(name));
      return;
    }
    String id = row.id() == null || row.id().isBlank() ? folder.name(file.get()) : row.id();
    put(where, id, row, file.get(), null);
  }

  /**
   * Adds an image by its id.
   *
   * @param uri where the picture is; null where Afina has it
   */
  void add(String where, IndexRow row, @Nullable URI uri) {
    put(where, row.id(), row, null, uri);
  }

  private void put(
      String where, @Nullable String id, IndexRow row, @Nullable Path file, @Nullable URI uri) {
    try {
      String time = blankToNull(row.at());
      Instant at = time == null ? null : Instant.parse(time);
      String labeller = blankToNull(row.labeller());
      String label = blankToNull(row.label());
      if (label != null) {
        label = new Correction(label, labeller, at, null).requireLimits(now).label();
      }
      LabelledImage image = new LabelledImage(ids.require(id), label, labeller, at, file, uri);
      LabelledImage other = images.putIfAbsent(image.id(), image);
      if (other != null && !other.equals(image)) {
        wrong(where, "image id '%s' is there twice, with another picture or label".formatted(id));
      }
    } catch (MalformedRecordException e) {
      wrong(where, String.valueOf(e.getMessage()));
    } catch (DateTimeParseException e) {
      wrong(where, "'%s' is no time such as 2026-05-04T12:00:00Z".formatted(row.at()));
    }
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
