package io.afina.dataset;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.PictureFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Writes pictures with their labels to a folder, in one of the forms. For one thread. */
final class DatasetWriter {

  /** The index of the forms that have no other. */
  static final String LABELS = "labels.csv";

  private static final String METADATA = "metadata.jsonl";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ObjectWriter CSV;

  static {
    CsvMapper mapper = CsvMapper.builder().build();
    CSV = mapper.writer(mapper.schemaFor(IndexRow.class).withHeader());
  }

  private final Path folder;
  private final DatasetFormat format;
  private final Splits splits;
  private final Map<String, IndexRow> rows = new TreeMap<>();

  /**
   * Makes the folder.
   *
   * @throws AfinaException when there is something in it
   */
  DatasetWriter(Path folder, DatasetFormat format, Splits splits) throws IOException {
    this.folder = folder;
    this.format = format;
    this.splits = splits;
    Files.createDirectories(folder);
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new AfinaException(
            ExitCode.USAGE, "%s is not empty: give a folder of its own".formatted(folder));
      }
    }
  }

  /** Writes a picture, and keeps its row for the index. */
  void add(Exported image, byte[] picture) throws IOException {
    String extension = PictureFormat.of(picture).map(PictureFormat::extension).orElse("bin");
    String name = FileNames.ofImage(image.id(), extension);
    String split = splits.of(image.id());
    String place =
        switch (format) {
          case FOLDERS -> String.join("/", split, FileNames.ofLabel(image.label()), name);
          case IMAGEFOLDER -> String.join("/", split, name);
          case COCO -> String.join("/", "images", split, name);
          case CSV -> "pictures/" + name;
        };
    Path file = folder.resolve(place);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, picture);
    rows.put(
        image.id(),
        new IndexRow(
            place, image.id(), image.label(), split, image.labeller(), image.at().toString()));
  }

  boolean has(String id) {
    return rows.containsKey(id);
  }

  /** Writes the index; how many images are in it. */
  int finish() throws IOException {
    switch (format) {
      case FOLDERS, CSV -> {
        try (var lines = CSV.writeValues(folder.resolve(LABELS).toFile())) {
          lines.writeAll(rows.values());
        }
      }
      case IMAGEFOLDER -> {
        for (String split : splits.shares().keySet()) {
          metadata(split);
        }
      }
      case COCO -> new CocoWriter(folder).write(rows.values());
    }
    return rows.size();
  }

  /** Beside the pictures: the names in it are relative to it. */
  private void metadata(String split) throws IOException {
    Path beside = folder.resolve(split);
    if (Files.isDirectory(beside)) {
      try (BufferedWriter out = Files.newBufferedWriter(beside.resolve(METADATA))) {
        for (IndexRow row : rows.values()) {
          if (split.equals(row.split())) {
            out.write(JSON.writeValueAsString(row.relativeTo(split)));
            out.write('\n');
          }
        }
      }
    }
  }
}
