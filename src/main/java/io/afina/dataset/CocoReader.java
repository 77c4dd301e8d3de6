package io.afina.dataset;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the categories of images in COCO's form (<a
 * href="https://cocodataset.org/#format-data">Data format</a>), as CVAT, Label Studio, Roboflow and
 * others write it too. An image with objects of several categories has no one label.
 */
final class CocoReader {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CocoReader() {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Coco(List<Image> images, List<Annotation> annotations, List<Category> categories) {
    Coco {
      images = known(images);
      annotations = known(annotations);
      categories = known(categories);
    }

    private static <T> List<T> known(@Nullable List<T> all) {
      return all == null ? List.of() : all.stream().filter(Objects::nonNull).toList();
    }
  }

  /** Those of Afina have an id of Afina, a labeller and a time. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Image(
      long id,
      @Nullable @JsonProperty("file_name") String file,
      @Nullable @JsonProperty("afina_id") String afinaId,
      @Nullable String labeller,
      @Nullable String at) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Annotation(
      @JsonProperty("image_id") long image, @JsonProperty("category_id") long category) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Category(long id, @Nullable String name) {}

  static void read(Path file, JsonNode json, Contents contents) throws IOException {
    Coco coco = JSON.treeToValue(json, Coco.class);
    Map<Long, String> names = new HashMap<>();
    for (Category category : coco.categories()) {
      String name = category.name();
      names.put(category.id(), name == null ? "category " + category.id() : name);
    }
    Map<Long, Set<String>> labels = new HashMap<>();
    for (Annotation annotation : coco.annotations()) {
      String name = names.get(annotation.category());
      labels
          .computeIfAbsent(annotation.image(), image -> new TreeSet<>())
          .add(name == null ? "category " + annotation.category() : name);
    }
    List<Path> bases = bases(file, contents.folder());
    for (Image image : coco.images()) {
      String where = "%s, image %d".formatted(contents.folder().name(file), image.id());
      Set<String> all = labels.getOrDefault(image.id(), Set.of());
      if (all.size() > 1) {
        contents.wrong(where, "it has objects of %s: one label is needed".formatted(all));
      } else {
        String label = all.isEmpty() ? null : all.iterator().next();
        contents.add(
            where,
            new IndexRow(image.file(), image.afinaId(), label, null, image.labeller(), image.at()),
            bases);
      }
    }
  }

  /** Beside the index or in images, which may have a folder for the part that the index is of. */
  private static List<Path> bases(Path file, DatasetFolder folder) {
    Path images = folder.root().resolve("images");
    String part = String.valueOf(file.getFileName()).replaceFirst("^[a-z]+_(.+)\\.json$", "$1");
    return List.of(
        file.resolveSibling(""),
        file.resolveSibling("images"),
        images.resolve(part),
        images,
        folder.root().resolve(part),
        folder.root());
  }
}
