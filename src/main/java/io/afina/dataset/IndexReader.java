package io.afina.dataset;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads indexes of lines: a CSV with a header, or JSON Lines as Hugging Face's imagefolder has them
 * (<a href="https://huggingface.co/docs/datasets/image_dataset">Create an image dataset</a>).
 */
final class IndexReader {

  private static final ObjectReader CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerFor(IndexRow.class)
          .with(CsvSchema.emptySchema().withHeader());

  private static final ObjectReader JSON_LINES =
      JsonMapper.builder().build().readerFor(IndexRow.class);

  private IndexReader() {}

  static void csv(Path file, Contents contents) throws IOException {
    read(file, CSV, contents);
  }

  static void jsonLines(Path file, Contents contents) throws IOException {
    read(file, JSON_LINES, contents);
  }

  private static void read(Path file, ObjectReader reader, Contents contents) throws IOException {
    String name = contents.folder().name(file);
    List<Path> bases = List.of(file.resolveSibling(""));
    int line = 0;
    try (MappingIterator<IndexRow> rows = reader.readValues(DatasetFolder.index(file))) {
      while (rows.hasNextValue()) {
        IndexRow row = rows.nextValue();
        String where = "%s, row %d".formatted(name, ++line);
        if (row == null) {
          contents.wrong(where, "it says nothing");
        } else {
          contents.add(where, row, bases);
        }
      }
    }
  }
}
