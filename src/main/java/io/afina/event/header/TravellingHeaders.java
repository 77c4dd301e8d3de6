package io.afina.event.header;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.RecordLimits;
import io.afina.event.UnusableRecordException;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Chooses the headers of an image or a correction that go on to what follows from it: its trace,
 * and those that are listed. All others stay where they are, for whoever sends them does not know
 * how large the records are that they would be copied to.
 *
 * @param names of headers; one that ends in {@code *} is a prefix
 * @param maxBytes of all that are listed together
 */
public record TravellingHeaders(List<String> names, int maxBytes) {

  public TravellingHeaders {
    names = List.copyOf(names);
  }

  /** Parses a list with commas, such as {@code ce_*,shop}. */
  public static TravellingHeaders of(String list, int maxBytes) {
    return new TravellingHeaders(
        Arrays.stream(list.split(",", -1)).map(String::strip).filter(n -> !n.isEmpty()).toList(),
        maxBytes);
  }

  /**
   * The headers that travel.
   *
   * @throws UnusableRecordException when those that are listed have too many bytes
   */
  public Headers of(Stage stage, Headers record) throws UnusableRecordException {
    RecordHeaders travelling = new RecordHeaders();
    long bytes = 0;
    for (Header header : record) {
      if (travels(header.key())) {
        travelling.add(header);
        bytes += RecordLimits.bytes(header);
      }
    }
    if (bytes > maxBytes) {
      throw new UnusableRecordException(
          stage,
          Reason.TOO_MANY_HEADER_BYTES,
          "the headers %s have %,d bytes, the limit is %,d (classifier.headerBytes)"
              .formatted(String.join(", ", names), bytes, maxBytes));
    }
    TraceHeaders.write(TraceHeaders.read(record), travelling);
    return travelling;
  }

  private boolean travels(String header) {
    return names.stream()
        .anyMatch(
            name ->
                name.endsWith("*")
                    ? header.startsWith(name.substring(0, name.length() - 1))
                    : header.equals(name));
  }
}
