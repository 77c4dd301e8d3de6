package io.afina.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.model.MemoryModels.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Whole records of {@code models}, good and bad: of any key, value, headers and time; a function of
 * the seed.
 */
public final class RandomModels {

  private static final int VERSIONS = 40;

  /** The largest version that a key may have. */
  private static final long LAST = 999_999_999_999_999_999L;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> ALIASES =
      List.of("champion", "champion", "challenger", "previous", "pinned", "untrained", "a-b");

  private static final List<String> KEYS =
      List.of(
          "",
          "head/",
          "head/0",
          "head/-1",
          "head/01",
          "head/1\n",
          "head/1 ",
          "head/٣",
          "HEAD/1",
          "head/" + LAST + "9",
          "alias/",
          "alias/Champion",
          "alias/champion\0",
          "alias/../x",
          "x");

  private static final List<String> HEADERS =
      List.of("traceparent", "tracestate", "content-type", "afina.topic", "");

  private static final List<String> VALUES =
      List.of(
          "0",
          "-1",
          "1",
          "null",
          "true",
          "[]",
          "{}",
          "1e999",
          "1.5",
          "9223372036854775807",
          "9223372036854775808",
          "\"1\"",
          "\"\"",
          "\"\\ud800\"",
          "\"\\u001b[2J\"",
          "[[1]]",
          "\"+999999999-12-31T23:59:59Z\"",
          "\"-999999999-01-01T00:00:00Z\"",
          "\"2026-01-01T00:00:00Z\"",
          "[{\"version\":1}]",
          "{\"version\":-1e308}");

  private static final List<JsonNode> EXTREMES =
      List.of(
          JSON.numberNode(0),
          JSON.numberNode(1),
          JSON.numberNode(1e-6),
          JSON.numberNode(1 + 1e-10),
          JSON.numberNode(Integer.MAX_VALUE),
          JSON.numberNode(Long.MAX_VALUE),
          JSON.numberNode(Long.MIN_VALUE),
          JSON.numberNode(Double.MIN_VALUE),
          JSON.numberNode(Double.MAX_VALUE),
          JSON.textNode(""),
          JSON.textNode("\u001b[2J\n\u202e\u0000"),
          JSON.textNode("x".repeat(5_000)),
          JSON.textNode("9999-12-31T23:59:59Z"),
          JSON.textNode("1970-01-01T00:00:00Z"),
          JSON.arrayNode(),
          JSON.objectNode());

  private final SplittableRandom random;
  private final List<byte[]> bad = List.copyOf(BadCards.bad().values());
  private final List<String> fields = List.copyOf(BadCards.paths().keySet());

  public RandomModels(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The next record. */
  public Sent next() {
    RecordHeaders headers = new RecordHeaders();
    for (int left = random.nextInt(6) - 3; left > 0; left--) {
      headers.add(one(HEADERS), noise(60));
    }
    long version = random.nextInt(3) == 0 ? BadCards.VERSION : 1 + random.nextInt(VERSIONS);
    byte[] value = value(version);
    return switch (random.nextInt(16)) {
      case 0 -> new Sent(random.nextBoolean() ? null : noise(30), value, headers, time());
      case 1 -> new Sent(bytes(one(KEYS)), value, headers, time());
      case 2 -> new Sent(bytes("head/" + LAST), value, headers, time());
      case 3 -> new Sent(bytes("alias/" + "a".repeat(1 + random.nextInt(300))), value, headers, 0);
      case 4, 5, 6, 7 -> new Sent(bytes("alias/" + one(ALIASES)), alias(), headers, time());
      default -> new Sent(bytes("head/" + version), value, headers, time());
    };
  }

  private byte @Nullable [] value(long version) {
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> noise(200);
      case 2 -> alias();
      case 3, 4 -> one(bad);
      case 5, 6 -> BadCards.file(one(fields), one(EXTREMES));
      case 7 -> mutated(one(bad));
      case 8 -> mutated(good(version));
      case 9 -> truncated(good(version));
      default -> good(version);
    };
  }

  private byte @Nullable [] alias() {
    long version = 1L + random.nextInt(VERSIONS);
    byte[] good = Json.write(new AliasRecord(version, "ada", Instant.EPOCH, "for a test"));
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> mutated(good);
      case 2 -> truncated(good);
      case 3 -> bytes(aliasOf(one(VALUES), "\"ada\"", "\"2026-01-01T00:00:00Z\"", "[]"));
      case 4 -> bytes(aliasOf("1", one(VALUES), one(VALUES), one(VALUES)));
      case 5 -> bytes("[".repeat(random.nextInt(5_000)));
      default -> good;
    };
  }

  private static String aliasOf(String version, String why, String at, String history) {
    return "{\"version\":%s,\"who\":\"x\",\"at\":%s,\"why\":%s,\"history\":%s}"
        .formatted(version, at, why, history);
  }

  private byte[] good(long version) {
    List<Head> forms = Heads.forms(version, "ant", "bee");
    return random.nextBoolean()
        ? Heads.file(forms.get(random.nextInt(forms.size())))
        : Heads.file(BadCards.good());
  }

  private byte[] mutated(byte[] bytes) {
    byte[] other = bytes.clone();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      other[random.nextInt(other.length)] = (byte) random.nextInt(256);
    }
    return other;
  }

  private byte[] truncated(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private byte[] noise(int longest) {
    byte[] noise = new byte[random.nextInt(longest)];
    random.nextBytes(noise);
    return noise;
  }

  private long time() {
    return random.nextInt(3) == 0 ? random.nextLong(Long.MAX_VALUE) : 1_767_225_600_000L;
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
