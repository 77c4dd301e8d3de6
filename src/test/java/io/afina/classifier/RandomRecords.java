package io.afina.classifier;

import io.afina.event.RecordLimits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Whole records, good and bad: of any key, value, headers and time; a function of the seed. */
final class RandomRecords {

  private static final int IDS = 3_000;

  /** So many of the texts are corrections without a fault. */
  private static final int GOOD = 3;

  private static final List<String> HEADERS =
      List.of("content-type", "traceparent", "tracestate", "ce_id", "ce_", "shop", "afina.topic");

  /** A picture for {@link TextEmbedder}: of one number, however it is damaged. */
  private static final String PICTURE = "7";

  private static final List<String> TEXTS =
      List.of(
          "{\"label\":\"ant\"}",
          "{\"label\":\"bee\",\"labeller\":\"mia\",\"note\":\"at dusk\",\"at\":\"2026-01-01T00:00:00Z\"}",
          "{\"label\":\"wasp\",\"labeller\":\"ben\",\"at\":1767225600,\"asked\":\"audit\"}",
          "{\"label\":{\"a\":[1,2]},\"at\":1e999}",
          "{\"label\":\"\\ud800\"}",
          "null",
          "[]",
          "text/plain",
          "image/jpeg",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

  private final SplittableRandom random;

  RandomRecords(long seed) {
    random = new SplittableRandom(seed);
  }

  TestRecord<byte[], byte[]> next() {
    RecordHeaders headers = new RecordHeaders();
    for (int left = random.nextInt(6) - 2; left > 0; left--) {
      headers.add(HEADERS.get(random.nextInt(HEADERS.size())), value());
    }
    return new TestRecord<>(key(), value(), headers, Instant.ofEpochMilli(time()));
  }

  boolean coin() {
    return random.nextBoolean();
  }

  private byte @Nullable [] key() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextBoolean() ? null : new byte[0];
      case 1 -> noise(25);
      case 2 -> ("k\n\0" + random.nextInt(9)).getBytes(StandardCharsets.UTF_8);
      default -> ("id-" + random.nextInt(IDS)).getBytes(StandardCharsets.UTF_8);
    };
  }

  private byte @Nullable [] value() {
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> noise(60);
      case 2 -> damaged();
      case 3 -> large();
      default -> text().getBytes(StandardCharsets.UTF_8);
    };
  }

  private String text() {
    return switch (random.nextInt(3)) {
      case 0 -> PICTURE;
      case 1 -> TEXTS.get(random.nextInt(TEXTS.size()));
      default -> TEXTS.get(random.nextInt(GOOD));
    };
  }

  private byte[] damaged() {
    byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    return bytes;
  }

  /** A note about as long as a note, or as a whole correction, may be. */
  private byte[] large() {
    int limit = random.nextBoolean() ? RecordLimits.NOTE : RecordLimits.CORRECTION_BYTES;
    String note = "n".repeat(Math.max(0, limit + random.nextInt(101) - 50));
    return "{\"label\":\"ant\",\"note\":\"%s\"}".formatted(note).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] noise(int longest) {
    byte[] noise = new byte[random.nextInt(longest)];
    random.nextBytes(noise);
    return noise;
  }

  private long time() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> random.nextLong(Instant.parse("2125-01-01T00:00:00Z").toEpochMilli());
      default -> TopologyTestBase.START.toEpochMilli() + random.nextInt(1_000_000);
    };
  }
}
