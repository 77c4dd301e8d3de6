package io.afina.config;

import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;

import io.afina.event.RecordLimits;

/**
 * Limits pictures, before their pixels are decoded.
 *
 * @param maxBytes the largest encoded picture
 * @param maxPixels the largest decoded picture, width times height
 * @param maxFrames the longest animation
 * @param maxKeyBytes the longest image id, in bytes of UTF-8
 * @param decodeHeapBytes memory on the heap in which all threads together decode; 0 for a quarter
 *     of the largest heap
 * @param decodeNativeBytes the same outside the heap, for JPEG
 */
public record PicturesConfig(
    int maxBytes,
    long maxPixels,
    int maxFrames,
    int maxKeyBytes,
    long decodeHeapBytes,
    long decodeNativeBytes) {

  /** Enough for a photograph, and so that the units of a budget fit into an int. */
  private static final long LEAST_BUDGET = 8_000_000;

  private static final long LARGEST_BUDGET = 1_000_000_000_000L;

  public PicturesConfig {
    requireAtLeast("pictures.maxBytes", maxBytes, 1);
    requireBetween("pictures.maxPixels", maxPixels, 1, 1_000_000_000);
    requireAtLeast("pictures.maxFrames", maxFrames, 1);
    requireBetween("pictures.maxKeyBytes", maxKeyBytes, 1, RecordLimits.WIDEST.keyBytes());
    if (decodeHeapBytes != 0) {
      requireBetween("pictures.decodeHeapBytes", decodeHeapBytes, LEAST_BUDGET, LARGEST_BUDGET);
    }
    requireBetween("pictures.decodeNativeBytes", decodeNativeBytes, LEAST_BUDGET, LARGEST_BUDGET);
  }
}
