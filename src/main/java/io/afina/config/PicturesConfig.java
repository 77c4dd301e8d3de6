package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;

import io.afina.event.RecordLimits;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits pictures, before their pixels are decoded, and says where they may be fetched from.
 *
 * @param maxBytes the largest encoded picture
 * @param maxPixels the largest decoded picture, width times height
 * @param maxFrames the longest animation
 * @param maxKeyBytes the longest image id, in bytes of UTF-8
 * @param decodeHeapBytes memory on the heap in which all threads together decode; 0 for a quarter
 *     of the largest heap
 * @param decodeNativeBytes the same outside the heap, for JPEG
 * @param sources the places that pictures may be fetched from, each with all that is below it
 * @param privateSources whether a name among them may lead to loopback and private addresses
 * @param s3Endpoint address of a store that speaks S3's protocol, or null for Amazon's
 * @param fetchTime how long fetching a picture may take, all attempts together
 * @param fetches pictures that are fetched at once
 * @param kept whether reduced copies of labelled pictures are kept
 * @param keptSide pixels of a copy's shorter side
 * @param keptQuality of a copy as JPEG, 1 to 100
 * @param keptRate copies that a classifier makes in a second, at most
 */
public record PicturesConfig(
    int maxBytes,
    long maxPixels,
    int maxFrames,
    int maxKeyBytes,
    long decodeHeapBytes,
    long decodeNativeBytes,
    List<String> sources,
    boolean privateSources,
    @Nullable String s3Endpoint,
    Duration fetchTime,
    int fetches,
    boolean kept,
    int keptSide,
    int keptQuality,
    int keptRate) {

  /** Enough for a photograph, and so that the units of a budget fit into an int. */
  private static final long LEAST_BUDGET = 8_000_000;

  private static final long LARGEST_BUDGET = 1_000_000_000_000L;

  /** Half of what Kafka gives a stream thread between two polls is two and a half minutes. */
  private static final Duration LONGEST_FETCH = Duration.ofMinutes(2);

  /** Networks take squares of about this. */
  private static final int SMALLEST_COPY = 64;

  private static final int LARGEST_COPY = 2_048;

  private static final Duration SHORTEST_FETCH = Duration.ofMillis(100);

  public PicturesConfig {
    requireAtLeast("pictures.maxBytes", maxBytes, 1);
    requireBetween("pictures.maxPixels", maxPixels, 1, 1_000_000_000);
    requireAtLeast("pictures.maxFrames", maxFrames, 1);
    requireBetween("pictures.maxKeyBytes", maxKeyBytes, 1, RecordLimits.WIDEST.keyBytes());
    if (decodeHeapBytes != 0) {
      requireBetween("pictures.decodeHeapBytes", decodeHeapBytes, LEAST_BUDGET, LARGEST_BUDGET);
    }
    requireBetween("pictures.decodeNativeBytes", decodeNativeBytes, LEAST_BUDGET, LARGEST_BUDGET);
    sources =
        sources.stream()
            .flatMap(list -> Arrays.stream(list.split("[,\\s]+", -1)))
            .filter(source -> !source.isEmpty())
            .toList();
    require(
        s3Endpoint == null || isHttp(s3Endpoint),
        "pictures.s3Endpoint",
        s3Endpoint,
        "such as https://minio.example.org:9000");
    require(
        fetchTime.compareTo(SHORTEST_FETCH) >= 0 && fetchTime.compareTo(LONGEST_FETCH) <= 0,
        "pictures.fetchTime",
        fetchTime,
        "between 100ms and 2m");
    requireBetween("pictures.fetches", fetches, 1, 1_000);
    requireBetween("pictures.keptSide", keptSide, SMALLEST_COPY, LARGEST_COPY);
    requireBetween("pictures.keptQuality", keptQuality, 1, 100);
    requireBetween("pictures.keptRate", keptRate, 1, 10_000);
  }

  private static boolean isHttp(String address) {
    try {
      URI uri = new URI(address);
      return uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?");
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
