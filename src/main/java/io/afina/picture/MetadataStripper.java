package io.afina.picture;

import io.afina.event.UnusableRecordException;
import io.afina.picture.format.BmpHeader;
import io.afina.picture.format.Jpeg2000Codestream;
import io.afina.picture.format.PngChunks;
import io.afina.picture.format.TiffDirectory;
import io.afina.picture.format.WebpChunks;

/**
 * Removes from a picture's file what a classifier has no use for and an attacker may have: texts,
 * thumbnails, metadata, colour profiles. Profiles go because the networks were trained without them
 * (PIL and torchvision ignore them), so applying one moves the embedding away from what the network
 * learned.
 */
final class MetadataStripper {

  private MetadataStripper() {}

  /** The same picture; the bytes themselves where there is nothing to leave out. */
  static byte[] strip(PictureFormat format, byte[] bytes) throws UnusableRecordException {
    return switch (format) {
      case JPEG -> JpegSegments.of(bytes).plain();
      case PNG -> PngChunks.plain(bytes);
      case BMP -> BmpHeader.plain(bytes);
      case WEBP -> WebpChunks.plain(bytes);
      case TIFF -> TiffDirectory.of(bytes).plain();
      case JPEG2000 -> Jpeg2000Codestream.of(bytes).bytes();
      case GIF -> bytes;
    };
  }
}
