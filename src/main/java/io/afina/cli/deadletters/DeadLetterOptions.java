package io.afina.cli.deadletters;

import io.afina.config.Durations;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Topic;
import io.afina.event.Topics;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that filter dead letters, besides their reason. */
final class DeadLetterOptions {

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description =
          "Only those set aside since then: a time such as 2h or 7d ago, or one such as 2026-05-04T12:00:00Z.")
  private @Nullable Instant since;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Only those from this topic: ${COMPLETION-CANDIDATES}.")
  private @Nullable SourceTopic topic;

  Predicate<DeadLetter> and(@Nullable Reason reason, Topics topics) {
    String from = topic == null ? null : topic.in(topics).name();
    return letter ->
        (reason == null || letter.reason() == reason)
            && (from == null || letter.topic().equals(from))
            && (since == null || !letter.at().isBefore(since));
  }

  /** The reasons by their names in headers. */
  static final class Reasons implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Reason.values()).map(Reason::text).iterator();
    }
  }

  /** The topics that dead letters come from, by the names that every installation has for them. */
  enum SourceTopic {
    CORRECTIONS,
    IMAGES,
    STRAYS;

    private Topic<?, ?> in(Topics topics) {
      return switch (this) {
        case CORRECTIONS -> topics.corrections();
        case IMAGES -> topics.images();
        case STRAYS -> topics.strays();
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Parses {@code --reason}. */
  static final class ReasonConverter implements ITypeConverter<Reason> {
    @Override
    public Reason convert(String text) {
      return Reason.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no reason; it is one of %s"
                          .formatted(text, String.join(", ", new Reasons()))));
    }
  }

  /** Parses {@code --since}. */
  static final class SinceConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.contains("-")
            ? Instant.parse(text)
            : Instant.now().minus(Durations.parse(text));
      } catch (DateTimeParseException | IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' is no time; write 2h or 7d for a time ago, or 2026-05-04T12:00:00Z"
                .formatted(text));
      }
    }
  }
}
