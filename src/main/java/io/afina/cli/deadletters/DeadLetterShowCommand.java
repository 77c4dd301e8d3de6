package io.afina.cli.deadletters;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.deadletter.DeadLetterLog;
import io.afina.deadletter.DeadLetters;
import io.afina.deadletter.DeadLetters.Letter;
import io.afina.event.RecordId;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.source.PictureSources;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows one dead letter: {@code afina dead-letters show}. */
@Command(name = "show", header = "Show all that is known of one dead letter.")
final class DeadLetterShowCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;

  @Parameters(
      paramLabel = "ID",
      converter = IdConverter.class,
      description = "Which one, as list calls it: PARTITION-OFFSET, such as 3-141.")
  private RecordId id;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the record's value, byte for byte, to this file.")
  private @Nullable Path out;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description =
          "Write the picture to this file: the record's value, or what it refers to, fetched from where pictures.sources allows.")
  private @Nullable Path picture;

  @Override
  public void run() {
    AfinaConfig config = cluster.config();
    try (DeadLetterLog log = DeadLetterLog.open(config)) {
      DeadLetters behind = new DeadLetters();
      ConsumerRecord<byte[], byte[]> letter = find(log, behind);
      TerminalText.print(spec, DeadLetterTable.one(letter, behind.replayed(id)));
      if (out != null) {
        write(letter.value(), out);
      }
      if (picture != null) {
        write(picture(config, letter), picture);
      }
    }
  }

  private ConsumerRecord<byte[], byte[]> find(DeadLetterLog log, DeadLetters behind) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    log.readFrom(
        id,
        record -> {
          behind.add(record);
          if (DeadLetters.id(record).equals(id)) {
            found.add(record);
          }
        });
    if (behind.of(why -> true).stream().map(Letter::id).noneMatch(id::equals)) {
      throw notFound("there is no dead letter %s; `afina dead-letters list` shows which there are");
    }
    return found.get(0);
  }

  private byte[] picture(AfinaConfig config, ConsumerRecord<byte[], byte[]> letter) {
    try (PictureSources sources =
        new PictureSources(config.pictures(), new CompositeMeterRegistry())) {
      return sources.read(letter.value(), letter.headers()).bytes();
    } catch (UnusableRecordException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "cannot read the picture of dead letter %s: %s; nothing was written"
              .formatted(id.text(), e.why()),
          e);
    }
  }

  private void write(byte @Nullable [] value, Path file) {
    if (value == null) {
      throw notFound("dead letter %s has no value: nothing was written");
    }
    try {
      Files.write(file, value);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "cannot write %s: %s; give a file in a folder that exists".formatted(file, e),
          e);
    }
  }

  private AfinaException notFound(String sentence) {
    return new AfinaException(ExitCode.NOT_FOUND, sentence.formatted(id.text()));
  }

  /** Parses the id of a dead letter. */
  static final class IdConverter implements ITypeConverter<RecordId> {
    @Override
    public RecordId convert(String text) {
      return RecordId.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no id; write PARTITION-OFFSET, such as 3-141".formatted(text)));
    }
  }
}
