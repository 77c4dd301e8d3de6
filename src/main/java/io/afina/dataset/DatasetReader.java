package io.afina.dataset;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.labelling.feed.ImageIdLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a dataset of another tool, or of {@link DatasetExport}: the indexes that it has, or a
 * folder a label where it has none. Nothing in it is trusted: names lead nowhere else, indexes are
 * bounded.
 */
public final class DatasetReader implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> INDEXES =
      Set.of("metadata.csv", "metadata.jsonl", "annotations.xml", "labels.json", "result.json");
  private static final Set<String> PICTURES =
      Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "jp2", "j2k");

  private final DatasetFolder folder;
  private final Contents contents;

  private DatasetReader(DatasetFolder folder, ImageIdLimit ids) {
    this.folder = folder;
    this.contents = new Contents(folder, ids);
  }

  /**
   * Opens and reads one.
   *
   * @param path a folder, a ZIP file or one index, whose files are beside it
   * @param ids the bounds of image ids
   * @throws io.afina.lifecycle.AfinaException when it cannot be read
   */
  public static DatasetReader open(Path path, ImageIdLimit ids) throws IOException {
    DatasetReader reader = new DatasetReader(DatasetFolder.open(path), ids);
    try {
      reader.read();
      return reader;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** The images, in the order of the indexes. */
  public List<LabelledImage> images() {
    return contents.images();
  }

  /**
   * The first of what is wrong with the dataset, each with its place; those images are left out.
   */
  public List<String> errors() {
    return contents.errors();
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }

  private void read() throws IOException {
    if (folder.index() != null) {
      index(folder.index());
      return;
    }
    List<Path> files = folder.files();
    Path labels = folder.root().resolve(DatasetWriter.LABELS);
    List<Path> indexes =
        files.contains(labels) ? List.of(labels) : files.stream().filter(this::isIndex).toList();
    for (Path index : indexes) {
      index(index);
    }
    if (indexes.isEmpty()) {
      files.stream().filter(DatasetReader::isPicture).forEach(this::inFolderOfItsLabel);
    }
  }

  private boolean isIndex(Path file) {
    String name = String.valueOf(file.getFileName());
    return INDEXES.contains(name)
        || name.endsWith(".coco.json")
        || (name.endsWith(".json") && folder.name(file).startsWith("annotations/"));
  }

  private void index(Path file) throws IOException {
    try {
      switch (extension(file)) {
        case "csv" -> IndexReader.csv(file, contents);
        case "jsonl" -> IndexReader.jsonLines(file, contents);
        case "xml" -> CvatReader.read(file, contents);
        case "json" -> json(file);
        default -> contents.wrong(folder.name(file), "an index is .csv, .jsonl, .json or .xml");
      }
    } catch (JacksonException e) {
      contents.wrong(folder.name(file), "it cannot be read: " + e.getOriginalMessage());
    }
  }

  private void json(Path file) throws IOException {
    JsonNode json = JSON.readTree(DatasetFolder.index(file));
    if (json.path("images").isArray()) {
      CocoReader.read(file, json, contents);
    } else if (json.isArray()) {
      LabelStudioReader.read(file, json, contents);
    } else {
      contents.wrong(folder.name(file), "it is neither COCO nor an export of Label Studio");
    }
  }

  private void inFolderOfItsLabel(Path file) {
    Path parent = file.getParent();
    String label =
        parent == null || parent.equals(folder.root())
            ? null
            : String.valueOf(parent.getFileName());
    contents.add(
        folder.name(file), IndexRow.of(folder.name(file), null, label), List.of(folder.root()));
  }

  private static boolean isPicture(Path file) {
    return PICTURES.contains(extension(file));
  }

  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
