package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.DecodingEmbedder;
import io.afina.classifier.ClassifierTopology;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.kafka.Homes;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.TrustedKeys;
import io.afina.picture.Jpeg2000s;
import io.afina.picture.PictureDecoder;
import io.afina.replay.LabelledPicture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged and hostile pictures through the real decoder, backbone and topology: each is a
 * prediction or a dead letter, and memory stays flat. More of them by hand: {@code
 * -Dafina.mutations=10000}.
 */
class MutatedPicturesTest {

  private static final int MUTATIONS = Integer.getInteger("afina.mutations", 1000);
  private static final long MEGABYTE = 1 << 20;

  private final SplittableRandom random = new SplittableRandom(11);
  private final List<byte[]> seeds = seeds();
  private final List<UnaryOperator<byte[]>> mutations =
      List.of(this::flip, this::truncate, this::concatenate, this::lie, this::bomb);

  @Test
  void shouldMakeEachOfThemAPredictionOrADeadLetterAndStayFlat(@TempDir Path state) {
    AfinaConfig config = ConfigLoader.defaults().load();
    try (BackboneModel model = BackboneModel.load(new BackboneResolver().resolve(null), 1, "auto");
        DecodingEmbedder pictures =
            new DecodingEmbedder(config, model, new BatchMeters(new SimpleMeterRegistry()));
        TopologyTestDriver driver = driver(config, pictures, model, state)) {
      Tally tally = new Tally(driver);

      // when
      tally.feed(MUTATIONS / 2);
      long heap = heap();
      long resident = resident();
      tally.feed(MUTATIONS - MUTATIONS / 2);

      // then
      assertThat(tally.predictions + tally.deadLetters()).isEqualTo(MUTATIONS);
      assertThat(tally.predictions).isPositive();
      assertThat(tally.reasons)
          .containsKeys(
              DeadLetter.Reason.NOT_A_PICTURE,
              DeadLetter.Reason.BROKEN_PICTURE,
              DeadLetter.Reason.TOO_MANY_PIXELS,
              DeadLetter.Reason.TOO_MANY_FRAMES);
      assertThat(heap() - heap).isLessThan(32 * MEGABYTE);
      assertThat(resident() - resident).isLessThan(256 * MEGABYTE);
      System.out.printf(
          "%d mutated pictures: %d predictions, dead letters %s; heap %+d MB, resident %+d MB in the second half%n",
          MUTATIONS,
          tally.predictions,
          tally.reasons,
          (heap() - heap) / MEGABYTE,
          (resident() - resident) / MEGABYTE);
    }
  }

  private byte[] mutate() {
    byte[] picture = seeds.get(random.nextInt(seeds.size()));
    return mutations.get(random.nextInt(mutations.size())).apply(picture);
  }

  private byte[] flip(byte[] picture) {
    byte[] mutated = picture.clone();
    for (int flips = random.nextInt(1, 20); flips > 0; flips--) {
      mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return mutated;
  }

  private byte[] truncate(byte[] picture) {
    return Arrays.copyOf(picture, random.nextInt(1, picture.length));
  }

  private byte[] concatenate(byte[] picture) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    int cut = random.nextInt(picture.length);
    return ByteBuffer.allocate(cut + other.length).put(picture, 0, cut).put(other).array();
  }

  private byte[] lie(byte[] picture) {
    byte[] mutated = picture.clone();
    for (int bytes = random.nextInt(1, 8); bytes > 0; bytes--) {
      mutated[random.nextInt(Math.min(64, mutated.length))] = (byte) random.nextInt(256);
    }
    return mutated;
  }

  /** A PNG of a megabyte that says it has 50,000 × 50,000 pixels, or a GIF of 10,000 frames. */
  private byte[] bomb(byte[] picture) {
    return random.nextBoolean() ? hugePng() : manyFrames();
  }

  private static byte[] hugePng() {
    ByteBuffer png = ByteBuffer.allocate(1_000_000);
    byte[] header =
        ByteBuffer.allocate(17)
            .put("IHDR".getBytes(StandardCharsets.US_ASCII))
            .putInt(50_000)
            .putInt(50_000)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 crc = new CRC32();
    crc.update(header);
    png.putLong(0x89504e470d0a1a0aL).putInt(13).put(header).putInt((int) crc.getValue());
    png.putInt(900_000).put("IDAT".getBytes(StandardCharsets.US_ASCII));
    return png.array();
  }

  private static byte[] manyFrames() {
    byte[] gif = encoded("gif", drawn());
    int frame = indexOfImage(gif);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(gif, 0, gif.length - 1);
    for (int i = 1; i < 10_000 && bytes.size() < 18_000_000; i++) {
      bytes.write(gif, frame, gif.length - 1 - frame);
    }
    bytes.write(';');
    return bytes.toByteArray();
  }

  /** The image descriptor behind the global colour table. */
  private static int indexOfImage(byte[] gif) {
    int table = (gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1);
    return 13 + table;
  }

  private static List<byte[]> seeds() {
    BufferedImage picture = drawn();
    List<byte[]> seeds = new ArrayList<>();
    for (String format : List.of("jpeg", "png", "gif", "bmp", "tiff")) {
      seeds.add(encoded(format, picture));
    }
    seeds.add(Jpeg2000s.encoded(picture));
    seeds.add(webp());
    LabelledPicture.drawn(5, 4).forEach(drawn -> seeds.add(drawn.bytes().get()));
    return seeds;
  }

  private static byte[] webp() {
    try (InputStream fixture =
        Objects.requireNonNull(
            PictureDecoder.class.getResourceAsStream("quadrants-lossless.webp"))) {
      return fixture.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BufferedImage drawn() {
    try {
      BufferedImage picture =
          ImageIO.read(new ByteArrayInputStream(LabelledPicture.drawn(3, 1).get(0).bytes().get()));
      BufferedImage small = new BufferedImage(48, 40, BufferedImage.TYPE_INT_RGB);
      small.createGraphics().drawImage(picture, 0, 0, 48, 40, null);
      return small;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(String format, BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(picture, format, bytes)).as(format).isTrue();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static TopologyTestDriver driver(
      AfinaConfig config, DecodingEmbedder pictures, BackboneModel model, Path state) {
    Properties properties = new Properties();
    properties.put("application.id", "mutated");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    HeadSlot heads =
        new HeadSlot(
            model.backbone().id(), model.backbone().card().embeddingSize(), TrustedKeys.anybody());
    return new TopologyTestDriver(
        ClassifierTopology.build(
            config, Homes.among(1), pictures, heads, new SimpleMeterRegistry(), Traces.off()),
        properties);
  }

  /** What stays on the heap after a collection, in bytes. */
  private static long heap() {
    ManagementFactory.getMemoryMXBean().gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Resident size of this process in bytes; 0 where the system does not say. */
  private static long resident() {
    Path statm = Path.of("/proc/self/statm");
    try {
      return Files.exists(statm)
          ? Long.parseLong(Files.readString(statm).split(" ", 3)[1]) * 4096
          : 0;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Feeds mutations and counts what comes out. */
  private final class Tally {

    private final TestInputTopic<byte[], byte[]> images;
    private final TestOutputTopic<byte[], byte[]> predicted;
    private final TestOutputTopic<byte[], byte[]> dead;
    private final Map<DeadLetter.Reason, Integer> reasons = new EnumMap<>(DeadLetter.Reason.class);
    private int predictions;

    Tally(TopologyTestDriver driver) {
      images =
          driver.createInputTopic(
              TOPICS.images().name(), new ByteArraySerializer(), new ByteArraySerializer());
      predicted =
          driver.createOutputTopic(
              TOPICS.predictions().name(),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      dead =
          driver.createOutputTopic(
              TOPICS.deadLetters().name(),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
    }

    void feed(int count) {
      for (int i = 0; i < count; i++) {
        byte[] picture = mutate();
        images.pipeInput(("id-" + i).getBytes(StandardCharsets.UTF_8), picture);
        predictions += predicted.readValuesToList().size();
        dead.readRecordsToList()
            .forEach(
                letter -> {
                  assertThat(letter.value()).isEqualTo(picture);
                  reasons.merge(DeadLetter.from(letter.headers()).reason(), 1, Integer::sum);
                });
      }
    }

    int deadLetters() {
      return reasons.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
