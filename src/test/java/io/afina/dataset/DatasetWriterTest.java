package io.afina.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.demo.DrawnPictures;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.lifecycle.AfinaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatasetWriterTest {

  private static final Splits HALVES = new Splits(Map.of("train", 0.5, "test", 0.5));
  private static final Instant AT = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir private Path temporary;

  @ParameterizedTest
  @EnumSource
  void shouldWriteWhatIsReadAgainWhateverIdsAndLabelsAre(DatasetFormat format) throws IOException {
    // given
    byte[] jpeg = new DrawnPictures(1).draw(0).jpeg();
    List<Exported> images =
        List.of(
            image("shop/ant/1.jpg", "ant"),
            image("../../etc/passwd", "../bee"),
            image("CON", "con"),
            image("a\nb,\"c\"", "bee, \"young\" / ☃"),
            image("ü".repeat(400), "x".repeat(200)),
            image("1.jpg", "."));

    // when
    Path folder = temporary.resolve("out");
    DatasetWriter writer = new DatasetWriter(folder, format, HALVES);
    for (Exported image : images) {
      writer.add(image, jpeg);
    }
    writer.finish();

    // then
    try (DatasetReader read = DatasetReader.open(folder, new ImageIdLimit(1_000))) {
      assertThat(read.errors()).isEmpty();
      assertThat(read.images())
          .extracting(DatasetWriterTest::exported)
          .containsExactlyInAnyOrderElementsOf(images);
      assertThat(read.images()).allSatisfy(each -> assertThat(each.file()).hasBinaryContent(jpeg));
    }
    try (Stream<Path> all = Files.walk(temporary)) {
      assertThat(all.filter(Files::isRegularFile)).allMatch(file -> file.startsWith(folder));
    }
  }

  @Test
  void shouldKeepEveryImageInItsPart() {
    // given
    Splits three = new Splits(Map.of("train", 0.7, "validation", 0.2, "test", 0.1));

    // when
    List<String> parts = IntStream.range(0, 10_000).mapToObj(i -> three.of("image-" + i)).toList();

    // then
    assertThat(parts.stream().filter("train"::equals)).hasSizeBetween(6_800, 7_200);
    assertThat(parts.stream().filter("test"::equals)).hasSizeBetween(900, 1_100);
    assertThat(parts.get(7)).isEqualTo(three.of("image-7"));
  }

  @Test
  void shouldRefuseSplitsThatDoNotAddUpOrLeadOut() {
    assertThatThrownBy(() -> new Splits(Map.of("train", 0.8))).hasMessageContaining("add up to 1");
    assertThatThrownBy(() -> new Splits(Map.of("../up", 1.0)))
        .hasMessageContaining("letters and digits");
  }

  @Test
  void shouldNotMixWithWhatIsThere() throws IOException {
    // given
    Files.writeString(temporary.resolve("mine.txt"), "");

    // then
    assertThatThrownBy(() -> new DatasetWriter(temporary, DatasetFormat.CSV, HALVES))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("is not empty");
  }

  private static Exported exported(LabelledImage image) {
    return new Exported(
        image.id(),
        Objects.requireNonNull(image.label()),
        image.labeller(),
        Objects.requireNonNull(image.at()),
        null);
  }

  private static Exported image(String id, String label) {
    return new Exported(id, label, "mia", AT, null);
  }
}
