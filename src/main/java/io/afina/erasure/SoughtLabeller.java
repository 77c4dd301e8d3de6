package io.afina.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.erasure.Occurrence.Kind;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Withdrawal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a labeller said of images: records in which the name is that of a labeller. In records that
 * are about more than one image, such as heads, it is the name of whoever did anything.
 */
final class SoughtLabeller implements Sought {

  private static final int ASCII = 0x80;

  private final String name;
  private final Pattern anybody;
  private final Pattern labeller;

  /** Where the name was last, of topics on which the last record of a key counts. */
  private final Set<String> keys = new HashSet<>();

  SoughtLabeller(String name) {
    this.name = name;
    String text = new String(Json.write(name), UTF_8);
    String inner = text.substring(1, text.length() - 1);
    // JSON may have any character as its number, and JSON may be within a text of JSON.
    String spellings =
        Stream.of(inner, numbered(inner, "\\u%04x"), numbered(inner, "\\u%04X"))
            .flatMap(spelling -> Stream.of(spelling, spelling.replace("\\", "\\\\")))
            .map(spelling -> Pattern.quote(new String(spelling.getBytes(UTF_8), ISO_8859_1)))
            .distinct()
            .collect(Collectors.joining("|"));
    this.anybody = Pattern.compile("\"(?:%s)\\\\?\"".formatted(spellings));
    this.labeller =
        Pattern.compile("\"labeller\\\\?\"\\s*:\\s*\\\\?\"(?:%s)\\\\?\"".formatted(spellings));
  }

  @Override
  public Optional<Kind> in(ConsumerRecord<byte[], byte[]> record, ErasableTopic topic) {
    byte[] value = record.value();
    String text = value == null ? "" : new String(value, ISO_8859_1);
    if (topic.isShared()) {
      return anybody.matcher(text).find() ? Optional.of(Kind.NAMED) : Optional.empty();
    }
    String key = "%s %d %s".formatted(record.topic(), record.partition(), key(record));
    if (labeller.matcher(text).find()) {
      keys.add(key);
      return Optional.of(isWithdrawn(record) ? Kind.TOMBSTONE : Kind.DATA);
    }
    return topic.isCompacted() && keys.contains(key)
        ? Optional.of(Kind.TOMBSTONE)
        : Optional.empty();
  }

  @Override
  public List<float[]> embeddings() {
    return List.of();
  }

  private boolean isWithdrawn(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Withdrawal.read(record.value())
          .filter(withdrawal -> name.equals(withdrawal.labeller()))
          .isPresent();
    } catch (MalformedRecordException e) {
      return false;
    }
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), ISO_8859_1);
  }

  private static String numbered(String text, String form) {
    return text.chars()
        .mapToObj(c -> c < ASCII ? Character.toString(c) : form.formatted(c))
        .collect(Collectors.joining());
  }
}
