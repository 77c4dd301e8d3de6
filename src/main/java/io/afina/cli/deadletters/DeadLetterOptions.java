package io.afina.cli.deadletters;

import io.afina.config.Durations;
import io.afina.deadletter.DeadLetterReplay;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.TreeSet;
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
      converter = TopicConverter.class,
      completionCandidates = TopicNames.class,
      description = "Only those from this topic: ${COMPLETION-CANDIDATES}.")
  private @Nullable String topic;

  Predicate<DeadLetter> and(@Nullable Reason reason) {
    return letter ->
        (reason == null || letter.reason() == reason)
            && (topic == null || letter.topic().equals(topic))
            && (since == null || !letter.at().isBefore(since));
  }

  /** The reasons by their names in headers. */
  static final class Reasons implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Reason.values()).map(Reason::text).iterator();
    }
  }

  /** The topics that dead letters come from. */
  static final class TopicNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return new TreeSet<>(DeadLetterReplay.TOPICS).iterator();
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

  /** Parses {@code --topic}. */
  static final class TopicConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!DeadLetterReplay.TOPICS.contains(text)) {
        throw new TypeConversionException(
            "no dead letters come from '%s'; it is one of %s"
                .formatted(text, String.join(", ", new TopicNames())));
      }
      return text;
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
