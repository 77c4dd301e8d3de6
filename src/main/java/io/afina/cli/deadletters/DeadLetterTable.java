package io.afina.cli.deadletters;

import io.afina.cli.option.TerminalText;
import io.afina.deadletter.DeadLetters;
import io.afina.deadletter.DeadLetters.Letter;
import io.afina.event.DeadLetter;
import io.afina.event.RecordId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Formats dead letters as lines for a terminal. */
final class DeadLetterTable {

  private static final String ROW = "%-10s %-20s %-11s %-24s %-10s %-18s %11s  %-8s  %s";
  private static final String FIELD = "  %-10s %s";
  private static final int KEY = 24;
  private static final int ERROR = 80;

  private DeadLetterTable() {}

  /** The newest of the letters, newest last, and how many there are of each reason. */
  static List<String> list(DeadLetters all, List<Letter> letters, int max) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "id", "when", "topic", "key", "stage", "reason", "bytes", "replayed", "error"));
    letters.stream()
        .skip(Math.max(0, letters.size() - max))
        .forEach(letter -> lines.add(row(letter, all.isReplayed(letter))));
    lines.addAll(summary(all, letters, Math.min(max, letters.size())));
    return lines;
  }

  /** All about one, with the headers of its record. */
  static List<String> one(ConsumerRecord<byte[], byte[]> record, @Nullable Instant replayed) {
    RecordId id = DeadLetters.id(record);
    DeadLetter why = DeadLetter.from(record.headers());
    List<String> lines = new ArrayList<>();
    lines.add("dead letter " + id.text());
    lines.add(
        FIELD.formatted(
            "was",
            "%s, partition %d, offset %d, of %s"
                .formatted(
                    TerminalText.text(why.topic()),
                    why.partition(),
                    why.offset(),
                    Instant.ofEpochMilli(why.timestamp()))));
    lines.add(FIELD.formatted("key", TerminalText.bytes(record.key())));
    lines.add(FIELD.formatted("value", size(record.value())));
    lines.add(FIELD.formatted("stage", why.stage().text()));
    lines.add(FIELD.formatted("reason", why.reason().text()));
    lines.add(FIELD.formatted("error", TerminalText.text(why.error())));
    lines.add(FIELD.formatted("set aside", why.at()));
    lines.add(FIELD.formatted("replayed", replayed == null ? "no" : replayed));
    lines.add("headers");
    for (Header header : record.headers()) {
      lines.add(
          "  %s: %s"
              .formatted(TerminalText.text(header.key()), TerminalText.bytes(header.value())));
    }
    return lines;
  }

  private static String row(Letter letter, boolean replayed) {
    DeadLetter why = letter.why();
    return ROW.formatted(
        letter.id().text(),
        why.at().truncatedTo(ChronoUnit.SECONDS),
        TerminalText.text(why.topic()),
        TerminalText.cut(TerminalText.bytes(letter.key()), KEY),
        why.stage().text(),
        why.reason().text(),
        "%,d".formatted(letter.bytes()),
        replayed ? "yes" : "",
        TerminalText.cut(TerminalText.text(why.error()), ERROR));
  }

  private static List<String> summary(DeadLetters all, List<Letter> letters, int shown) {
    List<String> lines = new ArrayList<>();
    lines.add("%,d dead letters, %,d shown".formatted(letters.size(), shown));
    all.countByReason(letters)
        .forEach(
            (reason, count) ->
                lines.add(
                    "%,11d %s, %,d of them replayed"
                        .formatted(count.letters(), reason.text(), count.replayed())));
    if (all.unreadable() > 0) {
      lines.add("%,11d records that are no dead letters".formatted(all.unreadable()));
    }
    return lines;
  }

  private static String size(byte @Nullable [] value) {
    return value == null ? "none" : "%,d bytes".formatted(value.length);
  }
}
