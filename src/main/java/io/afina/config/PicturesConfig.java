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
 */
public record PicturesConfig(int maxBytes, long maxPixels, int maxFrames, int maxKeyBytes) {
  public PicturesConfig {
    requireAtLeast("pictures.maxBytes", maxBytes, 1);
    requireBetween("pictures.maxPixels", maxPixels, 1, 1_000_000_000);
    requireAtLeast("pictures.maxFrames", maxFrames, 1);
    requireBetween("pictures.maxKeyBytes", maxKeyBytes, 1, RecordLimits.WIDEST.keyBytes());
  }
}
