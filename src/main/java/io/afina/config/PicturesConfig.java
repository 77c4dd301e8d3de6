package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

/**
 * What a picture may be at most; checked before its pixels are decoded.
 *
 * @param maxBytes the largest encoded picture
 * @param maxPixels the largest decoded picture, width times height
 * @param maxFrames the longest animation
 * @param maxKeyBytes the longest image id, in bytes of UTF-8
 */
public record PicturesConfig(int maxBytes, long maxPixels, int maxFrames, int maxKeyBytes) {
  public PicturesConfig {
    require(maxBytes >= 1, "pictures.maxBytes", maxBytes, "1 or more");
    require(
        maxPixels >= 1 && maxPixels <= 1_000_000_000L,
        "pictures.maxPixels",
        maxPixels,
        "between 1 and 1,000,000,000");
    require(maxFrames >= 1, "pictures.maxFrames", maxFrames, "1 or more");
    require(maxKeyBytes >= 1, "pictures.maxKeyBytes", maxKeyBytes, "1 or more");
  }
}
