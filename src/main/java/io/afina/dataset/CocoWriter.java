package io.afina.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code annotations/instances_<split>.json} in COCO's form: each image has one object, its
 * label, which is all of it. Categories are the same in all splits.
 *
 * @param folder of the dataset
 */
record CocoWriter(Path folder) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Coco(
      List<Image> images, List<Annotation> annotations, List<Category> categories) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Image(
      long id,
      @JsonProperty("file_name") String file,
      int width,
      int height,
      @JsonProperty("afina_id") @Nullable String afinaId,
      @Nullable String labeller,
      @Nullable String at) {}

  private record Annotation(
      long id,
      @JsonProperty("image_id") long image,
      @JsonProperty("category_id") long category,
      List<Integer> bbox,
      long area,
      List<Object> segmentation,
      int iscrowd) {}

  private record Category(long id, String name, String supercategory) {}

  void write(Collection<IndexRow> rows) throws IOException {
    Map<String, Long> categories = new TreeMap<>();
    for (String label : new TreeSet<>(rows.stream().map(IndexRow::label).toList())) {
      categories.put(label, categories.size() + 1L);
    }
    Map<String, Coco> splits = new TreeMap<>();
    long id = 0;
    for (IndexRow row : rows) {
      String split = Objects.requireNonNull(row.split());
      add(++id, row, categories, splits.computeIfAbsent(split, any -> empty(categories)));
    }
    Path annotations = Files.createDirectories(folder.resolve("annotations"));
    for (Map.Entry<String, Coco> split : splits.entrySet()) {
      JSON.writeValue(
          annotations.resolve("instances_%s.json".formatted(split.getKey())).toFile(),
          split.getValue());
    }
  }

  private void add(long id, IndexRow row, Map<String, Long> categories, Coco coco)
      throws IOException {
    Path file = folder.resolve(Objects.requireNonNull(row.file()));
    int[] size = size(file);
    String name = String.valueOf(file.getFileName());
    coco.images().add(new Image(id, name, size[0], size[1], row.id(), row.labeller(), row.at()));
    coco.annotations()
        .add(
            new Annotation(
                id,
                id,
                Objects.requireNonNull(categories.get(row.label())),
                List.of(0, 0, size[0], size[1]),
                (long) size[0] * size[1],
                List.of(),
                0));
  }

  private static Coco empty(Map<String, Long> categories) {
    return new Coco(
        new ArrayList<>(),
        new ArrayList<>(),
        categories.entrySet().stream()
            .map(each -> new Category(each.getValue(), each.getKey(), ""))
            .toList());
  }

  /** Width and height as the file's header says; zeros where it is of no form that Java knows. */
  private static int[] size(Path picture) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(picture.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (readers.hasNext()) {
        ImageReader reader = readers.next();
        try {
          reader.setInput(in, true, true);
          return new int[] {reader.getWidth(0), reader.getHeight(0)};
        } finally {
          reader.dispose();
        }
      }
      return new int[] {0, 0};
    }
  }
}
