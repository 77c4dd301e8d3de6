package io.afina.labelling.feed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.afina.event.Correction;
import io.afina.event.MalformedRecordException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads many corrections from one file: CSV with a header line (id, label, and a note if wanted) or
 * JSON Lines with the same names.
 */
public final class BulkCorrections {

  private static final int MOST_ERRORS = 20;
  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private BulkCorrections() {}

  /** How a file is written. */
  public enum Form {
    CSV,
    JSON_LINES
  }

  /** One correction and the image that it is of. */
  public record Row(String id, Correction correction) {}

  /**
   * What a file holds.
   *
   * @param errors what is wrong, with the row, 1 for the first after the header; the first so many
   */
  public record Read(List<Row> rows, List<String> errors) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Raw(@Nullable String id, @Nullable String label, @Nullable String note) {}

  /**
   * Reads a whole file; what is wrong in one row keeps no other from being looked at.
   *
   * @param labeller of all of them: who a file says it was does not count
   */
  public static Read read(byte[] file, Form form, ImageIdLimit ids, String labeller, Instant at) {
    List<Row> rows = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    int number = 0;
    try (MappingIterator<Raw> raws = reader(form).readValues(file)) {
      while (errors.size() < MOST_ERRORS && raws.hasNextValue()) {
        number++;
        try {
          rows.add(row(raws.nextValue(), ids, labeller, at));
        } catch (MalformedRecordException e) {
          errors.add("row %d: %s".formatted(number, e.getMessage()));
        }
      }
    } catch (JacksonException e) {
      errors.add("row %d: %s".formatted(number + 1, e.getOriginalMessage()));
    } catch (IOException e) {
      errors.add("row %d: %s".formatted(number + 1, e.getMessage()));
    }
    return new Read(List.copyOf(rows), List.copyOf(errors));
  }

  private static ObjectReader reader(Form form) {
    return form == Form.CSV
        ? CSV.readerFor(Raw.class).with(CsvSchema.emptySchema().withHeader())
        : JSON.readerFor(Raw.class);
  }

  private static Row row(Raw raw, ImageIdLimit ids, String labeller, Instant at) {
    String id = ids.require(raw.id());
    String label = Objects.requireNonNullElse(raw.label(), "");
    String note = raw.note() == null || raw.note().isBlank() ? null : raw.note();
    return new Row(id, new Correction(label, labeller, at, note).requireLimits(at));
  }
}
